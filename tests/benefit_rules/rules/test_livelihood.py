"""The livelihood rules: classes one and two, additions of a month, hospital, and the standard before 2023-10."""

import pytest

from shared.benefit_rules import HouseholdError, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


def test_single_person_of_46_in_shinjuku() -> None:
    assessment = assessed(rent=53_700)
    lines = {line.kind: line.yen for line in assessment.lines}
    assert lines == {
        "livelihood.class1": 46_930,
        "livelihood.class2": 27_790,
        "livelihood.special": 2_500,
        "livelihood.transitional": 20,
        "housing.rent": 53_700,
    }
    assert assessment.payable_yen == 130_940
    assert assessment.benefits == {"livelihood": 77_240, "housing": 53_700, "education": 0, "occupational": 0}
    assert {line.trust for line in assessment.lines} == {"confirmed"}
    assert assessment.warnings == ()


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
        assessment = assessed(month=f"2026-{number:02d}", **place)
        assert yen(assessment, "livelihood.winter") == (amount if f"{number:02d}" in months.split() else 0)


def test_special_winter_standard_is_raised_to_10_yen() -> None:
    assert yen(assessed(month="2026-12", winter_special=True), "livelihood.winter") == 3_420  # 2,630 × 1.3 = 3,419


@pytest.mark.parametrize(
    ("month", "refused"), [("2023-03", True), ("2022-10", False), ("2023-04", False), ("2023-11", False)]
)
def test_the_special_standard_of_winter_was_read_from_2023_04_on(month: str, refused: bool) -> None:
    entry = household(member(), month=month, winter_special=True)
    (answer,) = assess([parse_household(entry)], STANDARDS, month)
    assert isinstance(answer, HouseholdError) == refused


def test_year_end_in_december_alone() -> None:
    assert yen(assessed(month="2026-12"), "livelihood.year_end") == 14_500
    assert yen(assessed(month="2025-12"), "livelihood.year_end") == 14_160
    assert yen(assessed(month="2026-11"), "livelihood.year_end") == 0
    eleven = [member()] + [member(f"m{n}", age=30, relation="other") for n in range(2, 12)]
    assert yen(assessed(*eleven, month="2026-12"), "livelihood.year_end") == 38_270 + 2 * 1_750
    assert yen(assessed(*eleven, month="2026-12"), "livelihood.class2") == 64_670 + 2 * 2_760


@pytest.mark.parametrize(
    ("days", "goes_on"),
    [
        ({}, True),
        ({"from": "2026-12-31"}, True),
        ({"to": "2026-12-30"}, False),
        ({"to": "2026-12-31"}, False),
        ({"from": "2026-12-01", "to": "2026-12-31"}, False),
    ],
)
def test_year_end_is_for_who_goes_on_into_january(days: dict[str, str], goes_on: bool) -> None:
    assessment = assessed(month="2026-12", **days)
    assert yen(assessment, "livelihood.year_end") == (14_500 if goes_on else 0)
    said = [warning for warning in assessment.warnings if warning.type == "not-given"]
    assert ["第1章 1(2)ア" in warning.detail for warning in said] == [True] * (not goes_on)
    resident = assessed(
        member(residence="rescue_facility"),
        month="2025-12",
        **{key: day.replace("2026", "2025") for key, day in days.items()},
    )
    assert yen(resident, "livelihood.facility_year_end") == (5_070 if goes_on else 0)
    assert assessed(month="2026-11", to="2026-11-30").warnings == ()


def test_the_special_addition_changes_on_its_first_day() -> None:
    by_month = {"2023-09": 0, "2023-10": 1_000, "2025-09": 1_000, "2025-10": 1_500, "2026-09": 1_500, "2026-10": 2_500}
    assert {month: yen(assessed(month=month), "livelihood.special") for month in by_month} == by_month


@pytest.mark.parametrize("residence", ["home", "hospital"])
def test_after_the_last_month_of_the_special_addition_that_was_read_everybody_is_refused(residence: str) -> None:
    entry = household(member(residence=residence), month="2027-04")
    (answer,) = assess([parse_household(entry)], STANDARDS, "2027-04")
    assert isinstance(answer, HouseholdError)
    assert str(answer.field).startswith("livelihood.special.")


def test_hospital_over_one_month() -> None:
    assessment = assessed(member(residence="hospital"), month="2026-10", rent=53_700)
    assert yen(assessment, "livelihood.hospital") == 23_670
    assert yen(assessment, "livelihood.special") == 1_000
    assert yen(assessment, "housing.rent") == 53_700
    assert assessment.livelihood_body_yen == 0
    assert any(warning.type == "derived" for warning in assessment.warnings)


def test_one_of_a_couple_in_hospital() -> None:
    assessment = assessed(member(age=70), member("m2", age=70, relation="spouse", residence="hospital"), rent=64_000)
    assert yen(assessment, "livelihood.class1") == 46_460
    assert yen(assessment, "livelihood.class2") == 27_790
    assert yen(assessment, "housing.rent") == 64_000
    assert yen(assessment, "livelihood.special") == 2_500 + 1_000


def test_standard_before_2023_10_is_the_larger_of_two_formulas() -> None:
    """単身 68歳: ② 45,330 + 28,890 = 74,220, 経過的加算 2,660; four of 30s: ① × 0.855 is larger."""
    elder = assessed(member(age=68), month="2022-07")
    assert (yen(elder, "livelihood.base2"), yen(elder, "livelihood.transitional")) == (74_220, 2_660)
    assert elder.livelihood_body_yen == 76_880
    parents = [member(age=35), member("m2", age=33, relation="spouse")]
    four = [*parents, *(member(f"m{n}", age=8, relation="child") for n in (3, 4))]
    assessment = assessed(*four, month="2022-07")
    total = -(-(42_020 * 2 + 35_550 * 2) * 95 // 100 // 10) * 10 + 57_560
    assert yen(assessment, "livelihood.base1") == -(-total * 855 // 10_000) * 10
    assert {line.trust for line in assessment.lines} & {"reconstructed"}
