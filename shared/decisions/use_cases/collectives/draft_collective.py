"""Drafting a collective determination: chunk by chunk, then one proposal whose hash covers them all."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from shared.contracts.facts.decisions import CollectiveProposed, DeterminationsProposed
from shared.decisions.adapters.acts import MISSING, act_name, act_of, leave_out, write_withdrawal
from shared.decisions.adapters.circumstances import circumstances_known, decidable, known_through
from shared.decisions.adapters.determinations import newest_decided, write_determinations
from shared.decisions.adapters.office import DecidingSettings
from shared.decisions.adapters.population import sum_in_force
from shared.decisions.adapters.restrictions import barred_to
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.tallies import adds_up
from shared.decisions.domain.circumstances import records
from shared.decisions.domain.determination import collective_sha256, covered, rows_sha256
from shared.decisions.domain.outcome import Outcome, outcome_of
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import previous_month
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.observability.logs import log
from shared.service_kit.unit_of_work import UnitOfWork


def draft_chunk(work: UnitOfWork, chunk: Chunk, deciding: Deciding) -> None:
    """Draft and propose the cases of one chunk where the outcome differs from what already holds for the month."""
    tables = deciding.tables
    act = act_of(work, tables, UUID(chunk.job_id))
    cases = chunk.payload["from"], chunk.payload["to"]
    through = decidable(tables, known_through(tables, act.known_number))
    known = circumstances_known(work, tables, act.month, through, *cases)
    holds = newest_decided(work, tables, act.month, *cases)
    barred = barred_to(work, tables, {act.proposer})
    law = deciding.law.with_ages(DecidingSettings().ages)
    outcome = outcome_of(records(known, act.month), holds, barred, act.month, law.assess)
    write_determinations(work, tables, act.collective_id, act.proposer, outcome.proposed)
    _write_refusals(work, tables, act.collective_id, outcome)
    leave_out(work, tables, act.collective_id, [*outcome.left_out, *outcome.left_in_force])
    _close_chunk(work, tables, act, chunk.seq, outcome)


def _write_refusals(work: UnitOfWork, tables: DecisionTables, collective_id: UUID, outcome: Outcome) -> None:
    columns = ("collective_id", "case_no", "type", "field", "detail")
    rows = [
        (collective_id, refused.case_no, refused.type, refused.field, refused.detail) for refused in outcome.refused
    ]
    work.copy(tables.collective_refusals, rows, columns)


def _close_chunk(work: UnitOfWork, tables: DecisionTables, act: Any, seq: int, outcome: Outcome) -> None:
    """One row and one fact a chunk: count, yen, SHA-256 of its rows, and what became of its cases."""
    sha256 = rows_sha256([proposal.covered() for proposal in outcome.proposed])
    totals = {"count": len(outcome.proposed), "yen": outcome.yen, "sha256": sha256}
    work.connection.execute(
        insert(tables.collective_chunks).values(
            collective_id=act.collective_id,
            seq=seq,
            on_assistance=outcome.on_assistance,
            ended=outcome.ended,
            unchanged=outcome.unchanged,
            unchanged_yen=outcome.unchanged_yen,
            refused=len(outcome.refused),
            left_out=len(outcome.left_out),
            **totals,
        ),
    )
    event = DeterminationsProposed(collective_id=act.collective_id, chunk=seq, **totals)
    work.fact(event, subject=f"collective:{act.collective_id}")


def finish_drafting(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> None:
    """Propose the whole, once: count, yen and the hash that the approval has to name.

    An act that lost a case on assistance, or determines nobody of those that there are, is given up instead.
    """
    act = act_of(work, tables, collective_id)
    if not adds_up(work, tables, act):
        log().error("collective.given_up", id=str(collective_id), month=act.month)
        write_withdrawal(work, tables, act, MISSING)
        return
    drafts = tables.determinations.c
    columns = drafts.case_no, drafts.standards, drafts.sha256, drafts.replaces, drafts.yen
    rows = work.connection.execute(select(*columns).where(drafts.collective_id == collective_id)).all()
    covered_ = [covered(row.case_no, row.standards, row.sha256, row.replaces) for row in rows]
    totals = {
        "count": len(rows),
        "yen": sum(row.yen for row in rows),
        "sha256": collective_sha256(act_name(collective_id, act.month), covered_),
    }
    before = sum_in_force(work, tables, previous_month(act.month))
    work.connection.execute(
        insert(tables.collective_proposals).values(
            collective_id=collective_id,
            proposed_at=work.clock.now(),
            last_month_cases=before.cases,
            last_month_yen=before.yen,
            **totals,
        ),
    )
    event = CollectiveProposed(collective_id=collective_id, month=act.month, **totals)
    work.fact(event, subject=f"collective:{collective_id}")
