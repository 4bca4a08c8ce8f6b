"""Propose a run (起案): its totals and the hash of its canonical rows, for another person to approve."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from services.payments.adapters.runs.cash_desk import DeskLine, with_last_month
from services.payments.adapters.runs.payees import PayeeLine, payee_lines
from services.payments.adapters.runs.run_content import content_of, sealed_mark
from services.payments.adapters.runs.run_rows import WaitingRun, locked_run, move_run, waiting_runs
from services.payments.adapters.tables import runs
from services.payments.domain.run import STATES
from services.payments.use_cases.runs.cut_off_run import ORDER_JOB
from shared.contracts.facts.payments import RunProposed
from shared.service_kit.jobs.pending import is_unfinished
from shared.service_kit.unit_of_work import UnitOfWork

PROPOSE_JOB: Final = "propose"


def runs_to_propose(work: UnitOfWork) -> list[WaitingRun]:
    """Runs of which nothing is left to be ordered: ordered just now, or sent back by a withdrawal or new accounts."""
    return waiting_runs(work, PROPOSE_JOB, (runs.c.state == "ordering") & ~is_unfinished(ORDER_JOB, runs.c.run_id))


def propose_run(work: UnitOfWork, run_id: UUID) -> None:
    """Give the run its totals and hash; idempotent."""
    run = locked_run(work, run_id, *STATES)
    if run.state != "ordering":
        return
    cases: set[str] = set()
    without_account: list[DeskLine] = []
    content = content_of(work, run, _noted(payee_lines(work, run), cases, without_account))
    totals = content.totals
    move_run(
        work,
        run_id,
        "proposed",
        orders=totals.orders,
        yen=totals.yen,
        bank_yen=totals.bank_yen,
        cash_yen=totals.cash_yen,
        sha256=totals.sha256,
        content_mark=sealed_mark(work, run, content),
        proposed_at=work.clock.now(),
        cases=len(cases),
        **_desk(work, run.month, without_account),
    )
    work.fact(
        RunProposed(run_id=run_id, count=totals.orders, yen=totals.yen, sha256=totals.sha256),
        subject=f"run:{run_id}",
    )


def _noted(lines: Iterable[PayeeLine], cases: set[str], without_account: list[DeskLine]) -> Iterator[PayeeLine]:
    """The same lines; whose they are, and who of them has no account, is noted in passing."""
    for payee in lines:
        cases.add(payee.line.case_no)
        if payee.account in ("none", "closed"):
            without_account.append((payee.line.case_no, payee.line.programme, payee.line.yen, payee.account))
        yield payee


def _desk(work: UnitOfWork, month: str, without_account: Sequence[DeskLine]) -> dict[str, int]:
    """Who goes to the cash desk for want of an account, and how many of them were paid by bank last month."""
    desk = with_last_month(work, month, without_account)
    moved = [payment for payment in desk if payment.moved]
    return {
        "desk_cases": len(desk),
        "desk_yen": sum(payment.yen for payment in desk),
        "moved_cases": len(moved),
        "moved_yen": sum(payment.yen for payment in moved),
    }
