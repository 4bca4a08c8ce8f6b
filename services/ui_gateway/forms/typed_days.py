"""Dates as an office types them, for forms: read, said back as understood, and sent on as services take them."""

from datetime import date
from typing import TypeAlias

from shared.money_and_time.eras import format_era
from shared.money_and_time.typed_dates import (
    Birth,
    DateRefused,
    PartialDate,
    echo_birth,
    echo_day,
    read_birth,
    read_day,
)

__all__ = ["DateRefused", "Typed", "as_json", "as_typed", "from_json", "read", "said_back"]
Typed: TypeAlias = Birth
"""A day; of a birth, as much as is known of it."""


def read(text: str, today: date, *, birth: bool, ahead: bool) -> Typed:
    """The day, or the birth, that was typed; a day after today where one may lie ``ahead``.

    Raises:
        DateRefused: in Japanese: what it is not, and what to type.
    """
    return read_birth(text, today) if birth else read_day(text, today, future="accept" if ahead else "refuse")


def said_back(value: Typed, today: date, *, birth: bool) -> str:
    """ "令和8年12月1日(火)"; of a birth "昭和25年5月3日(76歳)"."""
    return echo_birth(value, today) if birth or not isinstance(value, date) else echo_day(value)


def as_typed(value: Typed) -> str:
    """The value as somebody may have typed it: it reads back as the same."""
    if isinstance(value, PartialDate):
        return f"{value.year}年{value.month}月不詳" if value.month else f"{value.year}年不詳"
    return format_era(value) if isinstance(value, date) else value


def as_json(value: Typed) -> str | None:
    """ISO 8601 as far as it is known: "1950-05-03", "1950-05", "1950"; None where nothing is."""
    if isinstance(value, PartialDate):
        return f"{value.year:04d}-{value.month:02d}" if value.month else f"{value.year:04d}"
    return value.isoformat() if isinstance(value, date) else None


def from_json(text: str) -> Typed:
    """What `as_json` gave."""
    year, _, rest = text.partition("-")
    if "-" in rest:
        return date.fromisoformat(text)
    return PartialDate(int(year), int(rest) if rest else None)
