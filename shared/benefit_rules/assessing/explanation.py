"""An assessment in Japanese, in two registers: for the file (記録), and for the notice that the applicant reads.

The file says on which source each amount rests and what a person should check; the notice says what was decided and
why (生活保護法 第24条第4項), and nothing of doubts.
"""

from collections.abc import Iterator

from shared.benefit_rules.assessing.assessment import Assessment, AssessmentWarning, Line
from shared.benefit_rules.kinds import KINDS, NEEDS_IN_ORDER
from shared.money_and_time import first_day, format_era_month

_TRUSTS = {
    "confirmed": "",
    "single": "一つの資料",
    "reconstructed": "公表された額からの逆算",
    "derived": "計算で導いた額",
    "memory": "条文を読んでいない規則",
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
_NO_CASH = (
    "収入充当額が最低生活費以上のため、現金で支給する額はない。"
    "保護を続けるかどうかは、介護と医療に要する費用を合わせて判断する"
)
_NO_CASH_AT_THE_START = (
    "収入充当額が最低生活費以上のため、現金で支給する額はない。介護や医療などの費用は、収入で賄えない額を給付する"
)


def explain(assessment: Assessment) -> str:
    """The text for the file: every line with its source and trust, what is not given, and what should be checked."""
    return "\n".join(_file(assessment)) + "\n"


def reasons(assessment: Assessment) -> str:
    """The text for the notice: what is needed, what income is charged, what is paid and what is not, and why."""
    return "\n".join(_notice(assessment)) + "\n"


def _file(assessment: Assessment) -> Iterator[str]:
    yield f"世帯 {assessment.id}  {_month(assessment)}分  (基準 {assessment.standards})"
    yield "1 最低生活費"
    for line in _of_needs(assessment, *NEEDS_IN_ORDER):
        yield from _line(line)
        if line.kind == "livelihood.proration":
            yield f"      日割後の生活扶助 {_prorated(assessment):,}円"
    yield f"  計 {assessment.minimum_cost_yen:,}円 (うち居宅の基準生活費 {assessment.livelihood_body_yen:,}円)"
    yield "2 収入充当額 (収入は−、控除は+)"
    for line in _of_needs(assessment, "income"):
        yield from _line(line)
    yield f"  計 {assessment.countable_income_yen:,}円"
    yield "3 支給額"
    for line in _of_needs(assessment, "result", "spouse_support"):
        yield from _line(line)
    yield from _paid(assessment)
    yield f"  計 {assessment.payable_yen:,}円"
    not_given, to_check = _not_given(assessment), [one for one in assessment.warnings if one.type != "not-given"]
    if not_given:
        yield "4 給付しないもの"
        yield from (f"  ・{warning.detail}{_of(warning.member)}" for warning in not_given)
    if to_check:
        yield f"{5 if not_given else 4} 確かめること"
        yield from map(_check, to_check)


def _notice(assessment: Assessment) -> Iterator[str]:
    yield f"{_month(assessment)}分"
    yield f"1 最低生活費 {assessment.minimum_cost_yen:,}円"
    for line in _of_needs(assessment, *NEEDS_IN_ORDER):
        yield _amount(line, line.yen)
        if line.kind == "livelihood.proration":
            yield f"      日割後の生活扶助 {_prorated(assessment):,}円"
    yield f"2 収入充当額 {assessment.countable_income_yen:,}円"
    yield from (_amount(line, -line.yen) for line in _of_needs(assessment, "income"))
    yield f"3 支給額 {assessment.payable_yen:,}円"
    yield from _paid(assessment)
    not_given = _not_given(assessment)
    if not_given:
        yield "4 給付しないもの"
        yield from (f"  ・{warning.detail}{_of(warning.member)}" for warning in not_given)


def _paid(assessment: Assessment) -> Iterator[str]:
    """What is paid by kind, the co-payment, the test of need at the start."""
    for need, yen in assessment.benefits.items():
        if yen:
            yield f"  {_BENEFITS[need]} {yen:,}円"
    start = assessment.start_test
    if start is not None:
        yield from _start_test(assessment, start)
    if start is not None and not start["needed"]:
        return
    if assessment.copayment_yen:
        yield f"  {_copayment(assessment)}"
    if not assessment.payable_yen and assessment.countable_income_yen >= assessment.minimum_cost_yen > 0:
        yield f"  {_NO_CASH if start is None or not start['costs_yen'] else _NO_CASH_AT_THE_START}"


def _start_test(assessment: Assessment, start: dict[str, int | bool]) -> Iterator[str]:
    """The test of need at the start (要否判定). Where no cost was entered it depends on what care and medicine cost."""
    need, costs, income, basic = (start[f"{name}_yen"] for name in ("need", "costs", "income", "basic_deduction"))
    yield f"  要否判定: {'要' if start['needed'] else '否'} ({KINDS['start_test'].basis})"
    of_costs = f"、介護や医療などの費用 {costs:,}円" if costs else ""
    yield f"      1か月の最低生活費 {need:,}円{of_costs}、収入 {income:,}円 (基礎控除は7割の{basic:,}円)"
    if start["needed"]:
        return
    if assessment.charged is not None:
        yield "  収入が1か月の最低生活費と介護や医療などの費用の合計以上のため、保護を要しない"
        return
    yield (
        f"  収入が1か月の最低生活費以上のため、保護を要しない。"
        f"ただし、介護や医療などに要する費用が1か月に{income - need:,}円を超えるときは要する"
    )


def _copayment(assessment: Assessment) -> str:
    """Where no cost was entered, what is left of the income is the most that can be asked."""
    if assessment.charged is None:
        return f"介護または医療の費用がある場合の本人支払額 {assessment.copayment_yen:,}円まで"
    return f"本人支払額 {assessment.copayment_yen:,}円 (介護、医療の順に充てる)"


def _month(assessment: Assessment) -> str:
    return format_era_month(first_day(assessment.month))


def _of_needs(assessment: Assessment, *needs: str) -> list[Line]:
    return [line for line in assessment.lines if KINDS[line.kind].need in needs]


def _prorated(assessment: Assessment) -> int:
    """Yen of the livelihood after 日割: what is prorated, less the days that are not on assistance."""
    lines = _of_needs(assessment, "livelihood")
    return sum(line.yen for line in lines if KINDS[line.kind].prorated or line.kind == "livelihood.proration")


def _not_given(assessment: Assessment) -> list[AssessmentWarning]:
    return [warning for warning in assessment.warnings if warning.type == "not-given"]


def _amount(line: Line, yen: int) -> str:
    return f"  {KINDS[line.kind].title}{_of(line.member)} {yen:,}円 ({line.basis})"


def _line(line: Line) -> Iterator[str]:
    trust = _TRUSTS[line.trust]
    yield f"  {KINDS[line.kind].title}{_of(line.member)} {line.yen:,}円  [{line.basis}{'; ' + trust if trust else ''}]"
    if line.inputs:
        yield "      " + "、".join(f"{_named(name)} {_shown(name, value)}" for name, value in line.inputs.items())


def _check(warning: AssessmentWarning) -> str:
    title = KINDS[warning.kind].title if warning.kind in KINDS else ""
    heading = f"{title}: " if title and not warning.detail.startswith(title) else ""
    return f"  ・{heading}{warning.detail}{_of(warning.member)}"


def _of(member: str | None) -> str:
    return f" ({member})" if member else ""


def _named(name: str) -> str:
    return _INPUTS.get(name, name.removeprefix("members."))


def _shown(name: str, value: int | str) -> str:
    if name == "rate_per_10000" and isinstance(value, int):
        return f"{value // 10_000}.{value % 10_000:04d}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value
