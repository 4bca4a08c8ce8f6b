"""Cut a run off (締め): freeze what is entitled once we have read as far as the producers had published."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from services.payments.adapters.entitlements.standing import lock_entitlements
from services.payments.adapters.runs.ordering import ranges, snapshot
from services.payments.adapters.runs.run_rows import WaitingRun, locked_run, move_run, waiting_runs
from services.payments.adapters.tables import run_positions, runs
from services.payments.domain.run import STATES
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.payments import RunCutOff
from shared.service_kit.jobs import chunks
from shared.service_kit.subscriptions.parking import parked_below
from shared.service_kit.subscriptions.positions import number_taken
from shared.service_kit.unit_of_work import UnitOfWork

CUT_OFF_JOB: Final = "cut_off"
ORDER_JOB: Final = "order"
CASES_A_CHUNK: Final = 1000


def runs_to_cut_off(work: UnitOfWork) -> list[WaitingRun]:
    """Opened runs whose positions our cursors have reached; cursors never go back."""
    taken = number_taken(run_positions.c.producer, run_positions.c.stream)
    unread = select(run_positions.c.run_id).where(
        run_positions.c.run_id == runs.c.run_id, taken < run_positions.c.position
    )
    return waiting_runs(work, CUT_OFF_JOB, (runs.c.state == "opened") & ~unread.exists())


def cut_off_run(work: UnitOfWork, run_id: UUID) -> None:
    """Cut off a run that has read far enough (``runs_to_cut_off``); idempotent.

    What is parked below the positions is counted and shown: the run goes on without it.
    """
    lock_entitlements(work)
    run = locked_run(work, run_id, *STATES)
    if run.state != "opened":
        return
    positions = work.connection.execute(select(run_positions).where(run_positions.c.run_id == run_id)).all()
    frozen = snapshot(work, run_id, run.month)
    parked = sum(parked_below(work, position.producer, position.stream, position.position) for position in positions)
    move_run(work, run_id, "ordering", cut_off_at=work.clock.now(), parked_below=parked)
    chunks.plan(work, ORDER_JOB, str(run_id), ranges(work, run_id, CASES_A_CHUNK))
    cut_off = RunCutOff(
        run_id=run_id,
        count=len(frozen),
        yen=sum(yen for *_, yen in frozen),
        sha256=sha256_of(frozen),
    )
    work.fact(cut_off, subject=f"run:{run_id}")
