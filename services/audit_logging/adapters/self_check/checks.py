"""Queries of the daily self-check."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from services.audit_logging.adapters.self_check.tables import self_check_results, self_checks
from services.audit_logging.domain.self_check.faults import Counted
from shared.service_kit.database.locks import declare

_LOCK = declare("audit_logging.self_check")
_COUNTED = text("""
SELECT coalesce(e.producer, c.producer) || '.' || coalesce(e.stream, c.stream) AS stream,
       coalesce(e.count, 0) AS count, coalesce(e.first, 1) AS first, coalesce(e.last, 0) AS last, c.number AS cursor,
       (SELECT coalesce(max(index) + 1, 0) FROM entries) AS size
  FROM (SELECT producer, stream, epoch, count(*), min(number) AS first, max(number) AS last
          FROM entries GROUP BY producer, stream, epoch) e
  FULL JOIN cursors c ON (c.producer, c.stream, c.epoch) = (e.producer, e.stream, e.epoch)
""")


def try_lock_checking(connection: Connection) -> bool:
    """Let one process at a time check; False while another does."""
    return _LOCK.try_to_hold(connection)


def newest_check(connection: Connection, today: date) -> Row[Any] | None:
    """The newest canary up to this day; one of a day to come, which a clock wrote that was ahead, waits for its day."""
    rows = select(self_checks).where(self_checks.c.day <= today).order_by(self_checks.c.day.desc())
    return connection.execute(rows.limit(1)).one_or_none()


def newest_result(connection: Connection, day: date | None = None) -> Row[Any] | None:
    """What came of the newest check, or of that of one day, in the order in which they were made; None before any."""
    rows = select(self_check_results).order_by(self_check_results.c.number.desc()).limit(1)
    return connection.execute(rows if day is None else rows.where(self_check_results.c.day == day)).one_or_none()


def last_good(connection: Connection) -> Row[Any] | None:
    """The newest check that found no fault."""
    good = select(self_check_results).where(func.cardinality(self_check_results.c.faults) == 0)
    return connection.execute(good.order_by(self_check_results.c.number.desc()).limit(1)).one_or_none()


def counted(connection: Connection) -> tuple[list[Counted], int]:
    """How many entries each stream has, and the size of the tree, in one snapshot with the cursors."""
    rows = connection.execute(_COUNTED).mappings().all()
    counts = [Counted(**{name: row[name] for name in row if name != "size"}) for row in rows]
    return counts, int(rows[0]["size"]) if rows else 0
