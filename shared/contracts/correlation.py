"""One correlation for all acts of an office's month, so that its journey can be read as one."""

from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

_OFFICE_MONTH = UUID("5b0f3a52-4c0e-5e0a-9a1c-6f6b0d3c2a11")


def month_correlation(month: str) -> str:
    """The correlation id of the regular work of ``month`` ("YYYY-MM"), the same in every process."""
    return str(uuid5(_OFFICE_MONTH, month))


AROUND: Final = 36
"""Months before and after a day whose acts may still be done."""


def is_of_a_month(correlation: str, day: date) -> bool:
    """Whether it is the correlation of a month's regular work, three years before ``day`` to three years after."""
    return correlation in _around(day.year * 12 + day.month - 1)


@lru_cache(maxsize=4)
def _around(month: int) -> frozenset[str]:
    months = (divmod(number, 12) for number in range(month - AROUND, month + AROUND + 1))
    return frozenset(month_correlation(f"{year:04}-{at + 1:02}") for year, at in months)
