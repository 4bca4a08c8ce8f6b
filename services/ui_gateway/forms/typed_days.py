"""Dates as an office types them: the one place in which they are read, said back as understood, and sent on."""

from datetime import date
from typing import Final

from shared.money_and_time.eras import format_era, parse_era

_HOW: Final = "R8.12.1、令和8年12月1日、2026-12-01 のように入力してください"
_WEEKDAYS: Final = "月火水木金土日"


def read(text: str, today: date, *, birth: bool) -> date:
    """The day that was typed, in an era or as ISO 8601; a birth is not after today.

    Raises:
        ValueError: in Japanese: what it is not, and what to type.
    """
    try:
        day = _day(text)
    except ValueError:
        raise ValueError(f"日付として読めません。{_HOW}") from None
    if birth and day > today:
        raise ValueError(f"今日より後の日付です({said_back(day, today, birth=False)})。年号と年を確認してください")
    return day


def said_back(day: date, today: date, *, birth: bool) -> str:
    """ "令和8年12月1日(火)"; of a birth "昭和25年5月3日(76歳)"."""
    if birth:
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return f"{format_era(day)}({years}歳)"
    return f"{format_era(day)}({_WEEKDAYS[day.weekday()]})"


def as_typed(day: date) -> str:
    """ "令和8年12月1日", which reads back as the same day."""
    return format_era(day)


def as_json(day: date) -> str:
    """ISO 8601."""
    return day.isoformat()


def _day(text: str) -> date:
    try:
        return parse_era(text)
    except ValueError:
        day = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
        format_era(day)  # there is none before the solar calendar
        return day
