"""Casework: how urgent it is what has to be done in a case (約束・予定)."""

from datetime import date, timedelta
from typing import Final, Literal

AHEAD: Final = 14
"""Days ahead that somebody wants to know of."""
Urgency = Literal["overdue", "today", "soon", "later"]
"""期限超過, きょうまで, 14日以内, それより後."""


def urgency(due_on: date, today: date) -> Urgency:
    """How urgent it is today."""
    if due_on < today:
        return "overdue"
    if due_on == today:
        return "today"
    return "soon" if due_on <= horizon(today) else "later"


def horizon(today: date) -> date:
    """The last day that counts as soon."""
    return today + timedelta(days=AHEAD)
