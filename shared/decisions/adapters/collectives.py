"""A collective determination (一括決定) as an act: opened, looked at, approved by another person."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, insert, select, text

from shared.contracts.facts import CollectiveApproved, CollectiveOpened
from shared.decisions.adapters.approving import APPROVE, finish_approving
from shared.decisions.adapters.circumstances import case_ranges, lock_circumstances, newest_known
from shared.decisions.adapters.determinations import covered_anew, newest_decided, stored_of_collective
from shared.decisions.adapters.drafting import CHUNK, DETERMINE, finish_drafting
from shared.decisions.adapters.errors import told_as_problems
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.views import Collectives, CollectiveView, OpenCollective, RefusedCase
from shared.decisions.domain.determination import Covered, LinesDoNotAddUp, collective_sha256
from shared.decisions.domain.two_people import Approval, Moved, Proposal, approve
from shared.money_and_time.months import Month
from shared.service_kit import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

OPEN_STATES: Final = frozenset({"drafting", "proposed", "approving", "failed"})
"""States in which an act still waits for somebody or is under way."""


def open_collective(
    work: UnitOfWork, tables: DecisionTables, act: OpenCollective, reaches: Callable[[Month], bool]
) -> CollectiveView:
    """Open the act and cut the office into chunks; they are drafted on what is known at this instant.

    Raises:
        Problem: invalid-input where the law does not reach the month.
    """
    if not reaches(act.month):
        raise Problem("invalid-input", field="month", detail="この月の基準が揃っていません")
    collective_id = uuid4()
    lock_circumstances(work)
    work.session.execute(
        insert(tables.collectives).values(
            collective_id=collective_id,
            month=act.month,
            reason=act.reason,
            known_at=work.clock.now(),
            known_number=newest_known(work, tables),
            proposer=work.actor,
            correlation=work.correlation,
        ),
    )
    work.fact(
        CollectiveOpened(collective_id=collective_id, month=act.month, reason=act.reason),
        subject=f"collective:{collective_id}",
    )
    ranges = case_ranges(work, tables, CHUNK)
    chunks.plan(work, DETERMINE, str(collective_id), ranges)
    if not ranges:
        finish_drafting(work, tables, collective_id)
    _wake(work, "determine_chunks")
    return get_collective(work, tables, collective_id)


def approve_collective(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, named_sha256: str
) -> CollectiveView:
    """Approve all determinations that ``named_sha256`` covers; their rows are read and hashed anew.

    Raises:
        Problem: not-found; wrong-state where nothing is proposed, it is approved already, or another approval of the
            month is still carried out; same-person; determinations-moved where the rows, or what they replace, are
            not what the hash names.
    """
    _lock_approvals(work)
    view = get_collective(work, tables, collective_id)
    if view.state != "proposed" or view.sha256 is None:
        raise Problem("wrong-state", field="state", detail="起案が済んで決裁を待つ一括決定だけを決裁できます")
    with told_as_problems("determinations-moved"):
        approval = approve(
            Proposal(view.proposer, view.sha256),
            work.actor,
            named_sha256,
            _current_sha256(work, tables, view),
        )
    _refuse_while_carried_out(work, tables, view.month)
    _write_approval(work, tables, view, approval)
    ranges = case_ranges(work, tables, CHUNK)
    chunks.plan(work, APPROVE, str(collective_id), ranges)
    if not ranges:
        finish_approving(work, tables, collective_id)
    _wake(work, "approve_chunks")
    return get_collective(work, tables, collective_id)


def _wake(work: UnitOfWork, verb: str) -> None:
    """Send this service's task ``verb`` after the commit; without it the schedule finds the work a little later."""
    for task in work.service.tasks:
        if task.name == f"{work.service.name}.{verb}":
            work.later(task)


def _lock_approvals(work: UnitOfWork) -> None:
    """One approval of determinations at a time, so that two never replace the same one."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('decisions.approvals'))"))


def _refuse_while_carried_out(work: UnitOfWork, tables: DecisionTables, month: Month) -> None:
    """A determination is told after the one that it replaces: who pays takes what is told last."""
    act, approval, done = tables.collectives.c, tables.collective_approvals.c, tables.collective_completions.c
    carried_out = (
        select(act.collective_id)
        .join(tables.collective_approvals, approval.collective_id == act.collective_id)
        .outerjoin(tables.collective_completions, done.collective_id == act.collective_id)
        .where(act.month == month, done.collective_id.is_(None))
        .limit(1)
    )
    if work.session.execute(carried_out).first():
        detail = "この月の先の決裁を処理しています。終わってから、もう一度決裁してください"
        raise Problem("wrong-state", field="state", detail=detail)


def _current_sha256(work: UnitOfWork, tables: DecisionTables, view: CollectiveView) -> str:
    """The hash of the rows as they stand now.

    Raises:
        Moved: a row no longer adds up or matches its own hash, or replaces what does not hold any more.
    """
    rows: list[Covered] = []
    for part in case_ranges(work, tables, CHUNK):
        holds = newest_decided(work, tables, view.month, part["from"], part["to"])
        try:
            stored = stored_of_collective(work, tables, view.collective_id, part["from"], part["to"])
        except (LinesDoNotAddUp, ValueError) as error:
            raise Moved from error
        for one in stored:
            held = holds.get(one.draft.case_no)
            if one.replaces != (held.determination_id if held else None):
                raise Moved
        rows += covered_anew(stored)
    return collective_sha256(rows)


def _write_approval(work: UnitOfWork, tables: DecisionTables, view: CollectiveView, approval: Approval) -> None:
    work.session.execute(
        insert(tables.collective_approvals).values(
            collective_id=view.collective_id,
            proposer=approval.proposer,
            approver=approval.approver,
            approved_at=work.clock.now(),
            sha256=approval.sha256,
        ),
    )
    work.fact(
        CollectiveApproved(
            collective_id=view.collective_id,
            month=view.month,
            count=view.cases,
            yen=view.yen,
            sha256=approval.sha256,
            proposer=approval.proposer,
            approver=approval.approver,
        ),
        subject=f"collective:{view.collective_id}",
    )


def get_collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> CollectiveView:
    """One collective determination.

    Raises:
        Problem: not-found.
    """
    found = _views(work, tables, tables.collectives.c.collective_id == collective_id)
    if not found:
        raise Problem("not-found", field="collective_id")
    return found[0]


def collectives_of(work: UnitOfWork, tables: DecisionTables, month: Month | None) -> Collectives:
    """The collective determinations of a month, oldest first; without a month those of any month that are open."""
    if month is not None:
        return Collectives(items=_views(work, tables, tables.collectives.c.month == month))
    act, done = tables.collectives.c, tables.collective_completions.c
    newest = select(act.collective_id).distinct(act.month).order_by(act.month, act.number.desc())
    views = _views(work, tables, act.collective_id.in_(newest) & done.collective_id.is_(None))
    return Collectives(items=[one for one in views if one.state in OPEN_STATES])


def _views(work: UnitOfWork, tables: DecisionTables, where: ColumnElement[bool]) -> list[CollectiveView]:
    act, proposal, approval, done = (
        tables.collectives,
        tables.collective_proposals,
        tables.collective_approvals,
        tables.collective_completions,
    )
    part = tables.collective_chunks
    drafted = (
        select(part.c.collective_id, func.sum(part.c.count).label("count"), func.sum(part.c.yen).label("yen"))
        .group_by(part.c.collective_id)
        .subquery()
    )
    rows = work.session.execute(
        select(
            act,
            func.coalesce(proposal.c.count, drafted.c.count, 0).label("cases"),
            func.coalesce(proposal.c.yen, drafted.c.yen, 0).label("yen"),
            proposal.c.sha256,
            approval.c.approver,
            done.c.completed_at,
        )
        .outerjoin(drafted, drafted.c.collective_id == act.c.collective_id)
        .outerjoin(proposal, proposal.c.collective_id == act.c.collective_id)
        .outerjoin(approval, approval.c.collective_id == act.c.collective_id)
        .outerjoin(done, done.c.collective_id == act.c.collective_id)
        .where(where)
        .order_by(act.c.number),
    ).all()
    refused, undetermined = _refused(work, tables, [row.collective_id for row in rows])
    parked = {*chunks.jobs(work, DETERMINE, "parked"), *chunks.jobs(work, APPROVE, "parked")}
    return [
        _view(row, refused[row.collective_id], undetermined[row.collective_id], str(row.collective_id) in parked)
        for row in rows
    ]


def _view(row: Any, refused: list[RefusedCase], undetermined: int, parked: bool) -> CollectiveView:
    if row.completed_at:
        state = "approved"
    elif parked:
        state = "failed"
    elif row.approver:
        state = "approving"
    else:
        state = "proposed" if row.sha256 else "drafting"
    return CollectiveView.model_validate(
        {**row._mapping, "state": state, "undetermined": undetermined, "refused": refused, "yen": int(row.yen)},
    )


def _refused(
    work: UnitOfWork, tables: DecisionTables, ids: Sequence[UUID]
) -> tuple[defaultdict[UUID, list[RefusedCase]], Counter[UUID]]:
    """The cases without a determination that the caller may see, and how many there are; the look is recorded."""
    table = tables.collective_refusals
    rows = work.session.execute(select(table).where(table.c.collective_id.in_(ids)).order_by(table.c.case_no)).all()
    found: defaultdict[UUID, list[RefusedCase]] = defaultdict(list)
    seen = may_see_cases(work, tables, tables.programme, "case.read", {row.case_no for row in rows})
    if seen:
        work.look("undetermined", [f"case:{case_no}" for case_no in sorted(seen)], "determination")
    for row in rows:
        if row.case_no not in seen:
            continue
        found[row.collective_id].append(
            RefusedCase(case_no=row.case_no, type=row.type, field=row.field, detail=row.detail),
        )
    return found, Counter(row.collective_id for row in rows)
