"""Changes inside a month (世帯員の増減, 入退院, 転居): the month in parts, each prorated by its days.

Livelihood is that of each part; rent, education and high school follow the state on the first day, and the income of
the month is charged once (月の途中の変更; a rule that was not read).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np

from shared.benefit_rules.assessing.assessment import Assessment, AssessmentWarning, Line
from shared.benefit_rules.assessing.assessments import assess
from shared.benefit_rules.assessing.doubts import once
from shared.benefit_rules.households.ages import Ages
from shared.benefit_rules.households.household import Household, HouseholdError
from shared.benefit_rules.kinds import KINDS, NEEDS_IN_ORDER
from shared.benefit_rules.law.standards import Standards
from shared.benefit_rules.rules.benefit import charge
from shared.money_and_time import Month, first_day, last_day

_YEAR_ENDS = ("livelihood.year_end", "livelihood.facility_year_end")


def assess_in_parts(
    parts: Sequence[Household], standards: Standards, month: Month, ages: Ages = "yearly"
) -> Assessment:
    """One assessment of a household that changed inside the month; `parts` follow each other without a gap.

    The year-end of December is that of the part which holds the last day. HouseholdError where a part is refused, or
    the parts do not follow each other.
    """
    _check(parts, month)
    assessments: list[Assessment] = []
    for answer in assess(parts, standards, month, ages):
        if isinstance(answer, HouseholdError):
            raise answer
        assessments.append(answer)
    lines = [
        line
        for number, assessment in enumerate(assessments)
        for line in _kept(assessment, number, len(assessments), parts[number])
    ]
    return _composed(assessments, lines, standards)


def _check(parts: Sequence[Household], month: Month) -> None:
    if not parts or len({part.id for part in parts}) > 1 or any(part.starting for part in parts):
        raise HouseholdError(
            parts[0].id if parts else None, "contradiction", "id", "parts of one household that goes on"
        )
    for before, after in pairwise(parts):
        if before.last is None or after.first != before.last + timedelta(days=1):
            raise HouseholdError(after.id, "contradiction", "from", "the parts do not follow each other")


def _kept(assessment: Assessment, number: int, count: int, part: Household) -> list[Line]:
    """Livelihood of every part, the rest of the first; year-end with the last part."""
    kept = []
    for line in assessment.lines:
        need = KINDS[line.kind].need
        once_with = count - 1 if line.kind in _YEAR_ENDS else 0
        prorated = need == "livelihood" and (KINDS[line.kind].prorated or line.kind == "livelihood.proration")
        if line.kind in ("floor", "start_test") or not (prorated or number == once_with):
            continue
        days: dict[str, int | str] = {"part": number + 1}
        if part.first or part.last:
            days["from"] = (part.first or first_day(assessment.month)).isoformat()
            days["to"] = (part.last or last_day(assessment.month)).isoformat()
        kept.append(line._replace(inputs={**line.inputs, **days}))
    return kept


def _composed(assessments: list[Assessment], lines: list[Line], standards: Standards) -> Assessment:
    first = assessments[0]
    needs = {need: np.array([_total(lines, need)]) for need in NEEDS_IN_ORDER}
    minimum, income = sum(int(yen[0]) for yen in needs.values()), -_total(lines, "income")
    charged, left = charge(needs, np.array([income]))
    benefits = {need: int(yen[0]) for need, yen in charged.items()}
    support = _total(lines, "spouse_support")
    if "spouse_support" in first.benefits:
        benefits["spouse_support"] = support
    if left[0]:
        lines.append(Line("floor", None, int(left[0]), KINDS["floor"].basis, {}, "confirmed"))
    rule = standards.tables(first.month).rules["change_inside_a_month"]
    doubt = AssessmentWarning("rule-not-read", None, None, f"条文を読んでいない規則: {rule.text}")
    last = assessments[-1].warnings
    said = [warning for each in assessments for warning in each.warnings if warning in last or not _of_an_end(warning)]
    warnings = once([*said, doubt])
    return replace(
        first,
        lines=tuple(lines),
        minimum_cost_yen=minimum,
        countable_income_yen=income,
        payable_yen=sum(benefits.values()),
        benefits=benefits,
        copayment_yen=int(left[0]),
        warnings=tuple(warnings),
    )


def _of_an_end(warning: AssessmentWarning) -> bool:
    """A part that another one follows is not the end of assistance."""
    of_the_end = warning.member is None or warning.kind == "livelihood.facility_year_end"
    return warning.type == "not-given" and warning.kind in _YEAR_ENDS and of_the_end


def _total(lines: list[Line], need: str) -> int:
    return sum(line.yen for line in lines if KINDS[line.kind].need == need)
