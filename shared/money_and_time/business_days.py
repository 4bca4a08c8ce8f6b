"""Bank business days (銀行営業日) and the days on which the office is open (開庁日).

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


def is_office_day(day: date, holidays: Holidays) -> bool:
    """True where the welfare office is open (開庁日).

    Closed on Saturdays, Sundays, holidays and the days that an ordinance names (地方自治法 第4条の2): 12/29 to 1/3, as
    the state's own offices have it (行政機関の休日に関する法律 第1条).
    """
    return is_bank_day(day, holidays) and (day.month, day.day) not in {(12, 29), (12, 30)}
