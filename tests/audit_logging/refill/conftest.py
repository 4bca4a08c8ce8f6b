"""A log of three days, restored to the end of the first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.audit_logging.app import service
from shared.service_kit.testing import Services
from tests.audit_logging.refill.restored_office import MORNING, Office


@pytest.fixture(scope="module")
def lived(services_of_file: Services, admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A log of three days; its database was backed up after the first."""
    home = tmp_path_factory.mktemp("lived")
    office = Office(services_of_file.open(service), admin_url, home / "audit", home / "witness")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KURASHI_PUBLISH_DIR", str(office.folder))
        office.log.clock.set(today=date(2026, 11, 24), now=MORNING)
        office.a_day(1, 300)
        office.back_up()
        office.a_day(301, 400)
        office.a_day(701, 100)
    office.leaves = office.entries()
    assert office.holds() == len(office.leaves) == 812
    yield office
    for name in ("backup", "later"):
        office.admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{office.database}_{name}")


@pytest.fixture
def office(lived: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its database is lost, and restored to the end of the first day; two days are published alone."""
    folder, state = (Path(shutil.copytree(kept, tmp_path / kept.name)) for kept in (lived.folder, lived.state))
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(folder))
    lived.log.clock.set(today=date(2026, 11, 24), now=MORNING)
    produced = {stream: [*facts] for stream, facts in lived.produced.items()}
    office = replace(lived, folder=folder, state=state, produced=produced)
    office.restore()
    return office
