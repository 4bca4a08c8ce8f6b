"""和暦: Japanese eras, with 元年 for the first year."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from shared.money_and_time.written_dates import Era, take_apart


class _Span(NamedTuple):
    era: Era
    begins: date
    year_one: int


_ERAS: Final = (
    _Span("令和", date(2019, 5, 1), 2019),
    _Span("平成", date(1989, 1, 8), 1989),
    _Span("昭和", date(1926, 12, 25), 1926),
    _Span("大正", date(1912, 7, 30), 1912),
    _Span("明治", date(1873, 1, 1), 1868),
)
"""The first day of each era and its year 1, newest first (元号を改める政令; 明治 from the solar calendar on)."""
FIRST_DAY: Final = _ERAS[-1].begins
"""The first day of the solar calendar (明治5年太政官布告第337号); before it there is no day of ours."""


class OutsideEra(ValueError):
    """A day of the calendar that lies before or after the era it is written in."""

    def __init__(self, era: Era, day: date) -> None:
        super().__init__("the day does not lie in that era")
        self.era, self.day = era, day


def format_era(day: date) -> str:
    """ "令和8年10月1日"; "令和元年5月1日". ValueError before 1873-01-01."""
    return f"{format_era_month(day)}{day.day}日"


def format_era_month(day: date) -> str:
    """ "令和8年10月" for the month of the day."""
    return f"{format_era_year(day)}{day.month}月"


def format_era_year(day: date) -> str:
    """ "令和8年" for the year of the day."""
    span = _span_of(day)
    year = day.year - span.year_one + 1
    return f"{span.era}{'元' if year == 1 else year}年"


def era_of(day: date) -> Era:
    """The era in which the day lies. ValueError before 1873-01-01."""
    return _span_of(day).era


def bounds_of(era: Era) -> tuple[date, date]:
    """The first and last day of an era; the running one has no end that is known, thus the last day of all."""
    place = next(place for place, span in enumerate(_ERAS) if span.era == era)
    last = _ERAS[place - 1].begins - timedelta(days=1) if place else date.max
    return _ERAS[place].begins, last


def western_year(era: Era, year: int) -> int:
    """2026 for 令和8年."""
    return next(span.year_one for span in _ERAS if span.era == era) + year - 1


def era_day(era: Era, year: int, month: int, day: int) -> date:
    """The day of an era.

    Raises:
        OutsideEra: it is no day of that era (昭和64年1月8日, 平成31年5月1日).
        ValueError: it is no day of the calendar (令和8年2月30日), or none of the solar calendar.
    """
    western = date(western_year(era, year), month, day)
    if year < 1 or era_of(western) != era:
        raise OutsideEra(era, western)
    return western


def parse_era(text: str) -> date:
    """The day written as "令和8年10月1日", "令和元年…" or "R8.10.1" (half or full width).

    Whatever else staff type is read by `typed_dates`.

    ValueError where the form is another, or the day is no day of that era (昭和64年1月8日, 平成31年5月1日).
    """
    parts = take_apart(text)
    if parts is None or parts.era is None or parts.year is None or parts.month is None or parts.day is None:
        raise ValueError("a date in an era is written 令和8年10月1日 or R8.10.1")
    return era_day(parts.era, parts.year, parts.month, parts.day)


def _span_of(day: date) -> _Span:
    for span in _ERAS:
        if day >= span.begins:
            return span
    raise ValueError("before the solar calendar (1873-01-01)")
