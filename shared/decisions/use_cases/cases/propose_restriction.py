"""Propose a restriction on a case (閲覧制限の起案), or to lift one; nothing is in force yet."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert

from shared.approvals.canonical import sha256_of
from shared.contracts.codes import RestrictionKind
from shared.contracts.facts.decisions import RestrictionProposed
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.restrictions import COLUMNS, RestrictionEntry, entry_of_case
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.restrictions import BARRED, Restriction
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def propose_restriction(
    work: UnitOfWork,
    tables: DecisionTables,
    case_no: str,
    *,
    kind: RestrictionKind,
    staff: str | None,
    first: date,
    last: date | None,
    reason: str,
) -> RestrictionEntry:
    """Propose to shield the persons of a case, or to bar one of the staff from it, on the days first to last.

    Raises:
        Problem: not-found; invalid-input.
    """
    require_case(work, tables, case_no)
    if (kind == BARRED) != (staff is not None):
        raise Problem("invalid-input", field="staff", detail="閲覧を禁じる職員は barred の場合だけ指定します")
    if last and last < first:
        raise Problem("invalid-input", field="to", detail="終わりの日が始まりの日より前です")
    return _propose(work, tables, Restriction(uuid4(), case_no, kind, staff, first, last, None), reason)


def propose_lift(
    work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID, *, first: date, reason: str
) -> RestrictionEntry:
    """Propose to lift a restriction from a day on.

    Raises:
        Problem: not-found; wrong-state where it is not approved, or a lifting itself.
    """
    lifted = entry_of_case(work, tables, case_no, restriction_id)
    if lifted.state != "approved" or lifted.lifts:
        raise Problem("wrong-state", field="state", detail="決裁された制限だけを解除できます")
    lift = Restriction(uuid4(), case_no, lifted.kind, lifted.staff, first, None, restriction_id)
    return _propose(work, tables, lift, reason)


def _propose(work: UnitOfWork, tables: DecisionTables, restriction: Restriction, reason: str) -> RestrictionEntry:
    sha256 = sha256_of([restriction.canonical_row()])
    row = {name: getattr(restriction, name) for name in COLUMNS}
    work.connection.execute(
        insert(tables.restrictions).values(
            **row, reason=reason, proposer=work.actor, proposed_at=work.clock.now(), sha256=sha256
        ),
    )
    event = RestrictionProposed(
        restriction_id=restriction.restriction_id, kind=restriction.kind, lifts=restriction.lifts, sha256=sha256
    )
    work.fact(event, subject=f"case:{restriction.case_no}")
    return entry_of_case(work, tables, restriction.case_no, restriction.restriction_id)
