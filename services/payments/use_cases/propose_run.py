"""Propose a run (起案): its totals and the hash of its canonical rows, for another person to approve."""

from typing import Final
from uuid import UUID

from sqlalchemy import Text, cast, select, update

from services.payments.adapters.run_content import content_of
from services.payments.adapters.run_rows import WaitingRun, locked_run, waiting_runs
from services.payments.adapters.tables import runs
from services.payments.use_cases.cut_off_run import ORDER_JOB
from shared.contracts.facts import RunProposed
from shared.service_kit.schema import chunks
from shared.service_kit.work import UnitOfWork

PROPOSE_JOB: Final = "propose"


def runs_to_propose(work: UnitOfWork) -> list[WaitingRun]:
    """Runs of which nothing is left to be ordered: ordered just now, or sent back by a withdrawal or new accounts."""
    orders = select(chunks).where(
        chunks.c.job == ORDER_JOB,
        chunks.c.job_id == cast(runs.c.run_id, Text),
        chunks.c.state != "closed",
    )
    return waiting_runs(work, PROPOSE_JOB, (runs.c.state == "ordering") & ~orders.exists())


def propose_run(work: UnitOfWork, run_id: UUID) -> None:
    """Give the run its totals and hash; bears being called again."""
    run = locked_run(work, run_id, "ordering", "proposed", "approved", "accepted", "files_made")
    if run.state != "ordering":
        return
    found = content_of(work, run).totals
    work.session.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(
            state="proposed",
            orders=found.orders,
            yen=found.yen,
            bank_yen=found.bank_yen,
            cash_yen=found.cash_yen,
            sha256=found.sha256,
            proposed_at=work.clock.now(),
        ),
    )
    work.fact(
        RunProposed(run_id=run_id, count=found.orders, yen=found.yen, sha256=found.sha256),
        subject=f"run:{run_id}",
    )
