"""Restrictions on cases (閲覧制限): proposed, approved by another person, in force on their days."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.canonical import sha256_of
from shared.approvals.tables import approval_values
from shared.approvals.two_people import Proposal
from shared.contracts.facts.decisions import RestrictionApproved, RestrictionProposed
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import (
    Lift,
    ProposeRestriction,
    RestrictionOnDay,
    Restrictions,
    RestrictionsOnDay,
    RestrictionView,
)
from shared.decisions.domain.restrictions import Restriction, holding
from shared.service_kit.clock import end_of
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS = tuple(Restriction.__dataclass_fields__)


def propose_restriction(
    work: UnitOfWork, tables: DecisionTables, case_no: str, body: ProposeRestriction
) -> RestrictionView:
    """Propose to shield the persons of a case, or to bar one of the staff from it.

    Raises:
        Problem: not-found; invalid-input.
    """
    _require_case(work, tables, case_no)
    if (body.kind == "barred") != (body.staff is not None):
        raise Problem("invalid-input", field="staff", detail="閲覧を禁じる職員は barred の場合だけ指定します")
    if body.to and body.to < body.from_:
        raise Problem("invalid-input", field="to", detail="終わりの日が始まりの日より前です")
    one = Restriction(uuid4(), case_no, body.kind, body.staff, body.from_, body.to, None)
    return _propose(work, tables, one, body.reason)


def propose_lift(
    work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID, body: Lift
) -> RestrictionView:
    """Propose to lift a restriction from a day on.

    Raises:
        Problem: not-found; wrong-state where it is not approved, or a lifting itself.
    """
    lifted = _get(work, tables, case_no, restriction_id)
    if lifted.state != "approved" or lifted.lifts:
        raise Problem("wrong-state", field="state", detail="決裁された制限だけを解除できます")
    one = Restriction(uuid4(), case_no, lifted.kind, lifted.staff, body.from_, None, restriction_id)
    return _propose(work, tables, one, body.reason)


def _propose(work: UnitOfWork, tables: DecisionTables, one: Restriction, reason: str) -> RestrictionView:
    sha256 = sha256_of([one.canonical_row()])
    row = {name: getattr(one, name) for name in _COLUMNS}
    work.session.execute(
        insert(tables.restrictions).values(
            **row, reason=reason, proposer=work.actor, proposed_at=work.clock.now(), sha256=sha256
        ),
    )
    fact = RestrictionProposed(restriction_id=one.restriction_id, kind=one.kind, lifts=one.lifts, sha256=sha256)
    work.fact(fact, subject=f"case:{one.case_no}")
    return _get(work, tables, one.case_no, one.restriction_id)


_LOCK = declare("decisions.restrictions")


def approve_restriction(
    work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID, named_sha256: str
) -> RestrictionView:
    """Put a restriction, or its lifting, in force; hashed anew from its row.

    Raises:
        Problem: not-found; wrong-state where it is approved; same-person; content-moved.
    """
    _LOCK.hold(work.session)
    view = _get(work, tables, case_no, restriction_id)
    if view.state != "proposed":
        raise Problem("wrong-state", field="state", detail="この制限は決裁が済んでいます")
    one = Restriction(**{name: getattr(view, name) for name in _COLUMNS})
    proposal = Proposal(view.proposer, view.sha256)
    approval = approve_by_hash(work, proposal, named_sha256, lambda: sha256_of([one.canonical_row()]))
    values = approval_values(approval, work.clock.now())
    work.session.execute(insert(tables.restriction_approvals).values(restriction_id=restriction_id, **values))
    days = {"from": one.valid_from, "to": one.valid_to}
    fact = RestrictionApproved(
        restriction_id=restriction_id, kind=one.kind, staff=one.staff, lifts=one.lifts, **days, **approval.people
    )
    work.fact(fact, subject=f"case:{case_no}")
    return _get(work, tables, case_no, restriction_id)


def look_at_restrictions(work: UnitOfWork, tables: DecisionTables, case_no: str, purpose: str) -> Restrictions:
    """All restrictions on a case, oldest first; the look is recorded.

    Raises:
        Problem: not-found.
    """
    _require_case(work, tables, case_no)
    work.look("restrictions", [f"case:{case_no}"], purpose)
    return Restrictions(items=_views(work, tables, case_no))


def restrictions_today(work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]) -> list[Restriction]:
    """The restrictions that hold on cases today."""
    one, approval = tables.restrictions, tables.restriction_approvals
    rows = work.session.execute(
        select(*(one.c[name] for name in _COLUMNS))
        .join(approval, approval.c.restriction_id == one.c.restriction_id)
        .where(one.c.case_no.in_(case_nos)),
    )
    return holding((Restriction(*row) for row in rows), work.clock.today())


def barred_to(work: UnitOfWork, tables: DecisionTables, actors: Collection[str]) -> set[str]:
    """The cases that are barred today to one of the persons: their own or a relative's (親族等)."""
    one, approval = tables.restrictions, tables.restriction_approvals
    rows = work.session.execute(
        select(*(one.c[name] for name in _COLUMNS))
        .join(approval, approval.c.restriction_id == one.c.restriction_id)
        .where(one.c.staff.in_([actor.removeprefix("person:") for actor in actors])),
    )
    return {held.case_no for held in holding((Restriction(*row) for row in rows), work.clock.today())}


def barred_drafts(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, actors: Collection[str]
) -> Sequence[Any]:
    """The determinations of an act, case and yen, that are barred today to one of the persons."""
    one, cases = tables.determinations, barred_to(work, tables, actors)
    if not cases:
        return []
    mine = (one.c.collective_id == collective_id) & one.c.case_no.in_(cases)
    return work.session.execute(select(one.c.case_no, one.c.yen).where(mine)).all()


def restrictions_on(work: UnitOfWork, tables: DecisionTables, day: date) -> RestrictionsOnDay:
    """Every restriction that held on a day, as known then and as known today; the look is recorded."""
    one, approval = tables.restrictions, tables.restriction_approvals
    rows = work.session.execute(
        select(one, approval.c.approver, approval.c.approved_at)
        .join(approval, approval.c.restriction_id == one.c.restriction_id)
        .order_by(one.c.case_no, one.c.number),
    ).all()
    known = [row for row in rows if row.approved_at <= end_of(day)]
    then, now = ({held.restriction_id for held in holding(map(_restriction, some), day)} for some in (known, rows))
    items = [
        RestrictionOnDay.model_validate(
            {**row._mapping, "known_then": row.restriction_id in then, "known_today": row.restriction_id in now}
        )
        for row in rows
        if row.restriction_id in then | now
    ]
    if items:
        work.look("restrictions", sorted({f"case:{item.case_no}" for item in items}), "review")
    return RestrictionsOnDay(items=items)


def _restriction(row: Any) -> Restriction:
    return Restriction(*(getattr(row, name) for name in _COLUMNS))


def _require_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> None:
    if not work.session.execute(select(tables.cases.c.case_no).where(tables.cases.c.case_no == case_no)).first():
        raise Problem("not-found", field="case_no")


def _get(work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID) -> RestrictionView:
    found = [one for one in _views(work, tables, case_no) if one.restriction_id == restriction_id]
    if not found:
        raise Problem("not-found", field="restriction_id")
    return found[0]


def _views(work: UnitOfWork, tables: DecisionTables, case_no: str) -> list[RestrictionView]:
    one, approval = tables.restrictions, tables.restriction_approvals
    rows: Any = work.session.execute(
        select(one, approval.c.approver, approval.c.approved_at)
        .outerjoin(approval, approval.c.restriction_id == one.c.restriction_id)
        .where(one.c.case_no == case_no)
        .order_by(one.c.number),
    )
    return [
        RestrictionView.model_validate({**row._mapping, "state": "approved" if row.approver else "proposed"})
        for row in rows
    ]
