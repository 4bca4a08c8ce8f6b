"""What of an income counts: deductions, and what is left out."""

from typing import Any

import pytest

from shared.benefit_rules import HouseholdError, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


def test_equal_earners_are_charged_the_same_in_any_order() -> None:
    """The higher basic deduction goes to whom it helps: the other's expenses already take all earnings."""
    spent = member("m1", relation="self", earned_income=20_000, necessary_expenses=20_000)
    free = member("m2", relation="spouse", earned_income=20_000)
    for members in ((spent, free), (free, spent)):
        assessment = assessed(*members)
        assert assessment.countable_income_yen == 20_000 - 15_600
        assert yen(assessment, "deduction.basic", "m2") == 15_600


def first_earner(*members: dict[str, Any]) -> list[str | None]:
    """Who has more than 15,000 yen of basic deduction from 19,000 yen of earnings."""
    return [line.member for line in assessed(*members).lines if line.kind == "deduction.basic" and line.yen > 15_000]


def test_of_equal_earners_the_eldest_is_the_first_and_of_one_day_the_one_whose_id_is_first() -> None:
    born = {"b": "1990-05-02", "a": "1990-05-02", "c": "1990-05-01"}
    earners = [member(id_, relation="other", birth_date=day, earned_income=19_000) for id_, day in born.items()]
    assert first_earner(*earners) == first_earner(*reversed(earners)) == ["c"]
    assert first_earner(*earners[:2]) == first_earner(*reversed(earners[:2])) == ["a"]
    aged = [member(id_, relation="other", age=age, earned_income=19_000) for id_, age in (("a", 30), ("b", 31))]
    assert first_earner(*aged) == first_earner(*reversed(aged)) == ["b"]


def test_the_line_says_where_the_first_earner_is_not_who_earns_most() -> None:
    """60,000 of which all is spent, and 50,000: the household keeps more where the second is the first (ADR 10)."""
    spent = member("m1", relation="self", earned_income=60_000, necessary_expenses=60_000)
    free = member("m2", relation="spouse", earned_income=50_000)
    assessment = assessed(spent, free)
    assert yen(assessment, "deduction.basic", "m2") == 18_400
    assert assessment.countable_income_yen == 50_000 - 18_400
    (warning,) = (warning for warning in assessment.warnings if warning.kind == "deduction.basic")
    assert (warning.type, warning.member) == ("rule-not-read", "m2")
    assert "1人目の基礎控除" in warning.detail
    trusts = {line.member: line.trust for line in assessment.lines if line.kind == "deduction.basic"}
    assert trusts == {"m1": "confirmed", "m2": "memory"}
    spent["necessary_expenses"] = 5_000
    assert not any(warning.kind == "deduction.basic" for warning in assessed(spent, free).warnings)


@pytest.mark.parametrize(
    ("gross", "first", "further"),
    [
        (1, 1, 1),
        (15_000, 15_000, 15_000),
        (15_199, 15_199, 15_000),
        (15_200, 15_200, 15_000),
        (18_999, 15_200, 15_000),
        (19_000, 15_600, 15_000),
        (42_999, 17_600, 15_000),
        (43_000, 18_000, 15_300),
        (227_000, 36_400, 30_940),
        (230_999, 36_400, 30_940),
        (231_000, 36_800, 31_280),
    ],
)
def test_basic_deduction(gross: int, first: int, further: int) -> None:
    assert yen(assessed(member(earned_income=gross)), "deduction.basic") == first
    couple = assessed(member(earned_income=300_000), member("m2", relation="spouse", earned_income=gross))
    assert yen(couple, "deduction.basic", "m2") == further


def test_deductions_are_at_most_the_earnings() -> None:
    assessment = assessed(member(age=46, earned_income=20_000, new_employment=True, necessary_expenses=9_000))
    assert yen(assessment, "deduction.basic") == 15_600
    assert yen(assessment, "deduction.new_employment") == 4_400
    assert yen(assessment, "deduction.expenses") == 0
    assert assessment.countable_income_yen == 0


def test_under_20_not_for_a_person_alone_or_only_with_own_child() -> None:
    young = member(age=19, earned_income=60_000)
    assert yen(assessed(young), "deduction.under_20") == 0
    assert yen(assessed(young, member("m2", age=0, relation="child")), "deduction.under_20") == 0
    assert yen(assessed(young, member("m2", age=50, relation="other")), "deduction.under_20") == 11_900
    child = member("m2", age=19, relation="child", earned_income=60_000)
    assert yen(assessed(member(), child), "deduction.under_20") == 11_900
    assert yen(assessed(member(), child, month="2026-03"), "deduction.under_20") == 11_600
    assert yen(assessed(member(), {**child, "age": 20}), "deduction.under_20") == 0


@pytest.mark.parametrize(
    ("earned", "expenses", "of_earnings", "of_pension"),
    [
        (0, 3_000, 0, 3_000),
        (0, 60_001, 0, 60_000),
        (40_000, 3_000, 3_000, 0),
        (2_000, 2_000, 0, 0),
        (2_000, 3_000, 0, 1_000),
    ],
)
def test_necessary_expenses_are_those_of_the_earnings_and_what_exceeds_them_of_the_pensions(
    earned: int, expenses: int, of_earnings: int, of_pension: int
) -> None:
    """60,000 yen of pensions; of 2,000 yen of earnings nothing is left after the basic deduction."""
    income: dict[str, Any] = {
        "basic_pension": 50_000,
        "pension": 10_000,
        "earned_income": earned,
        "necessary_expenses": expenses,
    }
    assessment = assessed(member(age=66, **income))
    deducted = [line.yen for line in assessment.lines if line.kind == "deduction.expenses"]
    assert deducted == [amount for amount in (of_earnings, of_pension) if amount]
    left = max(0, earned - (0 if not earned else 17_600 if earned == 40_000 else earned) - of_earnings)
    assert assessment.countable_income_yen == 60_000 - of_pension + left


def test_expenses_of_a_pension_in_support_benefit_come_from_what_is_counted_of_it() -> None:
    """Of 50,000 and 10,000 yen 7,000 are counted: the basic pension is left out, and 30 % of the other one."""
    income: dict[str, Any] = {"basic_pension": 50_000, "pension": 10_000}
    for expenses, counted in ((0, 7_000), (2_000, 5_000), (7_000, 0), (9_000, 0)):
        person = member(age=66, **income, necessary_expenses=expenses)
        assert assessed(person, programme="support_benefit").countable_income_yen == counted


def test_occasional_income_counts_above_8000_yen_of_the_household() -> None:
    assessment = assessed(member(occasional_income=6_000), member("m2", relation="spouse", occasional_income=5_000))
    assert assessment.countable_income_yen == 3_000
    assert assessed(member(occasional_income=7_000)).countable_income_yen == 0


def test_income_in_full_and_income_that_is_not_counted() -> None:
    incomes: dict[str, Any] = {
        "pension": 30_000,
        "basic_pension": 10_000,
        "support_from_relatives": 5_000,
        "other_income": 2_000,
    }
    assessment = assessed(member(**incomes, uncounted_income=9_000))
    assert assessment.countable_income_yen == 47_000
    assert yen(assessment, "income.uncounted") + yen(assessment, "deduction.uncounted") == 0


@pytest.mark.parametrize(
    ("basic", "other", "counted"),
    [(70_608, 0, 0), (70_609, 0, 1), (70_618, 0, 7), (80_608, 10_000, 14_000), (30_000, 10_000, 7_000)],
)
def test_support_benefit_leaves_out_the_basic_pension_up_to_the_full_amount(
    basic: int, other: int, counted: int
) -> None:
    """満額 70,608 yen in 2026-10 of a person of 46; what lies above is a pension like others, less 30 %."""
    assessment = assessed(member(basic_pension=basic, pension=other), programme="support_benefit")
    assert assessment.countable_income_yen == counted
    assert yen(assessment, "deduction.full_basic_pension") == min(basic, 70_608)


@pytest.mark.parametrize(
    ("who", "full"),
    [
        ({"birth_date": "1956-04-01"}, 70_408),
        ({"birth_date": "1956-04-02"}, 70_608),
        ({"age": 70}, 70_408),
        ({"age": 69}, 70_608),
        ({"age": 80}, 70_408),
    ],
)
def test_the_full_basic_pension_of_support_benefit_is_that_of_the_birth_date(who: dict[str, Any], full: int) -> None:
    """70,408 yen of who was born by 1 April 1956, 70,608 of who was born later; an age is that of 1 April."""
    answer = assessed(member(basic_pension=75_000, **who), programme="support_benefit")
    assert yen(answer, "deduction.full_basic_pension") == full
    doubts = [warning.member for warning in answer.warnings if "昭和31年4月1日" in warning.detail]
    assert doubts == (["m1"] if who in ({"age": 70}, {"age": 69}) else [])


def test_the_part_of_a_basic_pension_above_the_full_one_counts_with_the_other_pensions() -> None:
    old = member(age=80, basic_pension=75_000, pension=20_000)
    answer = assessed(old, programme="support_benefit", rent=50_000)
    assert answer.countable_income_yen == 24_592 - 7_377
    assert answer.payable_yen == 104_685
    assert any("満額まで収入としない" in warning.detail for warning in answer.warnings)


def test_a_month_whose_full_basic_pension_is_not_known_refuses_who_has_one_in_support_benefit() -> None:
    """2026-03 and 2027-04; in public assistance the pension counts in full, and nobody asks."""
    for month in ("2026-03", "2027-02"):
        people = [member(basic_pension=1), member(pension=50_000)]
        answers = [
            assess([parse_household(household(person, month=month, programme=programme))], STANDARDS, month)[0]
            for person in people
            for programme in ("support_benefit", "public_assistance")
        ]
        assert [isinstance(answer, HouseholdError) for answer in answers] == [month == "2026-03", False, False, False]
