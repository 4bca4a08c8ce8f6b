"""Approve a collective determination (一括決定の決裁): another person, by the hash of all its rows, hashed anew."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.tables import approval_values
from shared.approvals.two_people import Approval, Moved, Proposal
from shared.contracts.facts.decisions import CollectiveApproved
from shared.decisions.adapters.acts import APPROVE, act_name, act_of, chunk_ranges, leave_out, lock_acts
from shared.decisions.adapters.determinations import covered_anew, newest_decided, stored_of_collective
from shared.decisions.adapters.restrictions import barred_drafts
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.tallies import adds_up
from shared.decisions.domain.determination import Covered, LinesDoNotAddUp, collective_sha256
from shared.decisions.use_cases.collectives.carry_out_approval import finish_approving
from shared.decisions.use_cases.collectives.read_collectives import Collective, get_collective
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def approve_collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID, named_sha256: str) -> Collective:
    """Approve all determinations that ``named_sha256`` covers; their rows are read and hashed anew.

    Raises:
        Problem: not-found; wrong-state where nothing is proposed, or it is approved or withdrawn; same-person;
            determinations-moved where the rows, what they replace, or the cases on assistance are not what was
            proposed; not-permitted where all of it is barred to proposer or approver.
    """
    lock_acts(work)
    act = get_collective(work, tables, collective_id)
    if act.state != "proposed" or act.sha256 is None:
        raise Problem("wrong-state", field="state", detail="起案が済んで決裁を待つ一括決定だけを決裁できます")
    approval = approve_by_hash(
        work,
        Proposal(act.proposer, act.sha256),
        named_sha256,
        lambda: _current_sha256(work, tables, act),
        moved="determinations-moved",
    )
    barred = _leave_out_barred(work, tables, act)
    _write_approval(work, tables, act, approval, barred)
    ranges = chunk_ranges(work, tables)
    chunks.plan(work, APPROVE, str(collective_id), ranges)
    if not ranges:
        finish_approving(work, tables, collective_id)
    work.wake("approve_chunks")
    return get_collective(work, tables, collective_id)


def _current_sha256(work: UnitOfWork, tables: DecisionTables, act: Collective) -> str:
    """Return the hash of the rows as they stand now.

    Raises:
        Moved: a row no longer adds up or matches its own hash, or replaces what does not hold any more; somebody on
            assistance has no outcome.
    """
    if not adds_up(work, tables, act_of(work, tables, act.collective_id)):
        raise Moved
    rows: list[Covered] = []
    for cases in chunk_ranges(work, tables):
        holds = newest_decided(work, tables, act.month, cases["from"], cases["to"])
        try:
            stored = stored_of_collective(work, tables, act.collective_id, cases["from"], cases["to"])
        except (LinesDoNotAddUp, ValueError) as error:
            raise Moved from error
        for determination in stored:
            held = holds.get(determination.draft.case_no)
            if determination.replaces != (held.determination_id if held else None):
                raise Moved
        rows += covered_anew(stored)
    return collective_sha256(act_name(act.collective_id, act.month), rows)


def _leave_out_barred(work: UnitOfWork, tables: DecisionTables, act: Collective) -> Collection[Any]:
    """The determinations of the act, case and yen, that are barred today to one of its two people: they stay out.

    Raises:
        Problem: not-permitted where nothing is left.
    """
    barred = barred_drafts(work, tables, act.collective_id, {act.proposer, work.actor})
    if barred and len(barred) == act.cases:
        raise Problem("not-permitted", detail="あなたか起案者の関与できない世帯だけです。ほかの職員が決裁してください")
    leave_out(work, tables, act.collective_id, [row.case_no for row in barred])
    return barred


def _write_approval(
    work: UnitOfWork, tables: DecisionTables, act: Collective, approval: Approval, barred: Collection[Any]
) -> None:
    values = approval_values(approval, work.clock.now())
    work.connection.execute(insert(tables.collective_approvals).values(collective_id=act.collective_id, **values))
    event = CollectiveApproved(
        collective_id=act.collective_id,
        month=act.month,
        count=act.cases - len(barred),
        yen=act.yen - sum(row.yen for row in barred),
        sha256=approval.sha256,
        left_out=len(barred),
        **approval.people,
    )
    work.fact(event, subject=f"collective:{act.collective_id}")
