"""The words of the two texts: what each figure of a line is called, in which unit, and the words of each programme."""

from datetime import date
from typing import Literal, TypeAlias

from shared.benefit_rules.assessing.assessment import Assessment, Line
from shared.benefit_rules.kinds import KINDS
from shared.money_and_time import format_era

Unit: TypeAlias = Literal["円", "人", "日", "区", "番目", "倍", "日付"]

_INPUTS: dict[str, tuple[str, Unit]] = {
    "members_total": ("世帯員の第1類の計", "円"),
    "rate_per_10000": ("逓減率", "倍"),
    "persons": ("人数", "人"),
    "each": ("1人につき", "円"),
    "zone": ("冬季加算の区", "区"),
    "rent": ("家賃", "円"),
    "ceiling": ("限度額", "円"),
    "formula1": ("算式①", "円"),
    "formula2": ("算式②", "円"),
    "children": ("児童数", "人"),
    "own_disability_addition": ("本人の障害者加算", "円"),
    "whole": ("1か月の額", "円"),
    "days": ("日数", "日"),
    "days_in_month": ("その月の日数", "日"),
    "wanted": ("控除の限度", "円"),
    "of_earnings": ("対象の就労収入", "円"),
    "of_pensions": ("対象の年金", "円"),
    "basic": ("老齢基礎年金", "円"),
    "other": ("その他の年金", "円"),
    "free": ("認定しない額", "円"),
    "test_income": ("要否判定の収入", "円"),
    "need": ("最低生活費", "円"),
    "full_basic_pension": ("老齢基礎年金の満額", "円"),
    "part": ("月の期間", "番目"),
    "from": ("始まり", "日付"),
    "to": ("終わり", "日付"),
}
_SHARES = {"of_earnings": "3割の控除 (就労収入)", "of_pensions": "3割の控除 (年金)"}
_ZONES = "ⅠⅡⅢⅣⅤⅥ"
_SUPPORT = {
    **{f"{need}扶助": f"{need}支援給付" for need in ("生活", "住宅", "医療", "介護", "出産", "生業", "葬祭")},
    **{f"保護{particle}": f"支援給付{particle}" for particle in ("を", "が", "の要否", "の開始")},
}
"""支援給付 and its kinds are named by 平成6年法律第30号 第14条 and its 施行令."""


def title_of(line: Line) -> str:
    """What a line is called; of the share left out in 支援給付 also which income it is of."""
    of_which = (_SHARES[name] for name in line.inputs if name in _SHARES)
    return next(of_which, KINDS[line.kind].title)


def figure(name: str, value: int | str) -> str:
    """One input of a line with its name and unit."""
    label, unit = _INPUTS.get(name, (name.removeprefix("members."), "円"))
    if unit == "日付":
        return f"{label} {format_era(date.fromisoformat(str(value)))}"
    if isinstance(value, str):
        return f"{label} {value}"
    if unit == "倍":
        return f"{label} {value // 10_000}.{value % 10_000:04d}".rstrip("0").rstrip(".")
    if unit == "区":
        return f"{label} {_ZONES[value - 1]}区" if value else f"{label} なし"
    return f"{label} {value:,}{unit}"


def days_of(line: Line) -> str:
    """The days that a daily proration pays for: from when to when, and how many of the month."""
    days, of = line.inputs["days"], line.inputs["days_in_month"]
    first, last = (format_era(date.fromisoformat(str(line.inputs[name]))) for name in ("from", "to"))
    return f"{first}から{last}まで {days}日/{of}日"


def in_its_words(assessment: Assessment, text: str) -> str:
    """The text in the words of the programme: 支援給付 is no 生活保護."""
    if assessment.programme == "support_benefit":
        for word, other in _SUPPORT.items():
            text = text.replace(word, other)
    return text
