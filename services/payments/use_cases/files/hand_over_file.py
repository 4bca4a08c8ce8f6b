"""Hand a stored file over to the treasurer's folder, and complete the run with the last one."""

from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import text

from services.payments.adapters.files.file_rows import LeasedFile, mark_written
from services.payments.adapters.runs.run_rows import locked_run, move_run
from services.payments.domain.ledger import BENEFIT, CHANNELS, PAYABLE
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.payments import FileMade, RunCompleted
from shared.money_and_time import first_day, fiscal_year
from shared.service_kit.unit_of_work import UnitOfWork

_MISSING = text("""
SELECT count(*) FROM disbursement_orders d
WHERE d.run_id = :run_id AND (
  EXISTS (SELECT FROM transfers t WHERE t.run_id = d.run_id AND t.programme = d.programme AND t.state = 'approved')
  OR EXISTS (SELECT FROM bank_files f WHERE f.run_id = d.run_id AND f.programme = d.programme AND written_at IS NULL)
)
""")
_POST_BENEFITS = text("""
INSERT INTO postings (run_id, debit, credit, yen, cause, posted_on, fiscal_year)
SELECT o.run_id, :benefit || ':' || o.programme || ':' || o.kind, :payable || ':' || o.programme, t.yen,
       'order:' || o.order_id, :accepted_on, :fiscal_year
FROM transfers s JOIN transfer_orders t USING (transfer_id) JOIN orders o USING (order_id)
WHERE s.run_id = :run_id AND t.live
ORDER BY o.case_no, o.month, o.kind
RETURNING debit, credit, yen
""")
_POST_TRANSFERS = text("""
INSERT INTO postings (run_id, debit, credit, yen, cause, posted_on, fiscal_year)
SELECT run_id, :payable || ':' || programme, CASE channel WHEN 'bank' THEN :bank ELSE :cash END, yen,
       'transfer:' || transfer_id, :accepted_on, :fiscal_year
FROM transfers
WHERE run_id = :run_id AND state IN ('in_file', 'at_desk')
ORDER BY case_no, transfer_id
""")


def hand_over_file(work: UnitOfWork, leased: LeasedFile) -> None:
    """The file was placed: publish it, and complete the run where it was the last. A re-issue was published by its act.

    A re-issue completes the run too: it may have been asked for while the other programme's file still waited.
    """
    if not mark_written(work, leased):
        return
    if leased.issue == 1:
        _publish_made(work, leased)
    complete_run(work, leased.run_id)


def _publish_made(work: UnitOfWork, leased: LeasedFile) -> None:
    programme = cast(Literal["public_assistance", "support_benefit"], leased.programme)
    work.fact(
        FileMade(
            run_id=leased.run_id,
            programme=programme,
            records=leased.records,
            yen=leased.yen,
            sha256=leased.sha256,
        ),
        subject=f"run:{leased.run_id}",
    )


def complete_run(work: UnitOfWork, run_id: UUID) -> None:
    """Post the run and set it to files_made once every programme is in its file or at the desk; idempotent.

    The days of the postings are the run's, whenever its files are made: the day of its acceptance, and the fiscal year
    of the month that it pays. April's benefit is the new year's, so that its day never falls into March (社援保第55号);
    what March is owed belongs to the old year until its accounts close on 31 May (出納整理期間, 地方自治法235条の5).
    """
    run = locked_run(work, run_id, "accepted", "files_made")
    if run.state == "files_made" or work.connection.execute(_MISSING, {"run_id": run_id}).scalar_one():
        return
    accounts = {"benefit": BENEFIT, "payable": PAYABLE, **CHANNELS}
    year = fiscal_year(first_day(run.month))
    values: dict[str, Any] = {"run_id": run_id, "accepted_on": run.accepted_on, "fiscal_year": year, **accounts}
    rows = work.connection.execute(_POST_BENEFITS, values).all()
    work.connection.execute(_POST_TRANSFERS, values)
    move_run(work, run_id, "files_made", files_made_at=work.clock.now())
    completed = RunCompleted(
        run_id=run_id,
        count=len(rows),
        yen=sum(row.yen for row in rows),
        sha256=sha256_of([[row.debit, row.credit, row.yen] for row in rows]),
    )
    work.fact(completed, subject=f"run:{run_id}")
