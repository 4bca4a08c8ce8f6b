"""Accept a disbursement order (支出命令): the treasurer (会計管理者), by the hash that was approved."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text

from services.payments.adapters.runs.run_rows import locked_run, move_run
from services.payments.adapters.tables import disbursement_orders
from services.payments.use_cases.runs.check_payment_date import refuse_overdue
from shared.approvals.by_hash import OPEN_AGAIN
from shared.contracts.facts.payments import DisbursementAccepted
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

FILE_JOB: Final = "files"

_BY_PROGRAMME = text("""
SELECT t.programme, count(*) AS orders, sum(o.yen)::bigint AS yen
FROM transfers t JOIN transfer_orders o USING (transfer_id)
WHERE t.run_id = :run_id AND o.live GROUP BY t.programme ORDER BY t.programme
""")


def accept_disbursement(work: UnitOfWork, run_id: UUID, sha256: str) -> None:
    """Accept what ``sha256`` names; from here on its orders count as sent. One row a programme: budget items differ.

    Raises:
        Problem: same-person where the treasurer proposed or approved; content-moved, not-found;
            wrong-state, also where the payment date has passed.
    """
    run = locked_run(work, run_id, "approved")
    if work.actor in (run.proposer, run.approver):
        raise Problem("same-person", field="treasurer", detail="起案・決裁をした人は支出命令を受理できません")
    refuse_overdue(work, run)
    rows = work.connection.execute(_BY_PROGRAMME, {"run_id": run_id}).all()
    if sha256 != run.sha256 or sum(row.yen for row in rows) != run.yen:
        raise Problem("content-moved", field="sha256", detail=OPEN_AGAIN)
    _order(work, run_id, sha256, rows)
    chunks.plan(work, FILE_JOB, str(run_id), [{"programme": row.programme} for row in rows] or [{"programme": ""}])
    work.fact(
        DisbursementAccepted(run_id=run_id, count=run.orders, yen=run.yen, sha256=sha256, treasurer=work.actor),
        subject=f"run:{run_id}",
    )


def _order(work: UnitOfWork, run_id: UUID, sha256: str, rows: Sequence[Any]) -> None:
    now = work.clock.now()
    act = {"run_id": run_id, "sha256": sha256, "treasurer": work.actor, "accepted_at": now}
    ordered = [{**act, "programme": row.programme, "orders": row.orders, "yen": row.yen} for row in rows]
    if ordered:
        work.connection.execute(insert(disbursement_orders), ordered)
    accepted = {"treasurer": work.actor, "accepted_at": now, "accepted_on": work.clock.today()}
    move_run(work, run_id, "accepted", **accepted, traceparent=work.traceparent)
