"""Open a collective determination (一括決定): the office is determined as one act, on what is known at this instant."""

from typing import Final
from uuid import uuid4

from sqlalchemy import insert, select

from shared.contracts.codes import ActReason
from shared.contracts.facts.decisions import CollectiveOpened
from shared.decisions.adapters.acts import DETERMINE, chunk_ranges, is_over, lock_acts
from shared.decisions.adapters.circumstances import lock_circumstances, newest_known
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.use_cases.collectives.draft_collective import finish_drafting
from shared.decisions.use_cases.collectives.read_collectives import Collective, get_collective
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import Month, months_ahead
from shared.service_kit.clock import TOKYO
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

MONTHS_BACK: Final = 120
"""A month up to ten years ago is determined anew: what is still owed reaches that far at most."""
MONTHS_AHEAD: Final = 12


def open_collective(work: UnitOfWork, deciding: Deciding, month: Month, reason: ActReason) -> Collective:
    """Open the act and cut the office into chunks; they are drafted on what is known at this instant.

    Raises:
        Problem: invalid-input where the month is far from today, or the law does not reach it; act-open where one
            of the month is open.
    """
    if not -MONTHS_BACK <= months_ahead(month, work.clock.today()) <= MONTHS_AHEAD:
        raise Problem("invalid-input", field="month", detail="きょうから離れすぎた月です")
    if not deciding.law.reaches(month):
        raise Problem("invalid-input", field="month", detail="この月の基準が揃っていません")
    tables, collective_id = deciding.tables, uuid4()
    lock_acts(work)
    _refuse_while_open(work, tables, month)
    lock_circumstances(work)
    work.connection.execute(
        insert(tables.collectives).values(
            collective_id=collective_id,
            month=month,
            reason=reason,
            known_at=work.clock.now(),
            known_number=newest_known(work, tables),
            proposer=work.actor,
            correlation=work.correlation,
        ),
    )
    event = CollectiveOpened(collective_id=collective_id, month=month, reason=reason)
    work.fact(event, subject=f"collective:{collective_id}")
    ranges = chunk_ranges(work, tables)
    chunks.plan(work, DETERMINE, str(collective_id), ranges)
    if not ranges:
        finish_drafting(work, tables, collective_id)
    work.wake("determine_chunks")
    return get_collective(work, tables, collective_id)


def _refuse_while_open(work: UnitOfWork, tables: DecisionTables, month: Month) -> None:
    """A determination is published after the one that it replaces, and nobody proposes the office twice over."""
    act = tables.collectives
    row = work.connection.execute(select(act).where(act.c.month == month, ~is_over(tables)).limit(1)).one_or_none()
    if row is None:
        return
    extra = {
        "collective_id": str(row.collective_id),
        "proposer": row.proposer,
        "opened_at": row.known_at.isoformat(),
    }
    at = row.known_at.astimezone(TOKYO)
    detail = f"{row.proposer.removeprefix('person:')} が {at:%Y-%m-%d %H:%M} に開いた一括決定が終わっていません"
    raise Problem("act-open", field="month", detail=detail, extra=extra)
