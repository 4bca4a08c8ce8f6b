"""The holds that stop deletion, as people see them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.audit_logging.adapters.retention.holds import hold_rows
from services.audit_logging.adapters.retention.tables import holds
from services.audit_logging.use_cases.questions import CODE
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


class HoldsQuery(BaseModel):
    """Why somebody looks: holds name residents and cases."""

    purpose: str = Field(pattern=CODE)


class HoldView(BaseModel):
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


class Holds(BaseModel):
    """Holds, newest first."""

    items: list[HoldView]


def read_holds(work: UnitOfWork, query: HoldsQuery) -> Holds:
    """All holds, the ended ones too; the look is recorded."""
    rows = hold_rows().order_by(holds.c.placed_at.desc(), holds.c.hold_id)
    items = [HoldView.model_validate(row) for row in work.session.execute(rows).mappings()]
    work.look("holds", sorted({subject for one in items for subject in one.subjects}), query.purpose)
    return Holds(items=items)


def get_hold(work: UnitOfWork, hold_id: UUID) -> HoldView:
    """One hold.

    Raises:
        Problem: not-found.
    """
    row = work.session.execute(hold_rows().where(holds.c.hold_id == hold_id)).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="hold_id")
    return HoldView.model_validate(row)
