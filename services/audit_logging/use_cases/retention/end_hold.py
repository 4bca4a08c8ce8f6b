"""End a hold, by another person than who placed it."""

from __future__ import annotations

from uuid import UUID

from services.audit_logging.adapters.retention.deletions import lock_deletions
from services.audit_logging.adapters.retention.holds import move_hold
from services.audit_logging.use_cases.retention.read_holds import Hold, get_hold
from shared.contracts.facts.audit_logging import HoldEnded
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def end_hold(work: UnitOfWork, hold_id: UUID, reason: str) -> Hold:
    """End it. The reason is a code of the office.

    Raises:
        Problem: not-found; wrong-state where it has ended; same-person.
    """
    lock_deletions(work.connection)
    hold = get_hold(work, hold_id)
    if hold.placed_by == work.actor and not hold.ended_by:
        raise Problem("same-person", field="ended_by", detail="保全を始めた人は終わらせられません")
    row = {"hold_id": hold_id, "placed_by": hold.placed_by, "ended_by": work.actor, "reason": reason}
    move_hold(work.connection, "ended", {**row, "ended_at": work.clock.now()})
    work.fact(HoldEnded(hold_id=hold_id, reason=reason), subject=f"hold:{hold_id}")
    return get_hold(work, hold_id)
