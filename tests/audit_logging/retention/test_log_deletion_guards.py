"""Nobody deletes past an approved deletion: not the service, not the owner of its database, not a wrong clock."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.audit_logging.worker import delete
from shared.service_kit.testing import RunningService
from tests.audit_logging.owner import as_owner
from tests.audit_logging.retention.retention_office import (
    TWO,
    approve,
    hold,
    opened,
    propose,
)

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM openings",
        "DELETE FROM openings WHERE entry_index = 0",
        "TRUNCATE openings",
        "INSERT INTO deleted_entries SELECT 3, deletion_id FROM deletion_approvals",
        "INSERT INTO deleted_entries SELECT 5, deletion_id FROM deletion_approvals",
        "DELETE FROM deleted_entries",
        "UPDATE deletions SET last = 6",
        "DELETE FROM holds",
    ],
)
def test_nothing_goes_past_the_door_for_the_service_or_for_the_owner(office: RunningService, statement: str) -> None:
    hold(office, subjects=[TWO])
    approve(office, propose(office).json)
    with pytest.raises(ProgrammingError, match="permission denied"), office.work() as work:
        work.connection.execute(text(statement))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(office, statement)
    assert opened(office) == [0, 1, 2, 3, 4, 5, 6]


def test_the_door_opens_for_an_approved_deletion_alone(office: RunningService) -> None:
    proposed = propose(office).json
    for deletion_id in (proposed["deletion_id"], str(uuid4())):
        assert office.execute("SELECT delete_openings(CAST(:id AS uuid), 0, 100)", id=deletion_id)[0][0] == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(office, "UPDATE entries SET appended_at = '2000-01-01'")
    assert opened(office) == [0, 1, 2, 3, 4, 5, 6]


def test_even_an_approval_by_two_invented_people_deletes_nothing_within_the_period(office: RunningService) -> None:
    """The runtime role may write approvals; the period is the owner's, and the clock the database's own."""
    forged = uuid4()
    office.clock.set(now=datetime(2099, 1, 1, tzinfo=UTC))
    office.execute(
        "INSERT INTO deletions VALUES (:id, 'looks', '2099-01-01', 0, 0, 100, 7, 'x', 'person:a', now())", id=forged
    )
    office.execute("INSERT INTO deletion_approvals VALUES (:id, 'x', 'person:a', 'person:b', now())", id=forged)
    assert office.execute("SELECT delete_openings(:id, 0, 100)", id=forged)[0][0] == 3
    assert opened(office) == [3, 4, 5, 6]


def test_nothing_is_deleted_by_a_clock_that_jumped_ahead(office: RunningService) -> None:
    proposed = propose(office).json
    assert approve(office, proposed).status_code == 200
    before = opened(office)
    as_owner(office, "UPDATE clock_days SET day = day - 400")
    delete(office.runtime)
    assert opened(office) == before
    refused = propose(office)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/within-retention")
