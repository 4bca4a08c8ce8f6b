"""One reader for every way in which an office types a date, and the echo of what was read.

    read_day("R081201", today)                    # date(2026, 12, 1)
    read_birth("昭和25年不詳", today)              # PartialDate(1950)
    echo_day(date(2026, 12, 1))                   # "令和8年12月1日(火)"
    echo_birth(date(1950, 5, 3), today)           # "昭和25年5月3日(76歳)"

Nothing is guessed: what can be read in two ways is refused, as is a day that does not exist. Whatever is echoed reads
back as the same.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NoReturn, TypeAlias

from shared.money_and_time.ages import age_on
from shared.money_and_time.eras import (
    FIRST_DAY,
    OutsideEra,
    bounds_of,
    era_day,
    era_of,
    format_era,
    format_era_month,
    format_era_year,
    western_year,
)
from shared.money_and_time.months import last_day
from shared.money_and_time.written_dates import Era, WrittenDate, plain, take_apart

Future: TypeAlias = Literal["accept", "refuse"]
"""Whether a day after today may be typed: a payment lies ahead, a receipt does not."""
Unknown: TypeAlias = Literal["不詳"]

_WEEKDAYS: Final = "月火水木金土日"
_YEAR_BESIDE: Final = re.compile("(明治|大正|昭和|平成|令和)?(元|[0-9]{1,4})年")
_REMARK: Final = re.compile(
    "[(](?:"
    "(?P<weekday>[月火水木金土日])(?:曜日?)?"
    "|[0-9]{1,3}(?:〜[0-9]{1,3})?歳"
    "|(?P<years>(?:(?:明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})年[.]?)+)"
    ")[)]"
)
"""What an echo, or a letter, says beside a date: its weekday, an age, the year in the other calendar."""
_HOW: Final = "令和8年12月1日、R8.12.1、R081201、2026-12-01 のように入力してください。"
_HOW_UNKNOWN: Final = "分からないところは、昭和25年5月不詳、昭和25年不詳、不詳 のように入力してください。"
_BEFORE_CALENDAR: Final = f"{format_era(FIRST_DAY)}(太陽暦の初日)より前の日付は扱えません。"


class DateRefused(ValueError):
    """What was typed is no date that can be taken. The message is for staff (Japanese): why, and what to type."""


@dataclass(frozen=True)
class PartialDate:
    """A birth of which the day, or month and day, are not known (生年月日の一部不詳).

    year: of the western calendar. month: 1 to 12, or None where only the year is known.
    """

    year: int
    month: int | None = None

    @property
    def first(self) -> date:
        """The first day that it can be."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """The last day that it can be."""
        return last_day(f"{self.year:04d}-{self.month or 12:02d}")


Birth: TypeAlias = date | PartialDate | Unknown


def read_day(text: str, today: date, *, future: Future = "accept") -> date:
    """The day that was typed, whole.

    "R081201", "r8.12.1", "R8/12/1", "令和8年12月1日", "令和元年5月1日", "㋿8年12月1日", "20261201", "2026-12-01",
    "2026/12/1", in half or full width, with blanks anywhere; with its weekday, which then has to be right. Without an
    era, "8.12.1" and "081201" are of the era of today. Two digits that lie nearer to today as the end of a western year
    ("26.12.1" in 2026) are refused.

    Raises:
        DateRefused: it is no date, not whole, can be read in two ways, does not exist, or lies ahead and may not.
    """
    parts = _parts(text, _HOW)
    if parts.day is None:
        _refuse(f"年・月・日のすべてが必要です。{_HOW}")
    day = _whole(_in_running_era(parts, today))
    _refuse_contradiction(text, day)
    if future == "refuse":
        _refuse_future(day, today)
    return day


def read_birth(text: str, today: date) -> Birth:
    """The birth that was typed: a day, what is known of it, or 不詳.

    The forms of `read_day`, with an era or a western year of four digits: nobody knows of which era a birth is. Beside
    them "S25.不詳", "昭和25年不詳", "昭和25年5月不詳日", "1950年5月不詳" and "不詳".

    Raises:
        DateRefused: it is no date, has no era, does not exist, or lies ahead.
    """
    parts = _parts(text, f"{_HOW}{_HOW_UNKNOWN}")
    if parts.year is None:
        return "不詳"
    if parts.era is None and parts.year < 100:
        _refuse("生年月日には元号を付けてください (例: S25.5.3、昭和25年5月3日)。")
    birth = _whole(parts) if parts.day is not None else _partly(parts)
    _refuse_contradiction(text, birth)
    _refuse_future(birth.first if isinstance(birth, PartialDate) else birth, today)
    return birth


def echo_day(day: date) -> str:
    """ "令和8年12月1日(火)". ValueError before 1873-01-01."""
    return f"{format_era(day)}({_WEEKDAYS[day.weekday()]})"


def echo_birth(birth: Birth, today: date) -> str:
    """ "昭和25年5月3日(76歳)"; "昭和25年5月不詳日(76歳)"; "昭和25年不詳(75〜76歳)"; "不詳". The age is that of today.

    A year or month in which the era changed stands in both: "1989年(昭和64年・平成元年)不詳(37歳)".
    ValueError before 1873-01-01.
    """
    if isinstance(birth, str):
        return birth
    if isinstance(birth, date):
        return f"{format_era(birth)}({age_on(today, birth)}歳)"
    youngest, oldest = age_on(today, min(birth.last, today)), age_on(today, birth.first)
    ages = f"{oldest}歳" if youngest == oldest else f"{youngest}〜{oldest}歳"
    return f"{_echo_partly(birth)}({ages})"


def _echo_partly(birth: PartialDate) -> str:
    one_era = era_of(birth.first) == era_of(birth.last)
    both = f"{birth.year}年({format_era_year(birth.first)}・{format_era_year(birth.last)})"
    if birth.month is None:
        return f"{format_era_year(birth.last) if one_era else both}不詳"
    return f"{format_era_month(birth.last) if one_era else f'{both}{birth.month}月'}不詳日"


def _parts(text: str, how: str) -> WrittenDate:
    if not text.strip():
        _refuse(f"日付が入力されていません。{how}")
    parts = take_apart(_REMARK.sub("", plain(text)))
    if parts is None:
        _refuse(f"日付として読めません。{how}")
    if parts.era is not None and (parts.year or 0) >= 100:
        _refuse(f"元号と西暦が両方あります。どちらか一方にしてください。{how}")
    return parts


def _in_running_era(parts: WrittenDate, today: date) -> WrittenDate:
    if parts.era is not None or parts.year is None or parts.year >= 100:
        return parts
    era = era_of(today)
    of_era, western = western_year(era, parts.year), 2000 + parts.year
    if abs(western - today.year) <= abs(of_era - today.year):
        _refuse(f"{era}{parts.year}年か西暦{western}年か分かりません。元号を付けるか、西暦を4桁で入力してください。")
    return parts._replace(era=era)


def _whole(parts: WrittenDate) -> date:
    year, month, day = parts.year or 0, parts.month or 0, parts.day or 0
    try:
        whole = date(year, month, day) if parts.era is None else era_day(parts.era, year, month, day)
    except OutsideEra as outside:
        _refuse(f"{_bounds(outside.era)}{_also(outside.day)}")
    except ValueError:
        if _western(parts.era, year) < FIRST_DAY.year:
            _refuse(_BEFORE_CALENDAR)
        _refuse(f"{parts.era or ''}{year}年{month}月{day}日という日はありません。日付を確かめてください。")
    if whole < FIRST_DAY:
        _refuse(_BEFORE_CALENDAR)
    return whole


def _partly(parts: WrittenDate) -> PartialDate:
    year = parts.year or 0
    if parts.month is not None and not 1 <= parts.month <= 12:
        _refuse(f"{parts.month}月という月はありません。月を確かめてください。")
    western = _western(parts.era, year)
    if western < FIRST_DAY.year:
        _refuse(_BEFORE_CALENDAR)
    partial = PartialDate(western, parts.month)
    if parts.era is not None:
        begins, ends = bounds_of(parts.era)
        if year < 1 or partial.last < begins or partial.first > ends:
            _refuse(f"{_bounds(parts.era)}元号と年月を確かめてください。")
    return partial


def _western(era: Era | None, year: int) -> int:
    return year if era is None else western_year(era, year)


def _bounds(era: Era) -> str:
    begins, ends = bounds_of(era)
    until = f"{format_era(ends)}まで" if ends < date.max else ""
    return f"{era}は{format_era(begins)}から{until}です。"


def _also(day: date) -> str:
    return f"その日は{format_era(day)}です。" if day >= FIRST_DAY else "元号と年を確かめてください。"


def _refuse_contradiction(text: str, read: date | PartialDate) -> None:
    """A weekday or a year beside the date that is another; an age is that of another day, and is not looked at."""
    for remark in _REMARK.finditer(plain(text)):
        weekday = remark["weekday"]
        if weekday and (isinstance(read, PartialDate) or _WEEKDAYS[read.weekday()] != weekday):
            _refuse("日付と曜日が合いません。日付を確かめてください。")
        for era, year in _YEAR_BESIDE.findall(remark["years"] or ""):
            if _western(era or None, 1 if year == "元" else int(year)) != read.year:
                _refuse(f"括弧の中の年 ({era}{year}年) が日付と合いません。日付を確かめてください。")


def _refuse_future(day: date, today: date) -> None:
    if day > today:
        _refuse(f"まだ来ていない日付です。今日、{echo_day(today)}までの日付を入力してください。")


def _refuse(message: str) -> NoReturn:
    raise DateRefused(message)
