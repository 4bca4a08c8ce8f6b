"""An assessment in Japanese, in two registers: for the file (記録), and for the notice that the applicant reads.

The file says on which source each amount rests and what a person should check; the notice says what was decided and
why (生活保護法 第24条第4項), and nothing of doubts.
"""

from collections.abc import Iterator
from datetime import date

from shared.benefit_rules.assessing.assessment import Assessment, AssessmentWarning, Line
from shared.benefit_rules.assessing.wording import days_of, figure, in_its_words, title_of
from shared.benefit_rules.kinds import KINDS, NEEDS_IN_ORDER
from shared.money_and_time import first_day, format_era, format_era_month

_TRUSTS = {
    "confirmed": "",
    "single": "一つの資料",
    "reconstructed": "公表された額からの逆算",
    "derived": "計算で導いた額",
    "memory": "条文を読んでいない規則",
}
_BENEFITS = {
    "livelihood": "生活扶助",
    "housing": "住宅扶助",
    "education": "教育扶助",
    "occupational": "生業扶助(高等学校等就学費)",
    "spouse_support": "配偶者支援金",
}
_FURTHER_COSTS = {"maternity": "出産", "occupational": "生業", "funeral": "葬祭"}
_NO_CASH = (
    "収入充当額が最低生活費以上のため、現金で支給する額はない。"
    "保護を続けるかどうかは、介護と医療に要する費用を合わせて判断する"
)
_NO_CASH_AT_THE_START = (
    "収入充当額が最低生活費以上のため、現金で支給する額はない。介護や医療などの費用は、収入で賄えない額を給付する"
)


def explain(assessment: Assessment) -> str:
    """The text for the file: every line with its source and trust, what is not given, and what should be checked."""
    return in_its_words(assessment, "\n".join(_file(assessment)) + "\n")


def reasons(assessment: Assessment) -> str:
    """The text for the notice: what is needed, what income is charged, what is paid and what is not, and why."""
    return in_its_words(assessment, "\n".join(_notice(assessment)) + "\n")


def _file(assessment: Assessment) -> Iterator[str]:
    of = format_era(date.fromisoformat(assessment.standards.partition("#")[0]))
    yield f"世帯 {assessment.id}  {_month(assessment)}分  ({of}の基準)"
    yield "1 最低生活費"
    for line in _of_needs(assessment, *NEEDS_IN_ORDER):
        yield from _line(line)
        yield from _after_proration(assessment, line)
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
    doubts = [each for each in assessment.warnings if not _is_not_given(each) and each.type != "left-out"]
    entered = [each for each in doubts if each.type == "doubtful"]
    others = [each for each in doubts if each.type != "doubtful"]
    yield from _sections(assessment, ("入力を確かめること", entered), ("確かめること", others))


def _notice(assessment: Assessment) -> Iterator[str]:
    yield f"{_month(assessment)}分"
    yield f"1 最低生活費 {assessment.minimum_cost_yen:,}円"
    for line in _of_needs(assessment, *NEEDS_IN_ORDER):
        yield _amount(line, line.yen)
        yield from _after_proration(assessment, line)
    yield f"2 収入充当額 {assessment.countable_income_yen:,}円"
    yield from (_amount(line, -line.yen) for line in _of_needs(assessment, "income"))
    yield f"3 支給額 {assessment.payable_yen:,}円"
    yield from _paid(assessment)
    yield from _sections(assessment)


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
    yield from _charged(assessment)
    if not assessment.payable_yen and assessment.countable_income_yen >= assessment.minimum_cost_yen > 0:
        yield f"  {_NO_CASH if start is None or not start['costs_yen'] else _NO_CASH_AT_THE_START}"


def _start_test(assessment: Assessment, start: dict[str, int | bool]) -> Iterator[str]:
    """The test of need at the start (要否判定). Where no cost was entered it depends on what care and medicine cost."""
    need, costs, income, basic = (start[f"{name}_yen"] for name in ("need", "costs", "income", "basic_deduction"))
    answer = "必要" if start["needed"] else "必要でない"
    yield f"  保護が必要かどうかの判定 (要否判定): {answer} ({KINDS['start_test'].basis})"
    of_basic = f" (基礎控除は7割の{basic:,}円を引いた額)" if basic else ""
    of_costs = f"、介護や医療などの費用 {costs:,}円" if costs else ""
    yield f"      1か月の最低生活費 {need:,}円{of_costs}、収入 {income:,}円{of_basic}"
    if start["needed"]:
        return
    if assessment.charged is not None:
        yield "  収入が1か月の最低生活費と介護や医療などの費用の合計以上のため、保護を要しない"
        return
    yield (
        f"  収入が1か月の最低生活費以上のため、保護を要しない。"
        f"ただし、介護や医療などに要する費用が1か月に{income - need:,}円を超えるときは要する"
    )


def _charged(assessment: Assessment) -> Iterator[str]:
    """What of the income left goes to further costs, beside those of care and medicine."""
    for name, title in _FURTHER_COSTS.items():
        yen = (assessment.charged or {}).get(name)
        if yen:
            yield f"  {title}の費用に充てる収入 {yen:,}円"


def _copayment(assessment: Assessment) -> str:
    """Where no cost was entered, what is left of the income is the most that can be asked."""
    if assessment.charged is None:
        return f"介護または医療の費用がある場合の本人支払額 {assessment.copayment_yen:,}円まで"
    return f"本人支払額 {assessment.copayment_yen:,}円 (介護、医療の順に充てる)"


def _month(assessment: Assessment) -> str:
    return format_era_month(first_day(assessment.month))


def _of_needs(assessment: Assessment, *needs: str) -> list[Line]:
    return [line for line in assessment.lines if KINDS[line.kind].need in needs]


def _after_proration(assessment: Assessment, line: Line) -> Iterator[str]:
    """Of the line of 日割: the livelihood after it, of what is prorated less the days that are not on assistance."""
    if line.kind != "livelihood.proration":
        return
    lines = _of_needs(assessment, "livelihood")
    yen = sum(each.yen for each in lines if KINDS[each.kind].prorated or each.kind == "livelihood.proration")
    yield f"      日割後の生活扶助 {yen:,}円 ({days_of(line)})"


def _sections(assessment: Assessment, *further: tuple[str, list[AssessmentWarning]]) -> Iterator[str]:
    """What is not given and who does not count, then the `further` sections: each with its heading, from 4 on."""
    not_given = [each for each in assessment.warnings if _is_not_given(each)]
    deducted = any((each.kind or "").startswith("deduction.") for each in not_given)
    left_out = [each for each in assessment.warnings if each.type == "left-out"]
    first = "給付または控除をしないもの" if deducted else "給付しないもの"
    sections = [section for section in ((first, not_given), ("世帯に含めない者", left_out), *further) if section[1]]
    for number, (heading, warnings) in enumerate(sections, start=4):
        yield f"{number} {heading}"
        yield from map(_said, warnings)


def _is_not_given(warning: AssessmentWarning) -> bool:
    """Whether something is not given: by a rule, or since an addition that was entered comes to nothing."""
    return warning.type == "not-given" or (warning.type == "no-effect" and warning.kind is not None)


def _amount(line: Line, yen: int) -> str:
    return f"  {title_of(line)}{_of(line.member)} {yen:,}円 ({line.basis})"


def _line(line: Line) -> Iterator[str]:
    trust = _TRUSTS[line.trust]
    yield f"  {title_of(line)}{_of(line.member)} {line.yen:,}円  [{line.basis}{'; ' + trust if trust else ''}]"
    if line.inputs:
        yield "      " + "、".join(figure(name, value) for name, value in line.inputs.items())


def _said(warning: AssessmentWarning) -> str:
    """A warning; one that should be checked begins with the title of its line."""
    title = KINDS[warning.kind].title if warning.kind in KINDS and not _is_not_given(warning) else ""
    heading = f"{title}: " if title and not warning.detail.startswith(title) else ""
    return f"  ・{heading}{warning.detail}{_of(warning.member)}"


def _of(member: str | None) -> str:
    return f" ({member})" if member else ""
