"""Which orders (支払決定) are taken back when an entitlement falls: those that were not sent, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.payments.domain.due import Due, after_determination
from shared.contracts.codes import RunState


@dataclass(frozen=True, slots=True)
class UnsentOrder:
    """An order of a run that the treasurer has not accepted, and the yen of it that nobody has withdrawn."""

    order_id: UUID
    run_id: UUID
    run_state: RunState
    yen: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Yen to be taken back of an order."""

    order: UnsentOrder
    yen: int


def settle(before: Due, entitled: int, unsent: Sequence[UnsentOrder]) -> tuple[Due, list[Withdrawal]]:
    """What is due once ``entitled`` yen are entitled, and what has to be withdrawn for it.

    Args:
        unsent: orders of the same case, month and kind, in the order in which they are withdrawn.
    """
    change = after_determination(before, entitled, sum(order.yen for order in unsent))
    left, withdrawals = change.withdrawn, []
    for order in unsent:
        yen = min(left, order.yen)
        if yen:
            withdrawals.append(Withdrawal(order, yen))
            left -= yen
    return change.due, withdrawals
