"""Months as the text "YYYY-MM", the form in which they travel, are stored and sort."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TypeAlias

Month: TypeAlias = str

_FORM = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def parse_month(text: str) -> Month:
    """The month itself when it is written "YYYY-MM"; ValueError otherwise."""
    if not _FORM.fullmatch(text) or text < "0001":
        raise ValueError("a month is written YYYY-MM")
    return text


def month_of(day: date) -> Month:
    """The month in which the day lies."""
    return f"{day.year:04d}-{day.month:02d}"


@lru_cache(maxsize=4096)
def first_day(month: Month) -> date:
    """The first day of the month; ValueError when it is not written "YYYY-MM"."""
    year, number = parse_month(month).split("-")
    return date(int(year), int(number), 1)


@lru_cache(maxsize=4096)
def last_day(month: Month) -> date:
    """The last day of the month."""
    return first_day(month).replace(day=days_in_month(month))


def days_in_month(month: Month) -> int:
    """実日数: 28 to 31."""
    first = first_day(month)
    return calendar.monthrange(first.year, first.month)[1]


def next_month(month: Month) -> Month:
    """The month after."""
    return _shift(month, 1)


def previous_month(month: Month) -> Month:
    """The month before."""
    return _shift(month, -1)


def months_ahead(month: Month, today: date) -> int:
    """How many months a month lies after that of today; below 0 where it is past."""
    first = first_day(month)
    return (first.year - today.year) * 12 + first.month - today.month


def months_from(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included; none where last is before first."""
    month = parse_month(first)
    while month <= last:
        yield month
        month = next_month(month)


def _shift(month: Month, by: int) -> Month:
    first = first_day(month)
    year, index = divmod(first.year * 12 + first.month - 1 + by, 12)
    return f"{year:04d}-{index + 1:02d}"
