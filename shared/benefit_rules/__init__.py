"""The benefit rules of 生活保護 and 支援給付: pure, in whole yen, dated and cited.

    standards = load_standards()                       # or load_standards(changes) with other figures laid over
    household = parse_household({"id": …, "month": "2026-10", …})   # HouseholdError: household, field, reason
    assessments = assess([household, …], standards, "2026-10")      # ValueError for a month before 2020-10
    assessments[0]                                     # an Assessment, or the HouseholdError of a refused household
    assessments.payable_yen, assessments.refused       # columns over all households

An Assessment has `lines` (kind, member, yen, basis, inputs, trust), `livelihood_body_yen`, `minimum_cost_yen`,
`countable_income_yen`, `payable_yen`, `benefits` (kind of assistance: yen), `copayment_yen`, `warnings`, `standards`
and `to_json()`. Σ of the yen of its lines is always `payable_yen`. A HouseholdError has `to_json()` as well.

Beside it: explain(), reasons() and refused_in_japanese() (Japanese texts), assess_in_parts() (changes inside a
month), differences() (two determinations of the same months, line by line), additional_payment() (追加給付 2013-08
to 2026-03), grant_one_off() (一時扶助 and the like up to their limits), compare() (the same households under two
standards, by type).
"""

from shared.benefit_rules.additional_payment import AdditionalLine, Granted, additional_items, additional_payment
from shared.benefit_rules.assessing.assessment import Assessment, AssessmentWarning, Line
from shared.benefit_rules.assessing.assessments import Assessments, assess, parse_household
from shared.benefit_rules.assessing.differences import LineDifference, MonthDifference, differences
from shared.benefit_rules.assessing.explanation import explain, reasons
from shared.benefit_rules.assessing.parts import assess_in_parts
from shared.benefit_rules.assessing.refused_texts import refused_in_japanese
from shared.benefit_rules.assessing.simulation import TypeDifference, compare
from shared.benefit_rules.households.ages import Ages
from shared.benefit_rules.households.household import Household, HouseholdError, Member
from shared.benefit_rules.law.figures import Figure, FigureError, Trust
from shared.benefit_rules.law.standards import Standards, load_standards
from shared.benefit_rules.one_off import OneOff, grant_one_off, one_off_items

__all__ = [
    "AdditionalLine",
    "Ages",
    "Assessment",
    "AssessmentWarning",
    "Assessments",
    "Figure",
    "FigureError",
    "Granted",
    "Household",
    "HouseholdError",
    "Line",
    "LineDifference",
    "Member",
    "MonthDifference",
    "OneOff",
    "Standards",
    "Trust",
    "TypeDifference",
    "additional_items",
    "additional_payment",
    "assess",
    "assess_in_parts",
    "compare",
    "differences",
    "explain",
    "grant_one_off",
    "load_standards",
    "one_off_items",
    "parse_household",
    "reasons",
    "refused_in_japanese",
]
