"""How far index and review have come, and what they had to pass over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, RowMapping, func, insert, select, text

from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.search.tables import passed_over, progress
from shared.service_kit.observability.logs import log
from shared.service_kit.subscriptions.parking import attempt
from shared.service_kit.unit_of_work import UnitOfWork

SEARCH: Final = "search"
REVIEW: Final = "review"
_MISSING = text("""
SELECT (SELECT next FROM progress WHERE name = 'search')
     - (SELECT count(*) FROM search_entries)
     - (SELECT count(*) FROM passed_over WHERE task = 'search')
     - (SELECT count(*) FROM deleted_entries)
     - (SELECT coalesce(sum(least(last, next - 1) - first + 1), 0)
          FROM refills, progress WHERE name = 'search' AND first < next)
""")


def next_of(connection: Connection, task: str) -> int | None:
    """Where this task goes on, held until the transaction is over; None while another process holds it."""
    next_index: int | None = connection.scalar(select(func.hold_progress(task)))
    return next_index


def come_to(connection: Connection, task: str) -> int:
    """How many entries the task has passed."""
    return int(connection.execute(select(progress.c.next).where(progress.c.name == task)).scalar_one())


def pass_entries(connection: Connection, task: str, end: int) -> None:
    """Let the task go on from `end`; the database refuses where an entry before it was left out."""
    connection.execute(select(func.pass_entries(task, end)))


def each_or_passed_over(work: UnitOfWork, task: str, first: int, end: int, do: Callable[[int, int], None]) -> None:
    """Do it with the entries from `first` until before `end` at once, or else one by one past those that fail.

    Raises:
        Exception: a fault that passes; all of it is tried again.
    """
    if not attempt(work, partial(do, first, end)):
        return
    for index in range(first, end):
        if reason := attempt(work, partial(do, index, index + 1)):
            row = {"task": task, "index": index, "reason": reason, "passed_at": work.clock.now()}
            work.connection.execute(insert(passed_over).values(**row))
            log().error("log.passed_over", task=task, index=index, why=reason)


def what_was_passed_over(connection: Connection, most: int) -> list[RowMapping]:
    """Entries that a task could not read, newest first."""
    rows = select(passed_over).order_by(passed_over.c.index.desc(), passed_over.c.task).limit(most)
    return list(connection.execute(rows).mappings())


def passed_over_count(connection: Connection) -> int:
    """How many they are."""
    return int(connection.scalar(select(func.count()).select_from(passed_over)) or 0)


def passed_over_below(connection: Connection, task: str, end: int) -> int:
    """How many of the entries below `end` a task could not read."""
    below = passed_over.c.task == task, passed_over.c.index < end
    return int(connection.scalar(select(func.count()).select_from(passed_over).where(*below)) or 0)


def missing_from_index(connection: Connection) -> int:
    """How many entries should be in the index by its own progress and are not (below 0: are too many); all counted."""
    return int(connection.execute(_MISSING).scalar_one())


def waits_since(connection: Connection, task: str) -> datetime | None:
    """When the oldest entry was appended that the task has not come to; None where there is none."""
    since: datetime | None = connection.scalar(
        select(entries.c.appended_at).where(entries.c.index == come_to(connection, task))
    )
    return since
