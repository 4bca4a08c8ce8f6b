"""What is paid: in which order income is charged, a month in part, the start of assistance, support benefit."""

from typing import Any

from shared.benefit_rules import Assessment, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


def test_the_shape_of_the_json() -> None:
    entry = assessed().to_json()
    assert list(entry) == [
        "id", "month", "standards", "lines", "livelihood_body_yen", "minimum_cost_yen", "countable_income_yen",
        "payable_yen", "benefits", "copayment_yen", "warnings",
    ]  # fmt: skip
    lines = entry["lines"]
    assert isinstance(lines, list)
    assert list(lines[0]) == ["kind", "member", "yen", "basis", "inputs", "trust"]
    assert str(entry["standards"]).startswith("2026-10-01#")


def test_income_is_charged_in_the_order_of_the_law() -> None:
    family = [member(age=40, pension=150_000), member("m2", age=14, relation="child", school="junior_high")]
    assessment = assessed(*family, rent=64_000)
    livelihood = assessment.minimum_cost_yen - 64_000 - 5_300
    assert livelihood < 150_000
    assert [assessment.benefits[need] for need in ("livelihood", "education", "occupational")] == [0, 5_300, 0]
    assert assessment.benefits["housing"] == 64_000 - (150_000 - livelihood)
    assert any("順に充てる" in warning.detail for warning in assessment.warnings)


def test_income_above_the_need_is_the_copayment() -> None:
    assessment = assessed(member(residence="hospital", pension=90_000))
    assert (assessment.payable_yen, assessment.copayment_yen, yen(assessment, "floor")) == (0, 65_330, 65_330)
    bounded = assessed(member(residence="hospital", pension=90_000), medical_cost=20_000, care_cost=0)
    assert bounded.copayment_yen == 20_000


def test_income_left_is_charged_to_care_then_medicine_then_the_rest() -> None:
    def charged(**costs: Any) -> tuple[dict[str, int] | None, int]:
        assessment = assessed(member(residence="hospital", pension=90_000), **costs)
        return assessment.charged, assessment.copayment_yen

    nothing = {"care": 0, "medical": 0, "maternity": 0, "occupational": 0, "funeral": 0}
    assert charged(care_cost=15_000, medical_cost=300_000) == ({**nothing, "care": 15_000, "medical": 50_330}, 65_330)
    assert charged(medical_cost=60_000, funeral_cost=9_000) == (
        {**nothing, "medical": 60_000, "funeral": 5_330},
        60_000,
    )
    assert charged() == (None, 65_330)


def test_a_month_in_part_says_that_rent_and_school_stay_whole() -> None:
    def doubts(**fields: Any) -> list[str]:
        return [warning.detail for warning in assessed(**fields).warnings if "日割しない" in warning.detail]

    part = {"from": "2026-10-11"}
    assert len(doubts(rent=50_000, **part)) == 1
    assert doubts(rent=50_000) == doubts(**part) == []


def test_daily_proration_from_the_21st_and_rent_in_full() -> None:
    assessment = assessed(month="2026-04", rent=50_000, **{"from": "2026-04-11"})
    whole = assessment.livelihood_body_yen
    assert yen(assessment, "livelihood.proration") == whole * 20 // 30 - whole
    assert assessment.benefits["housing"] == 50_000
    assert assessment.benefits["livelihood"] == whole * 20 // 30
    assert assessed(**{"from": "2026-10-01", "to": "2026-10-31"}).payable_yen == assessed().payable_yen


def test_start_test_with_seventy_percent_of_the_basic_deduction() -> None:
    def at(gross: int) -> Assessment:
        return assessed(member(earned_income=gross), starting=True)

    needed, not_needed = at(90_000), at(96_000)
    share = {"need_yen": 77_240, "costs_yen": 0, "basic_deduction_yen": 22_400 * 7 // 10}
    assert needed.start_test == {**share, "income_yen": 90_000 - 22_400 * 7 // 10, "needed": True}
    share["basic_deduction_yen"] = 23_200 * 7 // 10
    assert not_needed.start_test == {**share, "income_yen": 96_000 - 23_200 * 7 // 10, "needed": False}
    assert not_needed.countable_income_yen == 96_000 - 23_200 < not_needed.minimum_cost_yen
    assert not_needed.payable_yen == 0
    assert sum(line.yen for line in not_needed.lines) == 0


def test_start_test_inside_the_month_looks_at_the_need_of_a_whole_month() -> None:
    assessment = assessed(member(pension=60_000), starting=True, **{"from": "2026-10-25"})
    assert assessment.minimum_cost_yen == 77_240 * 7 // 31
    need = {"need_yen": 77_240, "costs_yen": 0, "basic_deduction_yen": 0}
    assert assessment.start_test == {**need, "income_yen": 60_000, "needed": True}
    assert assessment.payable_yen == 0
    rich = assessed(member(pension=78_000), starting=True, rent=50_000, **{"from": "2026-10-25"})
    assert rich.start_test == {**need, "need_yen": 77_240 + 50_000, "income_yen": 78_000, "needed": True}


def test_at_the_start_the_costs_that_were_entered_belong_to_the_need() -> None:
    """66 years, 新宿区, a pension of 90,000 yen, a bill of the hospital: 13,120 yen are left of the pension."""

    def test(**costs: Any) -> tuple[object, int, dict[str, int] | None, int]:
        answer = assessed(member(age=66, pension=90_000), starting=True, **costs)
        assert answer.start_test is not None
        return answer.start_test["needed"], answer.start_test["costs_yen"], answer.charged, answer.copayment_yen

    nothing = {"care": 0, "medical": 0, "maternity": 0, "occupational": 0, "funeral": 0}
    assert test(medical_cost=500_000) == (True, 500_000, {**nothing, "medical": 13_120}, 13_120)
    assert test(care_cost=13_000, funeral_cost=121) == (
        True,
        13_121,
        {**nothing, "care": 13_000, "funeral": 120},
        13_000,
    )
    assert test(medical_cost=13_120) == (False, 13_120, nothing, 0), "who is not in need is charged with nothing"
    assert test() == (False, 0, None, 0)


def test_that_costs_decided_at_the_start_is_a_rule_that_was_not_read() -> None:
    def doubts(pension: int, cost: int) -> int:
        answer = assessed(member(age=66, pension=pension), starting=True, medical_cost=cost)
        return sum("葬祭に要する費用を最低生活費に加える" in warning.detail for warning in answer.warnings)

    assert doubts(90_000, 13_121) == 1
    assert doubts(90_000, 13_120) == doubts(76_879, 500_000) == 0


def test_what_is_left_of_the_basic_deduction_is_paid_where_only_the_costs_make_the_need() -> None:
    """95,000 yen of earnings: 78,760 at the test, 71,800 after it; the need is 77,240."""
    answer = assessed(member(earned_income=95_000), starting=True, medical_cost=2_000)
    assert answer.start_test == {
        "need_yen": 77_240,
        "costs_yen": 2_000,
        "basic_deduction_yen": 23_200 * 7 // 10,
        "income_yen": 95_000 - 23_200 * 7 // 10,
        "needed": True,
    }
    assert answer.payable_yen == 77_240 - (95_000 - 23_200)
    assert not any(warning.type == "no-effect" for warning in answer.warnings)


def test_support_benefit_leaves_out_pension_and_thirty_percent() -> None:
    couple = [
        member("m1", age=82, basic_pension=70_408, pension=20_000),
        member("m2", age=80, relation="spouse", basic_pension=70_408, earned_income=10_000),
        member("m3", age=50, relation="child", earned_income=200_000),
    ]
    assessment = assessed(*couple, programme="support_benefit")
    assert assessment.countable_income_yen == 14_000 + 7_000
    assert yen(assessment, "livelihood.class1") == 69_410
    assert [warning.member for warning in assessment.warnings if warning.type == "left-out"] == ["m3"]


def test_spouse_support_needs_a_right_to_support_benefit() -> None:
    widow = member(age=82, spouse_support=True, other_income=300_000)
    refused = assessed(widow, programme="support_benefit", starting=True)
    assert (refused.payable_yen, yen(refused, "spouse_support")) == (0, 0)
    assert sum(line.yen for line in refused.lines) == 0
    assert (
        yen(assessed({**widow, "other_income": 0}, programme="support_benefit", starting=True), "spouse_support")
        == 47_072
    )


def test_spouse_support_is_paid_beside_and_is_no_income() -> None:
    assessment = assessed(member(age=80, basic_pension=70_000, spouse_support=True), programme="support_benefit")
    assert assessment.benefits["spouse_support"] == 47_072
    assert assessment.payable_yen == assessment.minimum_cost_yen + 47_072
    assert sum(line.yen for line in assessment.lines) == assessment.payable_yen


def test_separated_members_are_left_out() -> None:
    assessment = assessed(member(), member("m2", relation="child", age=22, earned_income=300_000, separated=True))
    assert assessment.payable_yen == assessed().payable_yen


def test_every_month_since_2020_10_is_assessed_or_refused_with_a_reason() -> None:
    for year in range(2020, 2028):
        for number in range(1, 13):
            month = f"{year}-{number:02d}"
            if not month >= "2020-10":
                continue
            assessment = assess([parse_household(household(month=month))], STANDARDS, month)[0]
            assert isinstance(assessment, Assessment) == (month < "2027-04"), month
