"""The fault campaign, briefly: each kind of process killed and the parent too; the same files, ledger, invariants."""

from pathlib import Path

import pytest

from infra.one_machine.ward.ward_input import WardInput
from tests.faults.campaign import Plan, campaign
from tests.faults.faults import FAULTS
from tests.faults.months import MONTHS, Outcome

pytestmark = pytest.mark.stack
SEEDS = tuple(range(4))
"""The first faults of the campaign, one of each; `./kurashi faults` is the long one."""
PAID = MONTHS[: len(SEEDS)]


def test_whatever_is_killed_the_month_comes_to_the_same(
    tmp_path: Path, ward: WardInput, reference: dict[str, Outcome]
) -> None:
    report = campaign(SEEDS, tmp_path, ward, reference)
    assert not report.failures
    assert (report.runs, report.lost_yen, report.doubled_yen) == (len(SEEDS), 0, 0)
    assert set(report.survived) == set(tuple(FAULTS)[: len(SEEDS)])


def test_a_run_is_drawn_from_its_seed_alone_and_seeds_go_through_all_faults() -> None:
    assert Plan.of(7) == Plan.of(7)
    assert {Plan.of(seed).name for seed in range(len(FAULTS))} == set(FAULTS)
