"""A collective determination as it is shown: how far it is, what it comes to, and whom it cannot determine."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from shared.decisions.adapters.acts import MISSING
from shared.decisions.adapters.determinations import is_over
from shared.decisions.adapters.population import undetermined_cases
from shared.decisions.adapters.restrictions import barred_drafts, barred_to
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.tallies import cut_out, tallies
from shared.decisions.api.schemas import Collectives, CollectivesQuery, CollectiveView, RefusedCase
from shared.decisions.domain.outlier import outlies
from shared.decisions.use_cases.collectives.carry_out_approval import APPROVE
from shared.decisions.use_cases.collectives.draft_collective import DETERMINE
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

OPEN: Final = frozenset({"drafting", "proposed", "approving", "failed"})
_PERSON_NO: Final = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")
"""A person number in the field or the words of a refusal."""


def get_collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> CollectiveView:
    """One collective determination.

    Raises:
        Problem: not-found.
    """
    found = _views(work, tables, tables.collectives.c.collective_id == collective_id)
    if not found:
        raise Problem("not-found", field="collective_id")
    return found[0]


def collectives_of(work: UnitOfWork, tables: DecisionTables, query: CollectivesQuery) -> Collectives:
    """The collective determinations of a month, oldest first; without a month those of any month that are open."""
    month = tables.collectives.c.month
    if query.month is not None:
        return Collectives(items=_views(work, tables, month == query.month))
    wanted = ~is_over(tables)
    items = _views(work, tables, wanted if query.since is None else wanted | (month >= query.since))
    return Collectives(items=items, undetermined={} if query.since is None else _undetermined(work, tables, items))


def _undetermined(work: UnitOfWork, tables: DecisionTables, items: Sequence[CollectiveView]) -> dict[str, int]:
    states = defaultdict[str, set[str]](set)
    for one in items:
        states[one.month].add(one.state)
    done = [month for month, some in states.items() if "approved" in some and not some & OPEN]
    barred = barred_to(work, tables, {work.actor}) if done else set()
    counts = {month: len(undetermined_cases(work, tables, month) - barred) for month in done}
    return {month: count for month, count in counts.items() if count}


def _views(work: UnitOfWork, tables: DecisionTables, where: ColumnElement[bool]) -> list[CollectiveView]:
    rows = work.session.execute(_shown(tables).where(where).order_by(tables.collectives.c.number)).all()
    refused, undetermined = _refused(work, tables, [row.collective_id for row in rows])
    parked = {*chunks.jobs(work, DETERMINE, "parked"), *chunks.jobs(work, APPROVE, "parked")}
    views = [
        _view(row, refused[row.collective_id], undetermined[row.collective_id], str(row.collective_id) in parked)
        for row in rows
    ]
    return [_as_decided_by(work, tables, one) if one.state == "proposed" else one for one in views]


def _as_decided_by(work: UnitOfWork, tables: DecisionTables, view: CollectiveView) -> CollectiveView:
    """What of a proposed act is barred today to its proposer or to the caller."""
    barred = barred_drafts(work, tables, view.collective_id, {view.proposer, work.actor})
    return view.model_copy(update={"barred_cases": len(barred), "barred_yen": sum(row.yen for row in barred)})


def _shown(tables: DecisionTables) -> Any:
    """Each act with what its rows add up to, less what stayed out at its approval."""
    act, proposal, approval = tables.collectives, tables.collective_proposals, tables.collective_approvals
    done, gone = tables.collective_completions, tables.collective_withdrawals
    drafted, cut = tallies(tables), cut_out(tables)
    cut_count, cut_yen = func.coalesce(cut.c.count, 0), func.coalesce(cut.c.yen, 0)
    cases = func.coalesce(proposal.c.count, drafted.c.count, 0) - cut_count
    yen = func.coalesce(proposal.c.yen, drafted.c.yen, 0) - cut_yen
    statement = select(
        act,
        act.c.known_at.label("opened_at"),
        cases.label("cases"),
        yen.label("yen"),
        *(drafted.c[name] for name in ("on_assistance", "ended", "unchanged")),
        (drafted.c.left_out + cut_count).label("left_out"),
        (cases + drafted.c.unchanged - drafted.c.ended).label("month_cases"),
        (yen + drafted.c.unchanged_yen).label("month_yen"),
        proposal.c.last_month_cases,
        proposal.c.last_month_yen,
        proposal.c.sha256,
        approval.c.approver,
        done.c.completed_at,
        gone.c.reason.label("gone"),
    )
    for other in (drafted, cut, proposal, approval, done, gone):
        statement = statement.outerjoin(other, other.c.collective_id == act.c.collective_id)
    return statement


def _view(row: Any, refused: list[RefusedCase], undetermined: int, parked: bool) -> CollectiveView:
    told = {"state": _state(row, parked), "undetermined": undetermined, "refused": refused, "outlier": _outlies(row)}
    return CollectiveView.model_validate({**row._mapping, **told})


def _outlies(row: Any) -> bool:
    """Nothing is said of sums that nobody has counted."""
    sums = row.month_yen, row.month_cases, row.last_month_yen, row.last_month_cases
    return None not in sums and outlies(*map(int, sums))


def _state(row: Any, parked: bool) -> str:
    if row.gone:
        return "failed" if row.gone == MISSING else "withdrawn"
    if row.completed_at:
        return "approved"
    if parked:
        return "failed"
    if row.approver:
        return "approving"
    return "proposed" if row.sha256 else "drafting"


def _refused(
    work: UnitOfWork, tables: DecisionTables, ids: Sequence[UUID]
) -> tuple[defaultdict[UUID, list[RefusedCase]], Counter[UUID]]:
    """The cases without a determination that the caller may see, and how many there are; the look is recorded."""
    table = tables.collective_refusals
    rows = work.session.execute(select(table).where(table.c.collective_id.in_(ids)).order_by(table.c.case_no)).all()
    found: defaultdict[UUID, list[RefusedCase]] = defaultdict(list)
    seen = may_see_cases(work, tables, tables.programme, "case.read", {row.case_no for row in rows})
    shown = [row for row in rows if row.case_no in seen]
    if shown:
        persons = {number for row in shown for number in _PERSON_NO.findall(f"{row.field} {row.detail}")}
        subjects = [f"case:{one}" for one in sorted(seen)] + [f"person:{one}" for one in sorted(persons)]
        work.look("undetermined", subjects, "determination")
    for row in shown:
        found[row.collective_id].append(
            RefusedCase(case_no=row.case_no, type=row.type, field=row.field, detail=row.detail),
        )
    return found, Counter(row.collective_id for row in rows)
