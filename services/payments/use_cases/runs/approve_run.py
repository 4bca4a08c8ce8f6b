"""Approve a run (決裁): another person, by the hash; payees' accounts and the office's own are frozen."""

from uuid import UUID

from services.payments.adapters.accounts.senders import freeze_senders
from services.payments.adapters.deciding_services.populations import Populations
from services.payments.adapters.runs.run_content import Content, freeze_content
from services.payments.adapters.runs.run_rows import locked_run, move_run
from services.payments.use_cases.runs.check_payment_date import refuse_overdue
from services.payments.use_cases.runs.check_population import refuse_incomplete
from shared.approvals.by_hash import OPEN_AGAIN, approve_by_hash
from shared.approvals.two_people import Proposal
from shared.contracts.facts.payments import RunApproved
from shared.service_kit.observability.telemetry import current_trace_id
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def approve_run(work: UnitOfWork, run_id: UUID, sha256: str, populations: Populations) -> None:
    """Approve what ``sha256`` names; refused where orders, accounts or senders have moved since the proposal.

    What is frozen is what was hashed: proved in this transaction, which a refusal takes back.

    Args:
        populations: what the deciding services said of the run's month just now.

    Raises:
        Problem: same-person, content-moved, not-found; wrong-state, also where the payment date has passed;
            nothing-to-pay; not-determined where the month of a regular run is not determined, or not all of it has
            come to us.
    """
    run = locked_run(work, run_id, "proposed")
    refuse_incomplete(work, run, populations)
    proposal = Proposal(run.proposer, run.sha256)
    frozen: list[Content] = []

    def freeze() -> str:
        frozen.append(freeze_content(work, run))
        return frozen[0].totals.sha256

    approve_by_hash(work, proposal, sha256, lambda: run.sha256, again=OPEN_AGAIN)
    refuse_overdue(work, run)
    approval = approve_by_hash(work, proposal, sha256, freeze, again=OPEN_AGAIN)
    (content,) = frozen
    _refuse_without_sender(content)
    freeze_senders(work, run_id, sha256, content.senders)
    trace = {"trace_id": current_trace_id(), "traceparent": work.traceparent}
    move_run(work, run_id, "approved", approver=approval.approver, approved_at=work.clock.now(), **trace)
    totals = content.totals
    fact = RunApproved(run_id=run_id, count=totals.orders, yen=totals.yen, sha256=sha256, **approval.people)
    work.fact(fact, subject=f"run:{run_id}")


def _refuse_without_sender(content: Content) -> None:
    if content.without_sender:
        detail = f"振込依頼人の口座が登録されていません: {'、'.join(content.without_sender)}"
        raise Problem("wrong-state", field="sender", detail=detail)
