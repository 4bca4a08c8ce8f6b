"""Withdraw orders that were not sent, by new rows, when an entitlement falls below what was ordered."""

from collections.abc import Iterable
from uuid import UUID

from services.payments.adapters.runs.run_rows import move_run
from services.payments.adapters.runs.unsent_orders import keep_withdrawal, withdraw_transfers
from services.payments.domain.coverage import Key
from services.payments.domain.withdrawals import Withdrawal
from shared.contracts.facts.payments import OrderWithdrawn
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork


def withdraw_orders(
    work: UnitOfWork, key: Key, withdrawals: Iterable[Withdrawal], cause: ReceivedFact, reopened: set[UUID]
) -> None:
    """Take back what the withdrawals name of the orders of one case, month and kind.

    A run that had them and was proposed or approved goes back to ``ordering``: its content has moved, and two people
    have to see it again. What the treasurer has accepted counts as sent and is not among them.

    Args:
        cause: the fact that lowered the entitlement.
        reopened: the runs that went back in this transaction already; those that go back now are added.
    """
    case_no, month, kind = key
    for withdrawal in withdrawals:
        order = withdrawal.order
        keep_withdrawal(work, withdrawal, cause.id)
        if order.run_state in ("proposed", "approved") and order.run_id not in reopened:
            _reopen(work, order.run_id)
            reopened.add(order.run_id)
        payload = {"run_id": order.run_id, "case_no": case_no, "month": month, "kind": kind, "yen": withdrawal.yen}
        work.fact(OrderWithdrawn.model_validate(payload), subject=f"case:{case_no}", caused_by=cause)


def _reopen(work: UnitOfWork, run_id: UUID) -> None:
    move_run(work, run_id, "ordering", sha256=None, proposed_at=None, approver=None, approved_at=None)
    withdraw_transfers(work, run_id)
