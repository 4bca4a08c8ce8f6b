"""Withdraw orders that were not sent, by new rows, when an entitlement falls below what was ordered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update

from services.payments.adapters.runs.run_rows import move_run
from services.payments.adapters.tables import transfers, withdrawals
from services.payments.domain.coverage import Key
from services.payments.domain.due import Due, move
from services.payments.domain.run import UNSENT
from shared.contracts.facts.payments import OrderWithdrawn
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork

_RUNS = text("""
SELECT run_id, state FROM runs
WHERE run_id IN (SELECT run_id FROM orders WHERE case_no = :case_no AND month = :month AND kind = :kind)
ORDER BY opened_at DESC, run_id FOR UPDATE
""")
_LEFT = text("""
SELECT o.order_id, o.run_id, o.yen - coalesce(sum(w.yen), 0) AS yen
FROM orders o LEFT JOIN withdrawals w USING (order_id)
WHERE o.case_no = :case_no AND o.month = :month AND o.kind = :kind GROUP BY o.order_id
""")
_NO_LONGER_LIVE = text("""
UPDATE transfer_orders SET live = false
WHERE live AND transfer_id IN (SELECT transfer_id FROM transfers WHERE run_id = :run_id)
""")


@dataclass(frozen=True, slots=True)
class _Unsent:
    order_id: UUID
    run_id: UUID
    state: str
    yen: int


def withdraw(work: UnitOfWork, key: Key, before: Due, entitled: int, cause: ReceivedFact) -> Due:
    """What is due after a fall to ``entitled``; the newest unsent orders are withdrawn first.

    A run that had them and was proposed or approved goes back to ``ordering``: its content has moved, and two people
    have to see it again. What the treasurer has accepted counts as sent and becomes overpaid.
    """
    unsent = _unsent(work, key)
    moved = move(before, entitled, sum(one.yen for one in unsent))
    left = moved.withdrawn
    for one in unsent:
        yen = min(left, one.yen)
        if yen:
            _withdraw(work, key, one, yen, cause)
            left -= yen
    return moved.due


def _unsent(work: UnitOfWork, key: Key) -> list[_Unsent]:
    names = dict(zip(("case_no", "month", "kind"), key, strict=True))
    states = {row.run_id: row.state for row in work.session.execute(_RUNS, names).all()}
    order = list(states)
    left: list[Any] = [row for row in work.session.execute(_LEFT, names).all() if states[row.run_id] in UNSENT]
    left.sort(key=lambda row: order.index(row.run_id))
    return [_Unsent(row.order_id, row.run_id, states[row.run_id], int(row.yen)) for row in left]


def _withdraw(work: UnitOfWork, key: Key, one: _Unsent, yen: int, cause: ReceivedFact) -> None:
    work.session.execute(
        insert(withdrawals).values(order_id=one.order_id, fact_id=cause.id, yen=yen, withdrawn_at=work.clock.now()),
    )
    if one.state in ("proposed", "approved"):
        _reopen(work, one.run_id)
    case_no, month, kind = key
    told = {"run_id": one.run_id, "case_no": case_no, "month": month, "kind": kind, "yen": yen}
    work.fact(
        OrderWithdrawn.model_validate(told),
        subject=f"case:{case_no}",
        caused_by=cause,
    )


def _reopen(work: UnitOfWork, run_id: UUID) -> None:
    move_run(work, run_id, "ordering", sha256=None, proposed_at=None, approver=None, approved_at=None)
    withdraw_transfers(work, run_id)


def withdraw_transfers(work: UnitOfWork, run_id: UUID) -> None:
    """Give up the transfers that an approval of the run has frozen; none of them was sent."""
    work.session.execute(_NO_LONGER_LIVE, {"run_id": run_id})
    work.session.execute(
        update(transfers)
        .where(transfers.c.run_id == run_id, transfers.c.state == "approved")
        .values(state="withdrawn"),
    )
