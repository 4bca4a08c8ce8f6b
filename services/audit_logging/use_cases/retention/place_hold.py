"""Place a hold (保全): nothing that it covers is deleted from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from services.audit_logging.adapters.retention.deletions import lock_deletions
from services.audit_logging.adapters.retention.holds import move_hold
from services.audit_logging.use_cases.retention.read_holds import Hold, get_hold
from shared.contracts.facts.audit_logging import HoldPlaced
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def place_hold(
    work: UnitOfWork, reason: str, subjects: Sequence[str], first_day: date | None, last_day: date | None
) -> Hold:
    """Place it at once, by one person: to keep is safe. A deletion at work stops before what it covers.

    Raises:
        Problem: invalid-input where the last day is before the first.
    """
    if first_day and last_day and last_day < first_day:
        raise Problem("invalid-input", field="last_day", detail="終わりの日が始まりの日より前です")
    lock_deletions(work.connection)
    days = {"first_day": first_day, "last_day": last_day}
    row: dict[str, Any] = {"hold_id": uuid4(), "reason": reason, "subjects": sorted(set(subjects)), **days}
    move_hold(work.connection, "placed", {**row, "placed_by": work.actor, "placed_at": work.clock.now()})
    work.fact(HoldPlaced(**row), subject=f"hold:{row['hold_id']}")
    return get_hold(work, row["hold_id"])
