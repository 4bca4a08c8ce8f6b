"""Queries of deletions: what falls under one, what went, and how long things are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, RowMapping, Select, Table, func, insert, select, text

from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.retention.tables import (
    deleted_entries,
    deletion_approvals,
    deletion_notices,
    deletions,
)
from services.audit_logging.domain.states import DELETION, DeletionState
from shared.approvals.canonical import canonical
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.retention.expiry import months_of

TOKYO = ZoneInfo("Asia/Tokyo")
_LOCK = declare("audit_logging.deletion")
_DELETABLE = text("SELECT index, leaf_hash FROM deletable(:kind, :before, :first, :last) ORDER BY index LIMIT :most")
_AFTER = text(
    "SELECT CAST(timezone('Asia/Tokyo', CAST(:at AS timestamptz) + make_interval(months => :months)) AS date)"
)
BATCH = 10_000
MOST = 200_000
"""Entries that one deletion covers at most: they are hashed while the proposer waits, some seconds."""


@dataclass(frozen=True)
class Covered:
    """Entries under a deletion: first and last index, how many, and the SHA-256 of the act and their canonical rows."""

    first: int
    last: int
    count: int
    sha256: str


_ROWS: Final[Mapping[DeletionState, Table]] = {
    "proposed": deletions,
    "approved": deletion_approvals,
    "deleted": deletion_notices,
}
"""The row by which a deletion comes to a state."""


def move_deletion(connection: Connection, to: DeletionState, row: Mapping[str, Any]) -> None:
    """Write the row by which a deletion comes to a state. Nothing else writes these rows.

    Raises:
        Problem: wrong-state where the state that it is in does not lead there.
    """
    if to not in DELETION[state_of(connection, row["deletion_id"])]:
        raise Problem("wrong-state", field="state", detail="この削除は、その段階ではありません")
    connection.execute(insert(_ROWS[to]).values(**row))


def state_of(connection: Connection, deletion_id: UUID) -> DeletionState | None:
    """The state of a deletion; None before it is proposed."""
    row = connection.execute(deletion_rows().where(deletions.c.deletion_id == deletion_id)).mappings().one_or_none()
    return deletion_state(row) if row else None


def deletion_state(row: RowMapping) -> DeletionState:
    """The state of a deletion by its row of `deletion_rows`."""
    return "deleted" if row["fact_id"] else "approved" if row["approver"] else "proposed"


def lock_deletions(connection: Connection) -> None:
    """One at a time: approvals, chunks and holds, so that each sees the others whole."""
    _LOCK.hold(connection)


def day_of(at: datetime) -> date:
    """The Asia/Tokyo day of an instant."""
    return at.astimezone(TOKYO).date()


def midnight(day: date) -> datetime:
    """The instant at which the day begins in Asia/Tokyo."""
    return datetime.combine(day, time(), TOKYO)


def latest_day(connection: Connection, kind: str) -> date | None:
    """Entries taken before this Asia/Tokyo day have outlived the period of their class, by the database's clock.

    None where that clock is not believed: it jumped ahead.
    """
    cutoff: datetime | None = connection.execute(select(func.cutoff(kind))).scalar_one()
    return day_of(cutoff) if cutoff else None


def months_after(connection: Connection, at: datetime, kept: str) -> date | None:
    """The last Asia/Tokyo day on which a copy of that time is kept; None until the office sets its period."""
    months = months_of(connection, kept)
    if months is None:
        return None
    last_day: date = connection.execute(_AFTER, {"at": at, "months": months}).scalar_one()
    return last_day


def covered(
    connection: Connection, deletion_id: UUID, kind: str, before: datetime, first: int, last: int
) -> Covered | None:
    """What may be deleted now of a class, taken before an instant, between two indexes; None where nothing may.

    Its hash names the deletion: two of the same entries have two, and what is confirmed for one serves for no other.
    Of more than MOST, one more than MOST is given.
    """
    values = {"kind": kind, "before": before, "first": first, "last": last, "most": MOST + 1}
    return _covered(deletion_id, connection.execute(_DELETABLE, values, execution_options={"yield_per": BATCH}))


def gone(connection: Connection, deletion_id: UUID) -> Covered | None:
    """What a deletion has deleted so far; None where nothing is gone."""
    rows = (
        select(entries.c.index, entries.c.leaf_hash)
        .join(deleted_entries, deleted_entries.c.index == entries.c.index)
        .where(deleted_entries.c.deletion_id == deletion_id)
        .order_by(entries.c.index)
    )
    return _covered(deletion_id, connection.execute(rows, execution_options={"yield_per": BATCH}))


def named(deletion_id: UUID) -> hashlib._Hash:
    """What the hash of a deletion begins with."""
    return hashlib.sha256(canonical(("deletion", str(deletion_id))))


def _covered(deletion_id: UUID, rows: Iterable[Row[Any]]) -> Covered | None:
    digest, first, last, count = named(deletion_id), 0, 0, 0
    for last, leaf_hash in rows:
        first = first if count else last
        count += 1
        digest.update(canonical((last, bytes(leaf_hash).hex())))
    return Covered(first, last, count, digest.hexdigest()) if count else None


def deletion_rows() -> Select[Any]:
    """Deletions with approval and notice, newest first."""
    approved, notice = deletion_approvals, deletion_notices
    noticed = {"gone": notice.c.count, "held": notice.c.held, "gone_sha256": notice.c.sha256}
    return (
        select(
            deletions,
            approved.c.approver,
            approved.c.approved_at,
            *(column.label(name) for name, column in noticed.items()),
            *(notice.c[name] for name in ("fact_id", "events_until", "backups_until", "told_at")),
        )
        .outerjoin(approved, approved.c.deletion_id == deletions.c.deletion_id)
        .outerjoin(notice, notice.c.deletion_id == deletions.c.deletion_id)
        .order_by(deletions.c.proposed_at.desc(), deletions.c.deletion_id)
    )
