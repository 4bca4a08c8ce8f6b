"""A short tamper campaign over a real, published and witnessed log; the long one is `python -m tests.faults.tamper`."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log
from shared.service_kit.testing import Services
from tests.faults.published import STEPS, publish_log_of_a_month
from tests.faults.tamper import KINDS, campaign

pytestmark = pytest.mark.database


def test_every_mutation_is_found_and_named_and_the_log_itself_holds(services: Services, tmp_path: Path) -> None:
    log = publish_log_of_a_month(services, tmp_path)
    summary = campaign(log, runs=72, seed=20261124, home=tmp_path / "runs")
    assert summary["failures"] == []
    assert summary["by_attack"] == dict.fromkeys(sorted(KINDS), 6)
    key, witness = (
        parse_key((log.state / name).read_text(), kind) for name, kind in (("log.pub", 1), ("witness.pub", WITNESS))
    )
    assert verify_log(log.folder, key, log.state / "kept", witness).checkpoint.size == STEPS[-1]
