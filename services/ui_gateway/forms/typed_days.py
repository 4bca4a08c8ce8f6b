"""Dates as an office types them, read in this one place, and said back as they were understood."""

from datetime import date
from typing import Final

from shared.money_and_time.eras import format_era, parse_era

EXAMPLES: Final = "R8.12.1、令和8年12月1日、2026-12-01"
"""What the help of a date shows."""
_WEEKDAYS: Final = "月火水木金土日"


def read_day(text: str) -> date:
    """The day that was typed, in an era or as ISO 8601.

    Raises:
        ValueError: it is no date, or none of the calendar.
    """
    try:
        return parse_era(text)
    except ValueError:
        day = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
        format_era(day)  # before the solar calendar there is nothing to read
        return day


def said_back(day: date) -> str:
    """ "令和8年12月1日(火)"."""
    return f"{format_era(day)}({_WEEKDAYS[day.weekday()]})"


def age(born: date, today: date) -> int:
    """Full years at the last birthday, as staff say it; the rules of benefits count for themselves."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
