"""Nothing in the log is changed or deleted: refused to the runtime role by right, and to the owner by trigger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from services.audit_logging.adapters.search.tables import passed_over
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import auditor, look
from tests.audit_logging.owner import as_owner

pytestmark = [pytest.mark.database, pytest.mark.dialect]

ROW = "now(), '2026-11-24', '', '', '', '', 'person:x', '', 0, ''"
CHANGES = [
    "UPDATE entries SET leaf = leaf",
    "DELETE FROM entries",
    "TRUNCATE entries CASCADE",
    "UPDATE tiles SET root = root",
    "DELETE FROM tiles",
    "TRUNCATE tiles",
    "UPDATE checkpoints SET note = note",
    "DELETE FROM checkpoints",
    "TRUNCATE checkpoints",
    "UPDATE openings SET value = value",
    "DELETE FROM openings",
    "TRUNCATE openings",
    "UPDATE progress SET next = 0",
    "DELETE FROM progress",
    "TRUNCATE progress CASCADE",
    "UPDATE passed_over SET reason = ''",
    "DELETE FROM passed_over",
    "TRUNCATE passed_over",
]


HIDINGS = [
    "UPDATE progress SET next = 303",
    "UPDATE progress SET next = 303 WHERE name = 'search'",
    "SELECT pass_entries('search', 303)",
    "SELECT pass_entries('search', 0)",
    "SELECT pass_entries('search', 999)",
    "SELECT pass_entries('review', 303)",
    "SELECT pass_entries('nothing', 303)",
    f"INSERT INTO search_entries SELECT 7, {ROW}",
    f"INSERT INTO search_entries SELECT 999, {ROW}",
    "INSERT INTO search_subjects VALUES ('case:00000001', 7)",
    "INSERT INTO passed_over VALUES ('search', 999, 'nothing', now())",
    "INSERT INTO finding_entries SELECT finding_id, 999 FROM findings",
    "INSERT INTO reviews SELECT gen_random_uuid(), finding_id, '{}', 'person:x', 'justified', 'sealed:AA', 7, now() "
    "FROM findings",
]
"""What would hide the looks that are told at the end, or an unusual one that is told later."""


@pytest.fixture
def filled(log: RunningService, make_facts: Callable[..., list[dict[str, Any]]]) -> RunningService:
    log.deliver("payments", make_facts(300))
    log.run_tasks()
    with log.work() as work:
        row = {"task": "search", "index": 7, "reason": "a test", "passed_at": log.clock.now()}
        work.connection.execute(insert(passed_over).values(**row))
    return log


@pytest.mark.parametrize("hiding", HIDINGS)
def test_the_login_of_the_running_service_hides_no_look_from_search_and_review(
    hiding: str, filled: RunningService
) -> None:
    at_night = "2026-11-24T14:00:00+00:00"
    filled.deliver("payments", [look(filled, "jiro", "case:00000001", time=at_night)], "looks")
    filled.run_tasks()
    filled.deliver("payments", [look(filled, "jiro", "case:00000001", time=at_night) for _ in range(2)], "looks")
    with pytest.raises(DBAPIError), filled.work() as work:
        work.connection.execute(text(hiding))
    filled.run_tasks()
    page = auditor(filled).get("/log/entries?purpose=review&staff=jiro").json
    assert [hit["index"] for hit in page["hits"]] == [302, 301, 300]
    (finding,) = auditor(filled).get("/log/findings?purpose=review&rule=night").json["items"]
    assert (finding["entries"], finding["open"]) == ([300, 301, 302], True)


def count(log: RunningService) -> list[int]:
    tables = ("entries", "tiles", "checkpoints", "openings")
    return [log.execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables]


@pytest.mark.parametrize("change", CHANGES)
def test_the_running_service_has_no_right_to(change: str, filled: RunningService) -> None:
    before = count(filled)
    with pytest.raises(ProgrammingError, match="permission denied"), filled.work() as work:
        work.connection.execute(text(change))
    assert count(filled) == before == [300, 1, 1, 900]


@pytest.mark.parametrize("change", CHANGES)
def test_even_the_owner_is_refused_to(change: str, filled: RunningService) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(filled, change)
    assert count(filled) == [300, 1, 1, 900]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "DROP TRIGGER entries_append_only ON entries",
        "DROP TABLE entries CASCADE",
        "ALTER ROLE CURRENT_USER SUPERUSER",
    ],
)
def test_the_running_service_cannot_take_the_guard_away(change: str, filled: RunningService) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied|must be superuser"),
        filled.work() as work,
    ):
        work.connection.execute(text(change))
