"""Cut a run off (締め): freeze what is entitled once we have read as far as the producers had told."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from services.payments.adapters.entitlement_rows import lock_entitlements
from services.payments.adapters.ordering import ranges, snapshot
from services.payments.adapters.run_rows import WaitingRun, locked_run, waiting_runs
from services.payments.adapters.tables import run_positions, runs
from services.payments.domain.run import STATES
from shared.contracts.facts import RunCutOff
from shared.decisions.domain.canonical import sha256_of
from shared.service_kit import chunks
from shared.service_kit.parking import parked_below
from shared.service_kit.subscriptions import cursor_positions
from shared.service_kit.work import UnitOfWork

ORDER_JOB: Final = "order"
CASES_A_CHUNK: Final = 1000


def opened_runs(work: UnitOfWork) -> list[WaitingRun]:
    """Runs that wait for their cut-off."""
    return waiting_runs(work, runs.c.state == "opened")


def cut_off_run(work: UnitOfWork, run_id: UUID) -> bool:
    """Cut the run off where our cursors have reached its positions; False where they have not.

    What is parked below the positions is counted and shown: the run goes on without it.
    """
    lock_entitlements(work)
    run = locked_run(work, run_id, *STATES)
    positions = work.session.execute(select(run_positions).where(run_positions.c.run_id == run_id)).all()
    at = cursor_positions(work)
    if run.state != "opened" or any(at.get(f"{one.producer}.{one.stream}", 0) < one.position for one in positions):
        return False
    frozen = snapshot(work, run_id, run.month)
    work.session.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(
            state="ordering",
            cut_off_at=work.clock.now(),
            parked_below=sum(parked_below(work, one.producer, one.stream, one.position) for one in positions),
        ),
    )
    chunks.plan(work, ORDER_JOB, str(run_id), ranges(work, run_id, CASES_A_CHUNK))
    told = RunCutOff(
        run_id=run_id,
        count=len(frozen),
        yen=sum(yen for *_, yen in frozen),
        sha256=sha256_of(frozen),
    )
    work.fact(told, subject=f"run:{run_id}")
    return True
