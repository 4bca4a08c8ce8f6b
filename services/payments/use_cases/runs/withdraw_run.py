"""Withdraw a run (取下げ): orders are given up by new rows, the month may be opened anew."""

from uuid import UUID

from sqlalchemy import text

from services.payments.adapters.entitlements.standing import lock_entitlements
from services.payments.adapters.runs.run_rows import locked_run, move_run
from services.payments.adapters.runs.unsent_orders import withdraw_transfers
from services.payments.domain.run import WITHDRAWABLE
from services.payments.use_cases.runs.check_payment_date import refuse_approved_in_time
from services.payments.use_cases.runs.cut_off_run import ORDER_JOB
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.payments import RunWithdrawn
from shared.service_kit.unit_of_work import UnitOfWork

_CLOSE_CHUNKS = text("""
UPDATE chunks SET state = 'closed' WHERE job_id = :run_id AND state <> 'closed' AND (job = :orders OR state = 'parked')
""")
_LEFT = text("""
SELECT o.order_id, o.case_no, o.month, o.kind, o.yen - coalesce(w.yen, 0) AS yen
FROM due d JOIN orders o USING (case_no, month, kind)
LEFT JOIN (SELECT order_id, sum(yen)::bigint AS yen FROM withdrawals GROUP BY order_id) w USING (order_id)
WHERE o.run_id = :run_id AND o.yen > coalesce(w.yen, 0)
ORDER BY o.case_no, o.month, o.kind FOR UPDATE OF d
""")
_WITHDRAW = text("""
WITH given AS (
  SELECT * FROM unnest(CAST(:order_ids AS uuid[]), CAST(:yens AS bigint[])) AS g (order_id, yen)
), kept AS (
  INSERT INTO withdrawals (order_id, fact_id, yen, withdrawn_at) SELECT order_id, :fact_id, yen, :now FROM given
)
UPDATE due d SET ordered = d.ordered - g.yen, version = d.version + 1
FROM given g JOIN orders o USING (order_id)
WHERE d.case_no = o.case_no AND d.month = o.month AND d.kind = o.kind
""")


def withdraw_run(work: UnitOfWork, run_id: UUID) -> None:
    """Take back a run; what it had ordered is owed again, and what of it is still to be done is done by nobody.

    No order of it is being made meanwhile: a chunk under way is waited for, and none begins after it. It is waited for
    before the run's row is locked, which the chunk needs for its orders. An approved run is taken back once its payment
    date has passed, with its transfers.

    Raises:
        Problem: not-found; wrong-state where the run is approved and can still be paid, accepted, or withdrawn already.
    """
    lock_entitlements(work)
    work.connection.execute(_CLOSE_CHUNKS, {"run_id": str(run_id), "orders": ORDER_JOB})
    run = locked_run(work, run_id, *WITHDRAWABLE)
    refuse_approved_in_time(work, run)
    rows = work.connection.execute(_LEFT, {"run_id": run_id}).all()
    fact_id = work.fact(
        RunWithdrawn(
            run_id=run_id,
            month=run.month,
            run_kind=run.run_kind,
            count=len(rows),
            yen=sum(row.yen for row in rows),
            sha256=sha256_of([row.case_no, row.month, row.kind, row.yen] for row in rows),
        ),
        subject=f"run:{run_id}",
    )
    now = work.clock.now()
    withdrawn = {"order_ids": [row.order_id for row in rows], "yens": [row.yen for row in rows]}
    work.connection.execute(_WITHDRAW, {**withdrawn, "fact_id": fact_id, "now": now})
    withdraw_transfers(work, run_id)
    act = {"withdrawn_by": work.actor, "withdrawn_at": now, "traceparent": work.traceparent}
    move_run(work, run_id, "withdrawn", **act)
