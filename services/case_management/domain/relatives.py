"""Relatives liable for support (扶養義務者): how an enquiry (扶養照会) stands, and when its letter may be printed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

EnquiryState = Literal["open", "proposed", "returned", "excluded", "approved", "sent", "overdue", "answered"]
"""How an enquiry stands: 検討前, 決裁待ち, 差戻し, 照会しない, 照会できる, 照会中, 回答期限超過, 回答済."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The newest proposal: whether to write at all, and what another person said to it; None while nobody did."""

    enquire: bool
    agreed: bool | None
    as_recorded: bool = True
    """Whether the relative is recorded still as they were when it was proposed."""

    @property
    def may_print(self) -> bool:
        """Whether the letter may be printed: a newer proposal bars it until it is decided on too."""
        return self.enquire and self.agreed is True


def enquiry_state(decision: Decision | None, letter_due_on: date | None, answered: bool, today: date) -> EnquiryState:
    """Return how an enquiry stands today; `letter_due_on` is the day by which the newest letter asks to answer.

    What was agreed to for somebody recorded otherwise since is open again, unless a letter is out.
    """
    if answered:
        return "answered"
    if decision is None:
        return "open"
    if decision.agreed is None:
        return "proposed"
    if not decision.agreed:
        return "returned"
    if not decision.enquire:
        return "excluded"
    if letter_due_on is None:
        return "approved" if decision.as_recorded else "open"
    return "overdue" if today > letter_due_on else "sent"
