"""The forms in which offices write a date, taken apart. What the parts mean is for `eras` and `typed_dates` to say."""

import re
from typing import Final, Literal, NamedTuple, TypeAlias, cast

Era: TypeAlias = Literal["令和", "平成", "昭和", "大正", "明治"]


class WrittenDate(NamedTuple):
    """The parts as they are written: the year is one of the era, or of no era; what is 不詳 is None.

    A day that is known has a month, and a month a year. No part is known to exist: 令和8年99月99日 has parts as well.
    """

    era: Era | None
    year: int | None
    month: int | None
    day: int | None


_ERAS: Final[dict[str, Era]] = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_ERAS_BY_FIRST: Final[dict[str, Era]] = {**_ERAS, **{era[0]: era for era in _ERAS.values()}}
_READ_AS: Final = str.maketrans(
    {
        **dict(zip("０１２３４５６７８９ＲＨＳＴＭｒｈｓｔｍrhstm", "0123456789RHSTMRHSTMRHSTM", strict=True)),
        **dict.fromkeys("．。・､、，,", "."),
        **dict.fromkeys("／", "/"),
        **dict.fromkeys("－‐‑‒–—−ーｰ", "-"),
        **dict(zip("（）～", "()〜", strict=True)),
        **dict(zip("㋿㍻㍼㍽㍾", ("令和", "平成", "昭和", "大正", "明治"), strict=True)),
        **dict.fromkeys(" \u3000\t\r\n\xa0"),
    }
)
"""Full width, small letters, the eras in one character, and what the same keys give where kana are switched on."""

_ERA: Final = "(?:(?P<era>令和?|平成?|昭和?|大正?|明治?|[RHSTM])[.]?)?"
_YEAR: Final = "(?P<year>元|[1-9][0-9]{3}|[0-9]{1,2})"
_MONTH: Final = "(?P<month>[0-9]{1,2})"
_DAY: Final = "(?P<day>[0-9]{1,2})"
_PAIRS: Final = "(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
_BETWEEN: Final = "[./-]"
_UNKNOWN: Final = "(?:不詳|不明)"
_FORMS: Final = tuple(
    map(
        re.compile,
        (
            f"{_ERA}{_YEAR}年{_MONTH}月{_DAY}日",
            f"{_ERA}{_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}",
            f"{_ERA}(?P<year>[0-9]{{2}}){_PAIRS}",
            f"(?P<year>[1-9][0-9]{{3}}){_PAIRS}",
            f"{_ERA}{_YEAR}(?:年|{_BETWEEN})?[.]?(?:月日)?{_UNKNOWN}(?:[./-]{_UNKNOWN}|月(?:{_UNKNOWN}日)?|月?日)?",
            f"{_ERA}{_YEAR}(?:年|{_BETWEEN}){_MONTH}(?:月|{_BETWEEN})?[.]?日?{_UNKNOWN}日?",
            f"(?:生年月日|年月日)?{_UNKNOWN}",
        ),
    )
)


def plain(text: str) -> str:
    """The text without blanks, in half width and large letters, with one sign of each kind.

    Only what is listed is read as something else: ſ is no S.
    """
    return text.translate(_READ_AS)


def take_apart(text: str) -> WrittenDate | None:
    """The parts of a date, or None where it is written in no form of ours.

    "令和8年12月1日", "令8年12月1日", "R8.12.1", "r8/12/1", "R081201", "㋿8年12月1日", in full width, with blanks;
    "2026-12-01", "20261201", "8.12.1", "081201" without an era; "元" for the year 1; "昭和25年不詳", "S25.5.不詳",
    "昭和25年5月不詳日", "不詳".
    """
    written = plain(text)
    match = next((match for form in _FORMS if (match := form.fullmatch(written))), None)
    if match is None:
        return None
    parts = match.groupdict()
    era = cast(str | None, parts.get("era"))
    return WrittenDate(
        _ERAS_BY_FIRST[era[0]] if era else None, *(_number(parts.get(part)) for part in ("year", "month", "day"))
    )


def _number(digits: str | None) -> int | None:
    return 1 if digits == "元" else int(digits) if digits else None
