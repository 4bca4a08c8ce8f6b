"""The rules one by one, each in the words of the office and with its yen by pencil."""

from typing import Any

import pytest

from shared.benefit_rules import Assessment, HouseholdError, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


def test_single_person_of_46_in_shinjuku() -> None:
    found = assessed(rent=53_700)
    lines = {line.kind: line.yen for line in found.lines}
    assert lines == {
        "livelihood.class1": 46_930,
        "livelihood.class2": 27_790,
        "livelihood.special": 2_500,
        "livelihood.transitional": 20,
        "housing.rent": 53_700,
    }
    assert found.payable_yen == 130_940
    assert found.benefits == {"livelihood": 77_240, "housing": 53_700, "education": 0, "occupational": 0}
    assert {line.trust for line in found.lines} == {"confirmed"}
    assert found.warnings == ()


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


@pytest.mark.parametrize(
    ("month", "single", "of_four"),
    [("2026-10", 0, 0), ("2026-11", 2_630, 4_580), ("2027-03", 2_630, 4_580), ("2026-04", 0, 0), ("2026-05", 0, 0)],
)
def test_winter_in_tokyo(month: str, single: int, of_four: int) -> None:
    assert yen(assessed(month=month), "livelihood.winter") == single
    family = [member()] + [member(f"m{n}", age=30, relation="other") for n in (2, 3, 4)]
    assert yen(assessed(*family, month=month), "livelihood.winter") == of_four


@pytest.mark.parametrize(
    ("prefecture", "months", "amount"),
    [
        ("北海道", "10 11 12 01 02 03 04", 12_780),
        ("新潟県", "10 11 12 01 02 03 04", 9_030),
        ("長野県", "11 12 01 02 03 04", 7_460),
        ("石川県", "11 12 01 02 03 04", 6_790),
        ("岐阜県", "11 12 01 02 03", 4_630),
        ("沖縄県", "11 12 01 02 03", 2_630),
    ],
)
def test_winter_of_the_six_zones(prefecture: str, months: str, amount: int) -> None:
    place = {"prefecture": prefecture, "municipality": None, "grade": "3級地-1"}
    for number in range(1, 13):
        found = assessed(month=f"2026-{number:02d}", **place)
        assert yen(found, "livelihood.winter") == (amount if f"{number:02d}" in months.split() else 0)


def test_special_winter_standard_is_raised_to_10_yen() -> None:
    assert yen(assessed(month="2026-12", winter_special=True), "livelihood.winter") == 3_420  # 2,630 × 1.3 = 3,419


def test_year_end_in_december_alone() -> None:
    assert yen(assessed(month="2026-12"), "livelihood.year_end") == 14_500
    assert yen(assessed(month="2025-12"), "livelihood.year_end") == 14_160
    assert yen(assessed(month="2026-11"), "livelihood.year_end") == 0
    eleven = [member()] + [member(f"m{n}", age=30, relation="other") for n in range(2, 12)]
    assert yen(assessed(*eleven, month="2026-12"), "livelihood.year_end") == 38_270 + 2 * 1_750
    assert yen(assessed(*eleven, month="2026-12"), "livelihood.class2") == 64_670 + 2 * 2_760


def test_the_special_addition_changes_on_its_first_day() -> None:
    each = {"2023-09": 0, "2023-10": 1_000, "2025-09": 1_000, "2025-10": 1_500, "2026-09": 1_500, "2026-10": 2_500}
    assert {month: yen(assessed(month=month), "livelihood.special") for month in each} == each
    doubtful = assessed(month="2027-04")
    assert [w.type for w in doubtful.warnings if w.kind == "livelihood.special"] == ["single"]


def test_hospital_over_one_month() -> None:
    found = assessed(member(residence="hospital"), month="2026-10", rent=53_700)
    assert yen(found, "livelihood.hospital") == 23_670
    assert yen(found, "livelihood.special") == 1_000
    assert yen(found, "housing.rent") == 53_700
    assert found.livelihood_body_yen == 0
    assert any(warning.type == "derived" for warning in found.warnings)


def test_one_of_a_couple_in_hospital() -> None:
    found = assessed(member(age=70), member("m2", age=70, relation="spouse", residence="hospital"), rent=64_000)
    assert yen(found, "livelihood.class1") == 46_460
    assert yen(found, "livelihood.class2") == 27_790
    assert yen(found, "housing.rent") == 64_000
    assert yen(found, "livelihood.special") == 2_500 + 1_000


def test_care_home_and_its_addition_not_beside_disability() -> None:
    found = assessed(member(residence="care_home"))
    assert yen(found, "livelihood.care_home") == 10_120
    assert yen(found, "addition.care_facility") == 10_120
    assert yen(found, "livelihood.special") == 1_000


def test_disability_by_grade_of_place_and_person() -> None:
    found = assessed(member(disability="a"), member("m2", relation="spouse", disability="b"))
    assert yen(found, "addition.disability", "m1") == 27_460
    assert yen(found, "addition.disability", "m2") == 18_300
    assert yen(assessed(member(disability="a"), month="2026-03"), "addition.disability") == 26_810


def _family(*ages: int, **parent: Any) -> list[dict[str, Any]]:
    children = [member(f"m{n}", age=age, relation="child") for n, age in enumerate(ages, start=2)]
    return [member("m1", age=35, lone_parent=True, **parent), *children]


def test_lone_parent_by_the_number_of_children() -> None:
    assert [yen(assessed(*_family(*[8] * n)), "addition.lone_parent") for n in (1, 2, 3, 4)] == [
        18_800,
        23_600,
        26_500,
        29_400,
    ]
    assert yen(assessed(*_family(18)), "addition.lone_parent") == 0


def test_a_disabled_lone_parent_gets_the_higher_of_both() -> None:
    severe = assessed(*_family(8, disability="a"))
    assert (yen(severe, "addition.disability"), yen(severe, "addition.lone_parent")) == (27_460, 0)
    light = assessed(*_family(8, disability="b"))
    assert (yen(light, "addition.disability"), yen(light, "addition.lone_parent")) == (0, 18_800)


@pytest.mark.parametrize("month", ["2023-10", "2026-03", "2026-10"])
def test_a_cell_that_was_never_read_refuses_who_needs_it_and_nobody_else(month: str) -> None:
    """母子世帯等に係る経過的加算 from 2023-10: one child, three persons or more. None made up, none left out."""
    parent, child = member(age=35, lone_parent=True), member("m2", age=8, relation="child")
    grandmother, second = member("m3", age=66, relation="other"), member("m4", age=5, relation="child")
    refused = assess([parse_household(household(parent, child, grandmother, month=month))], STANDARDS, month)[0]
    assert isinstance(refused, HouseholdError)
    assert (refused.household, refused.type) == ("h1", "figure-refused")
    assert refused.field == "addition.lone_parent_transitional"
    assert "母子世帯等に係る経過的加算" in refused.detail
    for members in ((parent, child), (parent, child, grandmother, second)):
        assert yen(assessed(*members, month=month), "addition.lone_parent") > 0


def test_the_transitional_of_children() -> None:
    """4,330 yen: under 3 among four persons or more, in hospital among fewer, and 3 to 11 from the third child on."""

    def given(*ages: int, month: str = "2026-10", **last: str) -> dict[str | None, int]:
        children = [member(f"c{age}", age=age, relation="child") for age in ages]
        children[-1].update(last)
        found = assessed(member(age=35), member("m2", age=36, relation="spouse"), *children, month=month)
        return {line.member: line.yen for line in found.lines if line.kind == "addition.child_rearing_transitional"}

    assert given(2) == {}
    assert given(2, residence="hospital") == {"c2": 4_330}
    assert given(5, 2) == {"c2": 4_330}
    assert given(5, 4) == {}
    assert given(17, 12, 11) == {"c11": 4_330}
    assert given(17, 14, 12) == {}
    assert given(9, 7, 5, 1) == {"c5": 4_330, "c1": 4_330}
    for month in ("2023-09", "2023-10", "2026-03", "2026-04"):
        assert given(5, 2, month=month) == {"c2": 4_330}


def test_a_child_under_3_without_it_is_named_to_the_officer() -> None:
    def doubts(*members: dict[str, Any]) -> list[str]:
        found = assessed(member(age=35), member("m2", age=36, relation="spouse"), *members)
        return [one.detail for one in found.warnings if "3人以下の世帯" in one.detail]

    assert len(doubts(member("m3", age=2, relation="child"))) == 1
    assert doubts(member("m3", age=3, relation="child")) == []


def test_spouse_support_needs_a_right_to_support_benefit() -> None:
    widow = member(age=82, spouse_support=True, other_income=300_000)
    refused = assessed(widow, programme="support_benefit", starting=True)
    assert (refused.payable_yen, yen(refused, "spouse_support")) == (0, 0)
    assert sum(line.yen for line in refused.lines) == 0
    assert (
        yen(assessed({**widow, "other_income": 0}, programme="support_benefit", starting=True), "spouse_support")
        == 47_072
    )


def test_equal_earners_are_charged_the_same_in_any_order() -> None:
    """The higher basic deduction goes to whom it helps: the other's expenses already take all earnings."""
    spent = member("m1", relation="self", earned_income=20_000, necessary_expenses=20_000)
    free = member("m2", relation="spouse", earned_income=20_000)
    for members in ((spent, free), (free, spent)):
        found = assessed(*members)
        assert found.countable_income_yen == 20_000 - 15_600
        assert yen(found, "deduction.basic", "m2") == 15_600


def test_a_month_in_part_says_that_rent_and_school_stay_whole() -> None:
    def doubts(**fields: Any) -> list[str]:
        return [one.detail for one in assessed(**fields).warnings if "日割しない" in one.detail]

    part = {"from": "2026-10-11"}
    assert len(doubts(rent=50_000, **part)) == 1
    assert doubts(rent=50_000) == doubts(**part) == []


def test_children_and_pupils() -> None:
    members = [
        member("m1", age=40),
        member("m2", age=17, relation="child", school="high_school"),
        member("m3", age=14, relation="child", school="junior_high"),
        member("m4", age=8, relation="child", school="primary"),
        member("m5", age=18, relation="child"),
    ]
    found = assessed(*members)
    assert yen(found, "addition.child_rearing") == 3 * 10_190
    assert (yen(found, "education.base", "m3"), yen(found, "education.base", "m4")) == (5_300, 3_400)
    assert yen(found, "occupational.high_school") == 7_300
    assert found.benefits["education"] == 8_700


def test_a_minor_alone_is_no_child_of_the_household() -> None:
    assert yen(assessed(member(age=17)), "addition.child_rearing") == 0


@pytest.mark.parametrize(
    ("status", "amount"), [("under_6_months", 9_350), ("from_6_months", 14_130), ("after_birth", 8_690)]
)
def test_maternity(status: str, amount: int) -> None:
    found = assessed(member(age=30, maternity=status))
    assert yen(found, "addition.maternity") == amount
    assert [warning.type for warning in found.warnings] == ["derived"]


def test_actual_care_premium() -> None:
    assert yen(assessed(member(age=70, care_premium=3_210)), "addition.care_premium") == 3_210


@pytest.mark.parametrize(
    ("persons", "ceiling"), [(1, 53_700), (2, 64_000), (3, 69_800), (5, 69_800), (6, 75_000), (7, 83_800), (9, 83_800)]
)
def test_rent_up_to_the_ceiling(persons: int, ceiling: int) -> None:
    family = [member()] + [member(f"m{n}", relation="other") for n in range(2, persons + 1)]
    assert yen(assessed(*family, rent=200_000), "housing.rent") == ceiling
    assert yen(assessed(*family, rent=40_000), "housing.rent") == 40_000


def test_special_ceiling_of_a_person_alone() -> None:
    assert yen(assessed(rent=72_000, special_housing=True), "housing.rent") == 69_800
    assert yen(assessed(rent=50_000, special_housing=True), "housing.rent") == 50_000


def test_a_city_with_ceilings_of_its_own() -> None:
    place: dict[str, Any] = {"prefecture": "北海道", "municipality": "札幌市", "rent": 99_000, "month": "2026-07"}
    assert yen(assessed(**place), "housing.rent") == 36_000


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
    found = assessed(member(age=46, earned_income=20_000, new_employment=True, necessary_expenses=9_000))
    assert yen(found, "deduction.basic") == 15_600
    assert yen(found, "deduction.new_employment") == 4_400
    assert yen(found, "deduction.expenses") == 0
    assert found.countable_income_yen == 0


def test_under_20_not_for_a_person_alone_or_only_with_own_child() -> None:
    young = member(age=19, earned_income=60_000)
    assert yen(assessed(young), "deduction.under_20") == 0
    assert yen(assessed(young, member("m2", age=0, relation="child")), "deduction.under_20") == 0
    assert yen(assessed(young, member("m2", age=50, relation="other")), "deduction.under_20") == 11_900
    child = member("m2", age=19, relation="child", earned_income=60_000)
    assert yen(assessed(member(), child), "deduction.under_20") == 11_900
    assert yen(assessed(member(), child, month="2026-03"), "deduction.under_20") == 11_600
    assert yen(assessed(member(), {**child, "age": 20}), "deduction.under_20") == 0


def test_occasional_income_counts_above_8000_yen_of_the_household() -> None:
    found = assessed(member(occasional_income=6_000), member("m2", relation="spouse", occasional_income=5_000))
    assert found.countable_income_yen == 3_000
    assert assessed(member(occasional_income=7_000)).countable_income_yen == 0


def test_income_in_full_and_income_that_is_not_counted() -> None:
    incomes: dict[str, Any] = {
        "pension": 30_000,
        "basic_pension": 10_000,
        "support_from_relatives": 5_000,
        "other_income": 2_000,
    }
    found = assessed(member(**incomes, uncounted_income=9_000))
    assert found.countable_income_yen == 47_000
    assert yen(found, "income.uncounted") + yen(found, "deduction.uncounted") == 0


def test_income_is_charged_in_the_order_of_the_law() -> None:
    family = [member(age=40, pension=150_000), member("m2", age=14, relation="child", school="junior_high")]
    found = assessed(*family, rent=64_000)
    livelihood = found.minimum_cost_yen - 64_000 - 5_300
    assert livelihood < 150_000
    assert [found.benefits[need] for need in ("livelihood", "education", "occupational")] == [0, 5_300, 0]
    assert found.benefits["housing"] == 64_000 - (150_000 - livelihood)
    assert any("順に充てる" in warning.detail for warning in found.warnings)


def test_income_above_the_need_is_the_copayment() -> None:
    found = assessed(member(residence="hospital", pension=90_000))
    assert (found.payable_yen, found.copayment_yen, yen(found, "floor")) == (0, 65_330, 65_330)
    bounded = assessed(member(residence="hospital", pension=90_000), medical_cost=20_000, care_cost=0)
    assert bounded.copayment_yen == 20_000


def test_income_left_is_charged_to_care_then_medicine_then_the_rest() -> None:
    def charged(**costs: Any) -> tuple[dict[str, int] | None, int]:
        found = assessed(member(residence="hospital", pension=90_000), **costs)
        return found.charged, found.copayment_yen

    nothing = {"care": 0, "medical": 0, "maternity": 0, "occupational": 0, "funeral": 0}
    assert charged(care_cost=15_000, medical_cost=300_000) == ({**nothing, "care": 15_000, "medical": 50_330}, 65_330)
    assert charged(medical_cost=60_000, funeral_cost=9_000) == (
        {**nothing, "medical": 60_000, "funeral": 5_330},
        60_000,
    )
    assert charged() == (None, 65_330)


def test_daily_proration_from_the_21st_and_rent_in_full() -> None:
    found = assessed(month="2026-04", rent=50_000, **{"from": "2026-04-11"})
    whole = found.livelihood_body_yen
    assert yen(found, "livelihood.proration") == whole * 20 // 30 - whole
    assert found.benefits["housing"] == 50_000
    assert found.benefits["livelihood"] == whole * 20 // 30
    assert assessed(**{"from": "2026-10-01", "to": "2026-10-31"}).payable_yen == assessed().payable_yen


def test_start_test_with_seventy_percent_of_the_basic_deduction() -> None:
    def at(gross: int) -> Assessment:
        return assessed(member(earned_income=gross), starting=True)

    needed, not_needed = at(90_000), at(96_000)
    assert needed.start_test == {"income_yen": 90_000 - 22_400 * 7 // 10, "needed": True}
    assert not_needed.start_test == {"income_yen": 96_000 - 23_200 * 7 // 10, "needed": False}
    assert not_needed.countable_income_yen == 96_000 - 23_200 < not_needed.minimum_cost_yen
    assert not_needed.payable_yen == 0
    assert sum(line.yen for line in not_needed.lines) == 0


def test_start_test_inside_the_month_looks_at_the_need_of_a_whole_month() -> None:
    found = assessed(member(pension=60_000), starting=True, **{"from": "2026-10-25"})
    assert found.minimum_cost_yen == 77_240 * 7 // 31
    assert found.start_test == {"income_yen": 60_000, "needed": True}
    assert found.payable_yen == 0
    rich = assessed(member(pension=78_000), starting=True, rent=50_000, **{"from": "2026-10-25"})
    assert rich.start_test == {"income_yen": 78_000, "needed": True}


def test_support_benefit_leaves_out_pension_and_thirty_percent() -> None:
    couple = [
        member("m1", age=82, basic_pension=70_408, pension=20_000),
        member("m2", age=80, relation="spouse", basic_pension=70_408, earned_income=10_000),
        member("m3", age=50, relation="child", earned_income=200_000),
    ]
    found = assessed(*couple, programme="support_benefit")
    assert found.countable_income_yen == 14_000 + 7_000
    assert yen(found, "livelihood.class1") == 69_410
    assert [warning.member for warning in found.warnings if warning.type == "left-out"] == ["m3"]


def test_spouse_support_is_paid_beside_and_is_no_income() -> None:
    found = assessed(member(age=80, basic_pension=70_000, spouse_support=True), programme="support_benefit")
    assert found.benefits["spouse_support"] == 47_072
    assert found.payable_yen == found.minimum_cost_yen + 47_072
    assert sum(line.yen for line in found.lines) == found.payable_yen


def test_separated_members_are_left_out() -> None:
    found = assessed(member(), member("m2", relation="child", age=22, earned_income=300_000, separated=True))
    assert found.payable_yen == assessed().payable_yen


def test_standard_before_2023_10_is_the_larger_of_two_formulas() -> None:
    """単身 68歳: ② 45,330 + 28,890 = 74,220, 経過的加算 2,660; four of 30s: ① × 0.855 is larger."""
    elder = assessed(member(age=68), month="2022-07")
    assert (yen(elder, "livelihood.base2"), yen(elder, "livelihood.transitional")) == (74_220, 2_660)
    assert elder.livelihood_body_yen == 76_880
    parents = [member(age=35), member("m2", age=33, relation="spouse")]
    four = [*parents, *(member(f"m{n}", age=8, relation="child") for n in (3, 4))]
    found = assessed(*four, month="2022-07")
    total = -(-(42_020 * 2 + 35_550 * 2) * 95 // 100 // 10) * 10 + 57_560
    assert yen(found, "livelihood.base1") == -(-total * 855 // 10_000) * 10
    assert {line.trust for line in found.lines} & {"reconstructed"}


def test_every_month_since_2020_10_is_assessed_or_refused_with_a_reason() -> None:
    for year in range(2020, 2028):
        for number in range(1, 13):
            month = f"{year}-{number:02d}"
            if not month >= "2020-10":
                continue
            found = assess([parse_household(household(month=month))], STANDARDS, month)[0]
            assert isinstance(found, Assessment) == (month < "2027-10"), month
