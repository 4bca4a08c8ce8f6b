"""Casework: how urgent it is what has to be done in a case (約束・予定), and what comes up by itself. Pure."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

AHEAD: Final = 14
"""Days ahead that somebody wants to know of."""
Urgency = Literal["overdue", "today", "soon", "later"]
"""期限超過, きょうまで, 14日以内, それより後."""


UPCOMING: Final = 60
"""Days ahead that somebody wants to know of a paper that expires, and of an age that is reached."""
AGES: Final = (15, 18, 20, 65, 75)
"""Ages at which a caseworker looks at a household anew, since a rule or another benefit hangs on one of them."""


RHYTHMS: Final[Mapping[str, int]] = {"monthly": 1, "quarterly": 3, "yearly": 12}
"""Months after which a declaration is due again."""


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or the last one that the month has; a month's end stays one."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, index + 1)[1]
    is_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, index + 1, last if is_end else min(day.day, last))


def next_period(last: date, months: int) -> tuple[date, date]:
    """Return the first and the last day of the months after a day."""
    first = last + timedelta(days=1)
    return first, months_later(first, months) - timedelta(days=1)


def births_of(age: int, first: date, last: date) -> list[date]:
    """Return who reaches an age on one of the days, by the day of birth; 29 February counts on 1 March."""
    days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
    births = [_years_before(day.month, day.day, day.year - age) for day in days]
    leaps = [_years_before(2, 29, day.year - age) for day in days if (day.month, day.day) == (3, 1)]
    born = {birth for birth in [*births, *leaps] if birth is not None}
    return sorted(birth for birth in born if first <= reached_on(birth, age) <= last)


def reached_on(birth: date, age: int) -> date:
    """Return the birthday on which somebody reaches an age."""
    return _years_before(birth.month, birth.day, birth.year + age) or date(birth.year + age, 3, 1)


def _years_before(month: int, day: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
