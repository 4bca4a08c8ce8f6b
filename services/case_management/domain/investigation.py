"""Investigation requests (調査依頼): until when an answer is awaited, and what is urgent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

InvestigationState = Literal["waiting", "near", "overdue", "answered", "closed"]
"""How a request stands: 回答待ち, 期限間近, 期限超過, 回答済, 終結."""

NEAR: Final = 7
"""Days before the due day from which on a caseworker wants to know."""
_ORDER: Final[dict[InvestigationState, int]] = {"overdue": 0, "near": 1, "waiting": 2, "answered": 3, "closed": 4}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands on a day, by the entries that there are."""

    due_on: date
    kinds: Collection[str]
    today: date

    @property
    def state(self) -> InvestigationState:
        """What a late answer says counts also after the request was closed without one."""
        if "answered" in self.kinds:
            return "answered"
        if "closed" in self.kinds:
            return "closed"
        if self.days_left < 0:
            return "overdue"
        return "near" if self.days_left <= NEAR else "waiting"

    @property
    def days_left(self) -> int:
        """Days until the answer is due, below 0 after that."""
        return (self.due_on - self.today).days

    @property
    def urgency(self) -> tuple[int, date]:
        """What sorts requests: the overdue ones first, each kind by its due day."""
        return _ORDER[self.state], self.due_on


def soon(today: date) -> date:
    """Return the last due day that counts as urgent today."""
    return today + timedelta(days=NEAR)
