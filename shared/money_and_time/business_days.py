"""Bank business days (銀行営業日).

The holidays are handed in, so that this package needs the standard library alone: `holidays` is any function
`(date) -> bool` that is true on a 国民の祝日 or 休日; with jpholiday that is `jpholiday.is_holiday`.
Saturdays, Sundays and 12/31 to 1/3 are known here (銀行法施行令 第5条).
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

Holidays: TypeAlias = Callable[[date], bool]


def is_bank_day(day: date, holidays: Holidays) -> bool:
    """True where banks are open."""
    year_end = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not year_end and not holidays(day)


def previous_bank_day(day: date, holidays: Holidays) -> date:
    """The day itself where banks are open on it, else the last bank day before."""
    while not is_bank_day(day, holidays):
        day -= timedelta(days=1)
    return day


def next_bank_day(day: date, holidays: Holidays) -> date:
    """The day itself where banks are open on it, else the first bank day after."""
    while not is_bank_day(day, holidays):
        day += timedelta(days=1)
    return day
