"""A run whose file is to be made, and one whose file was made."""

from typing import Any

import pytest

from tests.payments.files.treasurers_folder import PA
from tests.payments.office import Office


@pytest.fixture
def accepted(office: Office) -> dict[str, Any]:
    """A run of one programme whose file is to be made."""
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    run = office.approve(office.proposed())
    office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    return run


@pytest.fixture
def paid(office: Office, accepted: dict[str, Any]) -> dict[str, Any]:
    office.running.run_tasks()
    return office.run(accepted["run_id"])
