"""Place a hold (保全): nothing that it covers is deleted from now on."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import uuid4

from pydantic import BaseModel, Field

from services.audit_logging.adapters.retention.deletions import lock_deletions
from services.audit_logging.adapters.retention.holds import move_hold
from services.audit_logging.use_cases.questions import CODE
from services.audit_logging.use_cases.retention.read_holds import HoldView, get_hold
from shared.contracts.facts.audit_logging import HoldPlaced
from shared.service_kit.identity.claims import STAFF_ID
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Subject = Annotated[str, Field(pattern=rf"^((case|person|run):[A-Za-z0-9._-]{{1,60}}|staff:{STAFF_ID})$")]


class PlaceHold(BaseModel):
    """Why (a code of the office, like `appeal` for 審査請求), of whom or what, on which days of acts (Asia/Tokyo).

    All that is given has to hold; without subjects and days it covers everything.
    """

    reason: str = Field(pattern=CODE)
    subjects: list[Subject] = Field([], max_length=100)
    first_day: date | None = None
    last_day: date | None = None


def place_hold(work: UnitOfWork, body: PlaceHold) -> HoldView:
    """Place it at once, by one person: to keep is safe. A deletion at work stops before what it covers.

    Raises:
        Problem: invalid-input where the last day is before the first.
    """
    if body.first_day and body.last_day and body.last_day < body.first_day:
        raise Problem("invalid-input", field="last_day", detail="終わりの日が始まりの日より前です")
    lock_deletions(work.session)
    row = {**body.model_dump(), "hold_id": uuid4(), "subjects": sorted(set(body.subjects))}
    move_hold(work.session, "placed", {**row, "placed_by": work.actor, "placed_at": work.clock.now()})
    work.fact(HoldPlaced(**row), subject=f"hold:{row['hold_id']}")
    return get_hold(work, row["hold_id"])
