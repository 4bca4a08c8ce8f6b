"""Looks at a case and its determinations, each recorded with its purpose before the answer (閲覧)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from shared.contracts.assistance import Programme
from shared.decisions.adapters.circumstances import circumstances_known, known_on
from shared.decisions.adapters.determinations import Stored, stored
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import CaseView, Determinations, DeterminationView, LineView, LookQuery, MemberView
from shared.decisions.domain.circumstances import CHARGE
from shared.money_and_time.months import month_of
from shared.service_kit.clock import end_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def asked_instant(query: LookQuery) -> datetime | None:
    """The end of the day that the query names, in Tokyo; None where it names none and asks for all that is known.

    Raises:
        Problem: invalid-input where there is no such day.
    """
    if query.known_on is None:
        return None
    try:
        return end_of(date.fromisoformat(query.known_on))
    except (ValueError, OverflowError):
        raise Problem("invalid-input", field="known_on", detail="暦にない日です") from None


def look_at_case(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, case_no: str, query: LookQuery
) -> CaseView:
    """A case as of a month (the current one unless named), as known on a day. The look names every member.

    Raises:
        Problem: not-found where nothing was known of it.
    """
    month = query.month or month_of(work.clock.today())
    known = circumstances_known(work, tables, month, known_on(tables, asked_instant(query)), case_no, case_no)
    if all(one.fact == CHARGE for one in known):
        raise Problem("not-found", field="case_no")
    members: dict[str, dict[str, Any]] = {}
    facts: dict[str, Any] = {}
    for one in known:
        holder = facts if one.person_no is None else members.setdefault(one.person_no, {})
        holder.update(one.data)
    subjects = [f"case:{case_no}", *(f"person:{person_no}" for person_no in sorted(members))]
    work.look("case", subjects, query.purpose)
    return CaseView(
        case_no=case_no,
        programme=programme,
        month=month,
        facts=facts,
        members=[MemberView(person_no=person_no, facts=own) for person_no, own in members.items()],
    )


def look_at_determinations(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, case_no: str, query: LookQuery
) -> Determinations:
    """A case's determinations of a month (all months unless named) as known on a day, newest first, with lines.

    The look names every person of a line or cover.

    Raises:
        Problem: not-found where there is no such case.
    """
    if not work.session.execute(select(tables.cases.c.case_no).where(tables.cases.c.case_no == case_no)).first():
        raise Problem("not-found", field="case_no")
    at, one = asked_instant(query), tables.determinations
    where = one.c.case_no == case_no
    if at:
        where &= one.c.drafted_at <= at
    if query.month:
        where &= one.c.month == query.month
    found = stored(work, tables, where)
    approvals = _approvals(work, tables, case_no, at)
    replaced_by = {one.replaces: one.determination_id for one in found if one.determination_id in approvals}
    persons = sorted({person_no for one in found for person_no in one.draft.persons})
    work.look("determinations", [f"case:{case_no}", *(f"person:{one}" for one in persons)], query.purpose)
    found.sort(key=lambda one: (one.draft.month, one.act), reverse=True)
    items = [_view(one, approvals.get(one.determination_id), replaced_by.get(one.determination_id)) for one in found]
    return Determinations(case_no=case_no, programme=programme, items=items)


def _approvals(work: UnitOfWork, tables: DecisionTables, case_no: str, at: datetime | None) -> dict[Any, Any]:
    table = tables.determination_approvals
    where = table.c.case_no == case_no
    if at:
        where &= table.c.approved_at <= at
    rows = work.session.execute(select(table).where(where))
    return {row.determination_id: row for row in rows}


def _view(one: Stored, approval: Any, replaced_by: Any) -> DeterminationView:
    draft = one.draft
    return DeterminationView(
        determination_id=one.determination_id,
        collective_id=one.collective_id,
        state="approved" if approval else "lapsed" if one.is_over else "proposed",
        month=draft.month,
        standards=draft.standards,
        kinds=dict(draft.kinds),
        yen=draft.yen,
        lines=[
            LineView(
                kind=line.kind,
                member=line.member,
                yen=line.yen,
                basis=line.basis,
                inputs=line.inputs,
                trust=line.trust,
            )
            for line in draft.lines
        ],
        warnings=list(draft.warnings),
        replaces=one.replaces,
        replaced_by=replaced_by,
        proposer=one.proposer,
        approver=approval.approver if approval else None,
        drafted_at=one.drafted_at,
        approved_at=approval.approved_at if approval else None,
    )
