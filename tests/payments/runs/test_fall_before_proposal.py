"""An entitlement falls while its run is still being ordered: who proposes the run waits until that is taken back."""

from uuid import UUID

import pytest

from services.payments.adapters.runs.run_rows import locked_run
from services.payments.domain.run import STATES
from shared.service_kit.testing.at_once import at_once
from tests.payments.office import Office

pytestmark = pytest.mark.database


def lock(office: Office, run_id: str) -> None:
    with office.running.work() as work:
        locked_run(work, UUID(run_id), *STATES)


def test_a_run_that_is_not_proposed_yet_waits_too_while_its_orders_are_withdrawn(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = str(office.proposed()["run_id"])
    office.running.execute("UPDATE runs SET state = 'ordering', sha256 = NULL, proposed_at = NULL")
    fall = office.determined("00000001", {"livelihood": 60_000})
    assert at_once(office.running.runtime.engine, lambda: office.tell(fall), lambda: lock(office, run_id)).waited
    assert office.due("00000001") == (60_000, 60_000, 0, 0)
