"""A whole assessment in readable Japanese, for the notice, the screen and the audit."""

from collections.abc import Iterator

from shared.benefit_rules.assessing.assessment import Assessment, Line
from shared.benefit_rules.kinds import KINDS
from shared.money_and_time import first_day, format_era_month

_TRUSTS = {
    "confirmed": "",
    "single": "一つの資料",
    "reconstructed": "復元",
    "derived": "計算で導出",
    "memory": "規則は未読",
}
_INPUTS = {
    "members_total": "世帯員の第1類の計",
    "rate_per_10000": "逓減率",
    "persons": "人数",
    "each": "1人につき",
    "zone": "冬季加算の区",
    "rent": "家賃",
    "ceiling": "限度額",
    "formula1": "算式①",
    "formula2": "算式②",
    "children": "児童数",
    "own_disability_addition": "本人の障害者加算",
    "whole": "1か月の額",
    "days": "日数",
    "days_in_month": "その月の日数",
    "wanted": "控除の限度",
    "of": "対象の額",
    "basic": "老齢基礎年金",
    "other": "その他の年金",
    "free": "認定しない額",
    "test_income": "要否判定の収入",
    "need": "最低生活費",
    "full_basic_pension": "老齢基礎年金の満額",
    "part": "月の何番目の期間",
    "from": "始まり",
    "to": "終わり",
}
_BENEFITS = {
    "livelihood": "生活扶助",
    "housing": "住宅扶助",
    "education": "教育扶助",
    "occupational": "生業扶助(高等学校等就学費)",
    "spouse_support": "配偶者支援金",
}


def explain(assessment: Assessment) -> str:
    """The text: what is needed, what income is charged, what is paid, and what should be checked."""
    return "\n".join(_text(assessment)) + "\n"


def _text(assessment: Assessment) -> Iterator[str]:
    yield f"世帯 {assessment.id}  {format_era_month(first_day(assessment.month))}分  (基準 {assessment.standards})"
    yield from _section("1 最低生活費", assessment, ("livelihood", "housing", "education", "occupational"))
    yield f"  計 {assessment.minimum_cost_yen:,}円 (うち居宅の基準生活費 {assessment.livelihood_body_yen:,}円)"
    yield from _section("2 収入充当額 (収入は−、控除は+)", assessment, ("income",))
    yield f"  計 {assessment.countable_income_yen:,}円"
    yield from _section("3 支給額", assessment, ("result", "spouse_support"))
    for need, yen in assessment.benefits.items():
        if yen:
            yield f"  {_BENEFITS[need]} {yen:,}円"
    yield f"  計 {assessment.payable_yen:,}円"
    if assessment.copayment_yen:
        yield f"  本人支払額 {assessment.copayment_yen:,}円 (介護、医療の順に充てる)"
    if (start := assessment.start_test) is not None:
        yield f"  要否判定: {'要' if start['needed'] else '否'} (収入 {start['income_yen']:,}円)"
    if assessment.warnings:
        yield "4 確かめること"
    for warning in assessment.warnings:
        title = KINDS[warning.kind].title if warning.kind in KINDS else ""
        heading = f"{title}: " if title and not warning.detail.startswith(title) else ""
        yield f"  ・{heading}{warning.detail}{_of(warning.member)}"


def _section(heading: str, assessment: Assessment, needs: tuple[str, ...]) -> Iterator[str]:
    yield heading
    for line in assessment.lines:
        if KINDS[line.kind].need in needs:
            yield from _line(line)


def _line(line: Line) -> Iterator[str]:
    trust = _TRUSTS[line.trust]
    yield f"  {KINDS[line.kind].title}{_of(line.member)} {line.yen:,}円  [{line.basis}{'; ' + trust if trust else ''}]"
    if line.inputs:
        yield "      " + "、".join(f"{_named(name)} {_shown(name, value)}" for name, value in line.inputs.items())


def _of(member: str | None) -> str:
    return f" ({member})" if member else ""


def _named(name: str) -> str:
    return _INPUTS.get(name, name.removeprefix("members."))


def _shown(name: str, value: int | str) -> str:
    if name == "rate_per_10000" and isinstance(value, int):
        return f"{value // 10_000}.{value % 10_000:04d}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value
