"""The benefit rules of 生活保護 and 支援給付: pure, in whole yen, dated and cited.

    standards = load_standards()                       # or load_standards(changes) with other figures laid over
    household = parse_household({"id": …, "month": "2026-10", …})   # HouseholdError: household, field, reason
    assessments = assess([household, …], standards, "2026-10")      # ValueError for a month before 2020-10
    assessments[0]                                     # an Assessment, or the HouseholdError of a refused household
    assessments.payable_yen, assessments.refused       # columns over all households

An Assessment has `lines` (kind, member, yen, basis, inputs, trust), `livelihood_body_yen`, `minimum_cost_yen`,
`countable_income_yen`, `payable_yen`, `benefits` (kind of assistance: yen), `copayment_yen`, `warnings`, `standards`
and `to_json()`. Σ of the yen of its lines is always `payable_yen`. A HouseholdError has `to_json()` as well.
"""

from shared.benefit_rules.assessment import Assessment, AssessmentWarning, Line
from shared.benefit_rules.assessments import Assessments, assess, parse_household
from shared.benefit_rules.figures import Figure, FigureError, Trust
from shared.benefit_rules.household import Household, HouseholdError, Member
from shared.benefit_rules.standards import Standards, load_standards

__all__ = [
    "Assessment",
    "AssessmentWarning",
    "Assessments",
    "Figure",
    "FigureError",
    "Household",
    "HouseholdError",
    "Line",
    "Member",
    "Standards",
    "Trust",
    "assess",
    "load_standards",
    "parse_household",
]
