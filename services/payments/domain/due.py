"""The one row that guards a case, month and kind: what is owed, what was ordered, what came back.

All amounts are whole yen, none is negative, and ``ordered <= entitled + overpaid + claimed`` always holds.
The same arithmetic stands in the database as a CHECK, and in the statement that makes orders
(``adapters/runs/ordering.py``).
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Due:
    """Yen of one case, month and kind.

    Attributes:
        entitled: what the newest determination grants and no other case holds back.
        ordered: what orders have taken, less what was withdrawn unsent.
        overpaid: sent above ``entitled`` and under no claim yet.
        claimed: what a decided claim took over.
    """

    entitled: int = 0
    ordered: int = 0
    overpaid: int = 0
    claimed: int = 0

    @property
    def holds(self) -> bool:
        """True where no more is ordered than may be."""
        parts = (self.entitled, self.ordered, self.overpaid, self.claimed)
        return min(parts) >= 0 and self.ordered <= self.entitled + self.overpaid + self.claimed


@dataclass(frozen=True, slots=True)
class Changed:
    """A ``due`` after a determination, and the yen of unsent orders that have to be withdrawn for it."""

    due: Due
    withdrawn: int


def yen_to_order(due: Due, entitled_at_cut_off: int) -> int:
    """What a run may order: up to the smaller of entitled at its cut-off and entitled now, never below nothing."""
    return max(0, min(entitled_at_cut_off, due.entitled) - (due.ordered - due.claimed))


def order(due: Due, entitled_at_cut_off: int) -> Due:
    """``due`` after a run has ordered what it may."""
    return replace(due, ordered=due.ordered + yen_to_order(due, entitled_at_cut_off))


def after_determination(due: Due, entitled: int, unsent: int) -> Changed:
    """``due`` after a determination that grants ``entitled``, with ``unsent`` yen of orders still in the house.

    A fall first withdraws unsent orders; what was sent becomes overpaid. A rise first eats what is overpaid.
    """
    above = max(0, due.ordered - due.claimed - entitled)
    withdrawn = min(above, unsent)
    return Changed(
        due=replace(due, entitled=entitled, ordered=due.ordered - withdrawn, overpaid=above - withdrawn),
        withdrawn=withdrawn,
    )
