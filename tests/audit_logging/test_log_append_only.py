"""Nothing in the log is changed or deleted: refused to the runtime role by right, and to the owner by trigger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.service_kit.testing import Room
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database

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
]


@pytest.fixture
def filled(log: Room, told: Callable[..., list[dict[str, Any]]]) -> Room:
    log.deliver("payments", told(300))
    log.run_tasks()
    return log


def count(log: Room) -> list[int]:
    tables = ("entries", "tiles", "checkpoints", "openings")
    return [log.execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables]


@pytest.mark.parametrize("change", CHANGES)
def test_the_running_service_has_no_right_to(change: str, filled: Room) -> None:
    before = count(filled)
    with pytest.raises(ProgrammingError, match="permission denied"), filled.work() as work:
        work.session.execute(text(change))
    assert count(filled) == before == [300, 1, 1, 900]


@pytest.mark.parametrize("change", CHANGES)
def test_even_the_owner_is_refused_to(change: str, filled: Room) -> None:
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
def test_the_running_service_cannot_take_the_guard_away(change: str, filled: Room) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied|must be superuser"),
        filled.work() as work,
    ):
        work.session.execute(text(change))
