"""The deletions of openings, as people see them: proposed, approved, done, with their notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import RowMapping

from services.audit_logging.adapters.retention.deletions import day_of, deletion_rows, deletion_state, midnight
from services.audit_logging.adapters.retention.tables import deletion_notices, deletions
from services.audit_logging.domain.states import DeletionState
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Kind = Literal["looks", "facts"]
EXPIRED = "保存期間満了により削除"


@dataclass(frozen=True)
class Notice:
    """What went: entries whose openings are deleted, those held back, and when the last clear copies go.

    `fact_id` names the entry of the log that says so; `sha256` is that of the deletion and the canonical
    rows of what went.
    """

    fact_id: UUID
    count: int
    held: int
    sha256: str
    events_until: date | None
    backups_until: date | None
    told_at: datetime


@dataclass(frozen=True)
class Deletion:
    """A deletion of openings: of which class, taken before which Asia/Tokyo day, and what an approval has to name."""

    deletion_id: UUID
    state: DeletionState
    kind: Kind
    before: date
    months: int
    first: int
    last: int
    count: int
    sha256: str
    proposer: str
    proposed_at: datetime
    approver: str | None
    approved_at: datetime | None
    notice: Notice | None


@dataclass(frozen=True)
class Deleted:
    """Why entries cannot be read any more, where a reader meets them."""

    deletion_id: UUID
    kind: Kind
    before: date
    count: int
    notice: UUID


def read_deletions(work: UnitOfWork) -> list[Deletion]:
    """All deletions; they name no person but who proposed and approved."""
    return [_deletion(row) for row in work.connection.execute(deletion_rows()).mappings()]


def get_deletion(work: UnitOfWork, deletion_id: UUID) -> Deletion:
    """One deletion.

    Raises:
        Problem: not-found.
    """
    rows = deletion_rows().where(deletions.c.deletion_id == deletion_id)
    row = work.connection.execute(rows).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="deletion_id")
    return _deletion(row)


def deleted_since(work: UnitOfWork, first_day: date | None) -> list[Deleted]:
    """The notices of deletions that reach into days from `first_day` on; all where it is None."""
    rows = deletion_rows().where(deletion_notices.c.fact_id.is_not(None), deletion_notices.c.count > 0)
    if first_day:
        rows = rows.where(deletions.c.before > midnight(first_day))
    return as_deleted(work.connection.execute(rows).mappings().all())


def as_deleted(rows: Sequence[RowMapping]) -> list[Deleted]:
    """Deletions as a reader of entries meets them."""
    return [
        Deleted(
            deletion_id=row["deletion_id"],
            kind=row["kind"],
            before=day_of(row["before"]),
            count=row["gone"],
            notice=row["fact_id"],
        )
        for row in rows
    ]


def _deletion(row: RowMapping) -> Deletion:
    state = deletion_state(row)
    notice: dict[str, Any] = {**row, "count": row["gone"], "sha256": row["gone_sha256"]}
    published = Notice(**{field.name: notice[field.name] for field in fields(Notice)}) if state == "deleted" else None
    shown = {**row, "before": day_of(row["before"]), "state": state, "notice": published}
    return Deletion(**{field.name: shown[field.name] for field in fields(Deletion)})
