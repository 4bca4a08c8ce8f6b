"""Approve a run (決裁): another person, by the hash; accounts are frozen into transfers."""

from uuid import UUID

from sqlalchemy import update

from services.payments.adapters.run_rows import freeze, locked_run, payee_lines
from services.payments.adapters.tables import runs
from services.payments.domain.run import totals
from shared.contracts.facts import RunApproved
from shared.decisions.domain.two_people import Moved, Proposal, SamePerson, approve
from shared.service_kit.problems import Problem
from shared.service_kit.telemetry import current_trace_id
from shared.service_kit.work import UnitOfWork


def approve_run(work: UnitOfWork, run_id: UUID, sha256: str) -> None:
    """Approve what ``sha256`` names; refused where orders or accounts have moved since the proposal.

    Raises:
        Problem: same-person, content-moved, wrong-state, not-found.
    """
    run = locked_run(work, run_id, "proposed")
    lines = payee_lines(work, run)
    found = totals(run.month, run.payment_date.isoformat(), [one.line for one in lines])
    try:
        approval = approve(Proposal(run.proposer, run.sha256), work.actor, sha256, found.sha256)
    except SamePerson:
        raise Problem("same-person", field="approver") from None
    except Moved:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください") from None
    freeze(work, run_id, lines)
    work.session.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(
            state="approved",
            approver=approval.approver,
            approved_at=work.clock.now(),
            trace_id=current_trace_id(),
            traceparent=work.traceparent,
        ),
    )
    work.fact(
        RunApproved(
            run_id=run_id,
            count=found.orders,
            yen=found.yen,
            sha256=found.sha256,
            proposer=approval.proposer,
            approver=approval.approver,
        ),
        subject=f"run:{run_id}",
    )
