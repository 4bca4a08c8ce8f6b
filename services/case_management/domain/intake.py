"""Intake: the days within which an application (申請) has to be decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

DAYS_TO_DECIDE: Final = 14
"""法24条5項: the decision is notified within 14 days of the application."""
DAYS_AT_MOST: Final = 30
"""法24条5項ただし書: where a special reason is named, within 30 days; after them it counts as refused (同7項)."""
NEAR: Final = 3
"""Days before a limit at which a supervisor wants to know."""
LimitState = Literal["open", "near", "extended", "reason_missing", "over"]
"""How an open application stands against its limits: 期限内, 期限間近, 延長中, 遅延理由が未記入, 30日超過."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Until when an application has to be decided on: the day of application itself does not count (民法140条)."""

    applied_on: date

    @property
    def decide_by(self) -> date:
        """The last day without a special reason."""
        return self.applied_on + timedelta(days=DAYS_TO_DECIDE)

    @property
    def at_most(self) -> date:
        """The last day with one."""
        return self.applied_on + timedelta(days=DAYS_AT_MOST)

    def state(self, today: date, reasons: Sequence[str]) -> LimitState:
        """How it stands today, where `reasons` for taking longer are recorded."""
        if today > self.at_most:
            return "over"
        if today > self.decide_by:
            return "extended" if reasons else "reason_missing"
        if today > self.decide_by - timedelta(days=NEAR):
            return "near"
        return "open"

    def days_left(self, today: date, reasons: Sequence[str]) -> int:
        """Days until the limit that counts, below 0 after it."""
        return ((self.at_most if reasons else self.decide_by) - today).days
