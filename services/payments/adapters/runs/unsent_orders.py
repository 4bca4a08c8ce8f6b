"""Orders (支払決定) that were not sent, and how they are taken back by new rows."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update

from services.payments.adapters.tables import transfers, withdrawals
from services.payments.domain.coverage import Key
from services.payments.domain.run import UNSENT
from services.payments.domain.withdrawals import UnsentOrder, Withdrawal
from shared.service_kit.unit_of_work import UnitOfWork

_LOCK_RUNS = text("""
SELECT run_id, state FROM runs
WHERE run_id IN (
  SELECT o.run_id FROM orders o
  JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[]), CAST(:kinds AS text[])) AS k (case_no, month, kind)
  USING (case_no, month, kind)
)
ORDER BY opened_at DESC, run_id FOR UPDATE
""")
_LEFT = text("""
SELECT o.case_no, o.month, o.kind, o.order_id, o.run_id, o.yen - coalesce(sum(w.yen), 0) AS yen
FROM orders o
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[]), CAST(:kinds AS text[])) AS k (case_no, month, kind)
USING (case_no, month, kind)
LEFT JOIN withdrawals w USING (order_id)
GROUP BY o.order_id
""")
_NO_LONGER_LIVE = text("""
UPDATE transfer_orders SET live = false
WHERE live AND transfer_id IN (SELECT transfer_id FROM transfers WHERE run_id = :run_id)
""")


def lock_unsent_orders(work: UnitOfWork, keys: Collection[Key]) -> dict[Key, list[UnsentOrder]]:
    """Orders of the keys that nobody has sent, newest run first; their runs are locked, and go on afterwards."""
    if not keys:
        return {}
    cases, months, kinds = zip(*keys, strict=True)
    named = {"cases": list(cases), "months": list(months), "kinds": list(kinds)}
    states = {row.run_id: row.state for row in work.connection.execute(_LOCK_RUNS, named)}
    newest = list(states)
    left: list[Any] = [row for row in work.connection.execute(_LEFT, named) if states[row.run_id] in UNSENT]
    orders: dict[Key, list[UnsentOrder]] = {}
    for row in sorted(left, key=lambda row: newest.index(row.run_id)):
        order = UnsentOrder(row.order_id, row.run_id, states[row.run_id], int(row.yen))
        orders.setdefault((row.case_no, row.month, row.kind), []).append(order)
    return orders


def keep_withdrawal(work: UnitOfWork, withdrawal: Withdrawal, fact_id: UUID) -> None:
    """Take yen of an order back by a new row, named by the fact behind it."""
    work.connection.execute(
        insert(withdrawals).values(
            order_id=withdrawal.order.order_id,
            fact_id=fact_id,
            yen=withdrawal.yen,
            withdrawn_at=work.clock.now(),
        ),
    )


def withdraw_transfers(work: UnitOfWork, run_id: UUID) -> None:
    """Give up the transfers that an approval of the run has frozen; none of them was sent."""
    work.connection.execute(_NO_LONGER_LIVE, {"run_id": run_id})
    work.connection.execute(
        update(transfers)
        .where(transfers.c.run_id == run_id, transfers.c.state == "approved")
        .values(state="withdrawn"),
    )
