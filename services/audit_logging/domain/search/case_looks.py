"""Which looks at a case those who answer for it may read (閲覧した人). Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final

MOST: Final = 20
"""Looks that are shown, the newest."""
DAYS: Final = 90
"""How many days back, today not counted."""
SHOWN_PURPOSES: Final = frozenset(
    {
        "casework",
        "enquiry",
        "complaint",
        "investigation",
        "determination",
        "notice",
        "payments",
        "disbursement",
        "operation",
    }
)
"""Purposes (目的) of the office's work on households."""
EXAMINING_PURPOSES: Final = frozenset({"review", "monthly_review", "board_request"})
"""Purposes with which the office examines its own staff (点検, 審議会): who is examined must not learn of it here."""
NOT_OF_A_PERSON: Final = frozenset({"access"})
"""Looks that a service takes in a person's name before it shows something: that has a look of its own."""
NEEDS: Final = {"restrictions": "restriction.read"}
"""Looks that say something of the case which not everybody may know, by what was seen: the permission for it."""


def first_day(today: date) -> date:
    """The first Asia/Tokyo day of which looks are shown."""
    return today - timedelta(days=DAYS)


def is_shown(what: str, purpose: str, hidden: AbstractSet[str]) -> bool:
    """Whether a look stands on the list.

    Args:
        hidden: what was seen that the reader may know nothing of.
    """
    return purpose in SHOWN_PURPOSES and what not in NOT_OF_A_PERSON | hidden
