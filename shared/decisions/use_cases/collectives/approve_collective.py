"""A collective determination (一括決定) as an act: opened, approved by another person, or taken back."""

from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.tables import approval_values
from shared.approvals.two_people import Approval, Moved, Proposal
from shared.contracts.facts.decisions import CollectiveApproved, CollectiveOpened
from shared.decisions.adapters.acts import write_withdrawal
from shared.decisions.adapters.circumstances import case_ranges, lock_circumstances, newest_known
from shared.decisions.adapters.determinations import covered_anew, is_over, newest_decided, stored_of_collective
from shared.decisions.adapters.restrictions import barred_drafts
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.tallies import adds_up
from shared.decisions.api.schemas import CollectiveView, OpenCollective, Withdraw
from shared.decisions.domain.determination import Covered, LinesDoNotAddUp, collective_sha256
from shared.decisions.use_cases.collectives.carry_out_approval import APPROVE, finish_approving
from shared.decisions.use_cases.collectives.draft_collective import (
    CHUNK,
    DETERMINE,
    act_name,
    finish_drafting,
    leave_out,
)
from shared.decisions.use_cases.collectives.read_collectives import get_collective
from shared.money_and_time.months import Month, months_ahead
from shared.service_kit.clock import TOKYO
from shared.service_kit.database.locks import declare
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

MONTHS_BACK: Final = 120
"""A month up to ten years ago is determined anew: what is still owed reaches that far at most."""
MONTHS_AHEAD: Final = 12


def open_collective(
    work: UnitOfWork, tables: DecisionTables, act: OpenCollective, reaches: Callable[[Month], bool]
) -> CollectiveView:
    """Open the act and cut the office into chunks; they are drafted on what is known at this instant.

    Raises:
        Problem: invalid-input where the month is far from today, or the law does not reach it; act-open where one
            of the month is open.
    """
    if not -MONTHS_BACK <= months_ahead(act.month, work.clock.today()) <= MONTHS_AHEAD:
        raise Problem("invalid-input", field="month", detail="きょうから離れすぎた月です")
    if not reaches(act.month):
        raise Problem("invalid-input", field="month", detail="この月の基準が揃っていません")
    _lock_acts(work)
    _refuse_while_open(work, tables, act.month)
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
    work.wake("determine_chunks")
    return get_collective(work, tables, collective_id)


def approve_collective(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, named_sha256: str
) -> CollectiveView:
    """Approve all determinations that ``named_sha256`` covers; their rows are read and hashed anew.

    Raises:
        Problem: not-found; wrong-state where nothing is proposed, or it is approved or withdrawn; same-person;
            determinations-moved where the rows, what they replace, or the cases on assistance are not what was
            proposed; not-permitted where all of it is barred to proposer or approver.
    """
    _lock_acts(work)
    view = get_collective(work, tables, collective_id)
    if view.state != "proposed" or view.sha256 is None:
        raise Problem("wrong-state", field="state", detail="起案が済んで決裁を待つ一括決定だけを決裁できます")
    approval = approve_by_hash(
        work,
        Proposal(view.proposer, view.sha256),
        named_sha256,
        lambda: _current_sha256(work, tables, view),
        moved="determinations-moved",
    )
    barred = _leave_out_barred(work, tables, view)
    _write_approval(work, tables, view, approval, barred)
    ranges = case_ranges(work, tables, CHUNK)
    chunks.plan(work, APPROVE, str(collective_id), ranges)
    if not ranges:
        finish_approving(work, tables, collective_id)
    work.wake("approve_chunks")
    return get_collective(work, tables, collective_id)


_ACTS = declare("decisions.acts")


def _lock_acts(work: UnitOfWork) -> None:
    """One act at a time is opened, approved or withdrawn, so that two never replace the same determination."""
    _ACTS.hold(work.session)


def _refuse_while_open(work: UnitOfWork, tables: DecisionTables, month: Month) -> None:
    """A determination is told after the one that it replaces, and nobody proposes the office twice over."""
    act = tables.collectives
    open_ = work.session.execute(select(act).where(act.c.month == month, ~is_over(tables)).limit(1)).one_or_none()
    if open_ is None:
        return
    told = {"collective_id": open_.collective_id, "proposer": open_.proposer, "opened_at": open_.known_at.isoformat()}
    at = open_.known_at.astimezone(TOKYO)
    detail = f"{open_.proposer.removeprefix('person:')} が {at:%Y-%m-%d %H:%M} に開いた一括決定が終わっていません"
    raise Problem("act-open", field="month", detail=detail, extra={name: str(value) for name, value in told.items()})


def _current_sha256(work: UnitOfWork, tables: DecisionTables, view: CollectiveView) -> str:
    """The hash of the rows as they stand now.

    Raises:
        Moved: a row no longer adds up or matches its own hash, or replaces what does not hold any more; somebody on
            assistance has no outcome.
    """
    act = tables.collectives
    if not adds_up(
        work, tables, work.session.execute(select(act).where(act.c.collective_id == view.collective_id)).one()
    ):
        raise Moved
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
    return collective_sha256(act_name(view.collective_id, view.month), rows)


def _leave_out_barred(work: UnitOfWork, tables: DecisionTables, view: CollectiveView) -> Collection[Any]:
    """The determinations of the act, case and yen, that are barred today to one of its two people: they stay out.

    Raises:
        Problem: not-permitted where nothing is left.
    """
    barred = barred_drafts(work, tables, view.collective_id, {view.proposer, work.actor})
    if barred and len(barred) == view.cases:
        raise Problem("not-permitted", detail="あなたか起案者の関与できない世帯だけです。ほかの職員が決裁してください")
    leave_out(work, tables, view.collective_id, [row.case_no for row in barred])
    return barred


def _write_approval(
    work: UnitOfWork, tables: DecisionTables, view: CollectiveView, approval: Approval, barred: Collection[Any]
) -> None:
    values = approval_values(approval, work.clock.now())
    work.session.execute(insert(tables.collective_approvals).values(collective_id=view.collective_id, **values))
    work.fact(
        CollectiveApproved(
            collective_id=view.collective_id,
            month=view.month,
            count=view.cases - len(barred),
            yen=view.yen - sum(row.yen for row in barred),
            sha256=approval.sha256,
            left_out=len(barred),
            **approval.people,
        ),
        subject=f"collective:{view.collective_id}",
    )


def withdraw_collective(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, body: Withdraw
) -> CollectiveView:
    """Take an act back before it is approved: its proposer, or a head who returns it.

    Raises:
        Problem: not-found; wrong-state where it is approved or withdrawn; not-permitted for another caseworker.
    """
    _lock_acts(work)
    view = get_collective(work, tables, collective_id)
    if view.state not in ("drafting", "proposed", "failed") or view.approver:
        raise Problem("wrong-state", field="state", detail="決裁されていない一括決定だけを取り下げられます")
    head = work.caller is not None and work.caller.may("determination.approve", work.service.permissions)
    if work.actor != view.proposer and not head:
        raise Problem("not-permitted", detail="起案者だけが取り下げ、決裁者だけが差し戻せます")
    chunks.close(work, DETERMINE, str(collective_id))
    write_withdrawal(work, tables, view, body.reason)
    return get_collective(work, tables, collective_id)
