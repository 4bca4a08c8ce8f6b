"""Read restrictions (閲覧制限): those on a case, and those of the office that held on a day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shared.contracts.codes import RestrictionKind
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.restrictions import RestrictionEntry, entries_of_case, restriction_of
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.restrictions import holding
from shared.service_kit.clock import end_of
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RestrictionHeld:
    """A restriction that held on a day: by whom, whether the office knew it by the end of the day, and knows it now."""

    case_no: str
    kind: RestrictionKind
    staff: str | None
    valid_from: date
    valid_to: date | None
    proposer: str
    approver: str
    known_then: bool
    known_today: bool


def read_restrictions(work: UnitOfWork, tables: DecisionTables, case_no: str, purpose: str) -> list[RestrictionEntry]:
    """Return all restrictions on a case, oldest first; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, tables, case_no)
    work.look("restrictions", [f"case:{case_no}"], purpose)
    return entries_of_case(work, tables, case_no)


def restrictions_on(work: UnitOfWork, tables: DecisionTables, day: date) -> list[RestrictionHeld]:
    """Return every restriction that held on a day, as known then and as known today; the look is recorded."""
    restrictions, approval = tables.restrictions, tables.restriction_approvals
    rows = work.connection.execute(
        select(restrictions, approval.c.approver, approval.c.approved_at)
        .join(approval, approval.c.restriction_id == restrictions.c.restriction_id)
        .order_by(restrictions.c.case_no, restrictions.c.number),
    ).all()
    known = [row for row in rows if row.approved_at <= end_of(day)]
    then, now = ({held.restriction_id for held in holding(map(restriction_of, some), day)} for some in (known, rows))
    held = [
        RestrictionHeld(
            row.case_no,
            row.kind,
            row.staff,
            row.valid_from,
            row.valid_to,
            row.proposer,
            row.approver,
            known_then=row.restriction_id in then,
            known_today=row.restriction_id in now,
        )
        for row in rows
        if row.restriction_id in then | now
    ]
    if held:
        work.look("restrictions", sorted({f"case:{restriction.case_no}" for restriction in held}), "review")
    return held
