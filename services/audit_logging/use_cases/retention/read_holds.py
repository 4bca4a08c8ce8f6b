"""The holds that stop deletion, as people see them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping

from services.audit_logging.adapters.retention.holds import hold_rows
from services.audit_logging.adapters.retention.tables import holds
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Hold:
    """A hold (保全): what it covers, who placed it, and who ended it."""

    hold_id: UUID
    reason: str
    subjects: list[str]
    first_day: date | None
    last_day: date | None
    placed_by: str
    placed_at: datetime
    ended_by: str | None
    ended_at: datetime | None


def read_holds(work: UnitOfWork, purpose: str) -> list[Hold]:
    """All holds, the ended ones too; the look is recorded."""
    rows = hold_rows().order_by(holds.c.placed_at.desc(), holds.c.hold_id)
    listed = [
        Hold(**{field.name: row[field.name] for field in fields(Hold)})
        for row in work.connection.execute(rows).mappings()
    ]
    work.look("holds", sorted({subject for hold in listed for subject in hold.subjects}), purpose)
    return listed


def get_hold(work: UnitOfWork, hold_id: UUID) -> Hold:
    """One hold.

    Raises:
        Problem: not-found.
    """
    row = work.connection.execute(hold_rows().where(holds.c.hold_id == hold_id)).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="hold_id")
    return _hold(row)


def _hold(row: RowMapping) -> Hold:
    return Hold(**{field.name: row[field.name] for field in fields(Hold)})
