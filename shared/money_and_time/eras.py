"""和暦: Japanese eras, with 元年 for the first year."""

import re
from datetime import date

# The first day of each era and its year 1, newest first (元号を改める政令; 明治 from the solar calendar on).
_ERAS = (
    ("令和", date(2019, 5, 1), 2019),
    ("平成", date(1989, 1, 8), 1989),
    ("昭和", date(1926, 12, 25), 1926),
    ("大正", date(1912, 7, 30), 1912),
    ("明治", date(1873, 1, 1), 1868),
)
_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_HALF_WIDTH = str.maketrans(
    "０１２３４５６７８９ＲＨＳＴＭｒｈｓｔｍrhstm．／－", "0123456789RHSTMRHSTMRHSTM./-", " \u3000"
)
"""Full-width forms, small letters and blanks as they are read; no other letter is made one of these."""
_WRITTEN = re.compile(r"(令和|平成|昭和|大正|明治)(元|[0-9]{1,2})年([0-9]{1,2})月([0-9]{1,2})日")
_SHORT = re.compile(r"([RHSTM])([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{1,2})")


def format_era(day: date) -> str:
    """ "令和8年10月1日"; "令和元年5月1日". ValueError before 1873-01-01."""
    name, year = _era_and_year(day)
    return f"{name}{year}年{day.month}月{day.day}日"


def format_era_month(day: date) -> str:
    """ "令和8年10月" for the month of the day."""
    name, year = _era_and_year(day)
    return f"{name}{year}年{day.month}月"


def parse_era(text: str) -> date:
    """The day written as "令和8年10月1日", "令和元年…" or "R8.10.1" (half or full width).

    ValueError where the form is another, or the day is no day of that era (昭和64年1月8日, 平成31年5月1日).
    """
    plain = text.translate(_HALF_WIDTH)
    match = _WRITTEN.fullmatch(plain) or _SHORT.fullmatch(plain)
    if match is None:
        raise ValueError("a date in an era is written 令和8年10月1日 or R8.10.1")
    name = _LETTERS.get(match[1], match[1])
    year_one = next(first_year for era, _, first_year in _ERAS if era == name)
    year = 1 if match[2] == "元" else int(match[2])
    day = date(year_one + year - 1, int(match[3]), int(match[4]))
    if year < 1 or _era_and_year(day)[0] != name:
        raise ValueError("the day does not lie in that era")
    return day


def _era_and_year(day: date) -> tuple[str, str]:
    for name, begins, year_one in _ERAS:
        if day >= begins:
            year = day.year - year_one + 1
            return name, "元" if year == 1 else str(year)
    raise ValueError("before the solar calendar (1873-01-01)")
