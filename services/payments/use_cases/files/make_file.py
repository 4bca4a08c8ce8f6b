"""Make the bank file (総合振込) of one programme of a run, and check it before anybody sees it."""

from uuid import UUID

from services.payments.adapters.accounts.senders import sender_of
from services.payments.adapters.files.file_rows import mark_sent, payments_of, store_file
from services.payments.adapters.runs.run_content import is_as_approved
from services.payments.adapters.runs.run_rows import locked_run
from services.payments.domain.bank_file import FileFault, bank_file
from services.payments.domain.bank_file_inspector import inspect
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.unit_of_work import UnitOfWork


def make_file(work: UnitOfWork, chunk: Chunk) -> None:
    """Store the file's bytes once the independent reader finds the run's own count and total in them, and no fault.

    The transfers it is made of are those of the approval: they are hashed anew.

    Raises:
        FileFault: the transfers have another hash than was approved, the run was approved without a sender of the
            programme, or the reader disagrees; nothing is stored and the chunk stays open.
    """
    run_id, programme = UUID(chunk.job_id), chunk.payload["programme"]
    run = locked_run(work, run_id, "accepted")
    if not is_as_approved(work, run):
        raise FileFault("the transfers are not those that were approved")
    payments = payments_of(work, run_id, programme)
    if payments:
        sender = sender_of(work, run_id, programme)
        if sender is None:
            raise FileFault(f"no sender is known for {programme}")
        content = bank_file(sender, run.payment_date, payments)
        inspection = inspect(content, run.payment_date)
        paid = len(payments), sum(payment.yen for payment in payments)
        if inspection.errors or (inspection.records, inspection.yen) != paid:
            raise FileFault("the independent reader does not agree with the file")
        name = f"{run.month}/{run.month}-{run.number:02}-{run.run_kind}-{programme}.dat"
        store_file(work, run_id, programme, name, content, inspection)
    mark_sent(work, run_id, programme)
