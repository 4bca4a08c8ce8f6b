"""救護施設, 更生施設 and lodgings: their own standard, or that of a home."""

from typing import Any

import pytest

from shared.benefit_rules import HouseholdError, assess, assess_in_parts, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


@pytest.mark.parametrize(
    ("residence", "grade", "base", "base_before"),
    [
        ("rescue_facility", "1級地-1", 65_680, 64_140),
        ("rescue_facility", "2級地-2", 62_410, 60_940),
        ("rescue_facility", "3級地-1", 59_120, 57_730),
        ("rehabilitation_facility", "1級地-2", 69_590, 67_950),
        ("rehabilitation_facility", "2級地-1", 66_100, 64_550),
        ("rehabilitation_facility", "3級地-2", 62_620, 61_150),
    ],
)
def test_a_facility_has_its_own_base_amount_by_grade(residence: str, grade: str, base: int, base_before: int) -> None:
    """別表第1 第1章 2(1)ア as read for 2023-10 to 2025-09; from 2026-04 derived, with a warning."""
    place: dict[str, Any] = {"prefecture": "東京都", "municipality": None, "grade": grade}
    for month, yen_of_month, trust in (
        ("2023-10", base_before, "confirmed"),
        ("2025-09", base_before, "confirmed"),
        ("2025-10", base_before, "single"),
        ("2026-04", base, "derived"),
    ):
        assessment = assessed(member(residence=residence), month=month, **place)
        lines = {line.kind: line for line in assessment.lines}
        assert set(lines) == {"livelihood.facility", "livelihood.special"}
        assert (lines["livelihood.facility"].yen, lines["livelihood.facility"].trust) == (yen_of_month, trust)
        assert lines["livelihood.special"].yen == {"2025-10": 1_500, "2026-04": 1_500}.get(month, 1_000)
        assert lines["livelihood.special"].trust == "derived"
        assert assessment.livelihood_body_yen == 0
    before = parse_household(household(member(residence=residence), month="2023-09", **place))
    answer = assess([before], STANDARDS, "2023-09")[0]
    assert isinstance(answer, HouseholdError)
    assert answer.field == "institution.facility"


@pytest.mark.parametrize(
    ("prefecture", "months", "amount"),
    [
        ("北海道", "10 11 12 01 02 03 04", 5_900),
        ("新潟県", "10 11 12 01 02 03 04", 4_480),
        ("宮城県", "11 12 01 02 03 04", 4_260),
        ("石川県", "11 12 01 02 03 04", 3_760),
        ("岐阜県", "11 12 01 02 03", 2_910),
        ("沖縄県", "11 12 01 02 03", 2_050),
    ],
)
def test_winter_in_a_facility_by_zone_as_long_as_it_was_read(prefecture: str, months: str, amount: int) -> None:
    place: dict[str, Any] = {"prefecture": prefecture, "municipality": None, "grade": "3級地-1"}
    for number in range(1, 13):
        month = f"{2025 if number > 3 else 2026}-{number:02d}"
        assessment = assessed(member(residence="rescue_facility"), month=month, **place)
        expected = amount if f"{number:02d}" in months.split() else 0
        assert (month, yen(assessment, "livelihood.facility_winter")) == (month, expected)
        assert yen(assessment, "livelihood.facility_year_end") == (4_150 if number == 12 else 0)


def test_who_comes_to_a_facility_inside_december_has_its_year_end() -> None:
    days = [("home", {"to": "2025-12-10"}), ("rescue_facility", {"from": "2025-12-11"})]
    parts = [parse_household(household(member(residence=place), month="2025-12", **part)) for place, part in days]
    assessment = assess_in_parts(parts, STANDARDS, "2025-12")
    assert (yen(assessment, "livelihood.year_end"), yen(assessment, "livelihood.facility_year_end")) == (0, 5_070)


def test_of_a_couple_one_in_a_facility_the_other_lives_alone() -> None:
    assessment = assessed(member(), member("m2", relation="spouse", residence="rescue_facility"), rent=60_000)
    amounts = {(line.kind, line.member): line.yen for line in assessment.lines}
    assert amounts["livelihood.class1", None] == 46_930
    assert amounts["livelihood.facility", "m2"] == 65_680
    assert amounts["housing.rent", None] == 53_700


@pytest.mark.parametrize("residence", ["free_low_cost_lodging", "daily_life_support_housing"])
def test_who_lives_in_a_lodging_has_the_standard_of_a_home_with_a_warning(residence: str) -> None:
    for month in ("2026-10", "2026-12"):
        at_home, lodger = (
            assessed(member(residence=place), month=month, rent=53_700, floor_area=7.43)
            for place in ("home", residence)
        )
        assert lodger.lines == at_home.lines
        assert yen(lodger, "housing.rent") == 43_000
        more = [warning.detail for warning in lodger.warnings if warning not in at_home.warnings]
        assert len(more) == 1
        assert "居宅の基準" in more[0]


def test_an_addition_in_a_facility_like_at_home_is_a_rule_that_was_not_read() -> None:
    assessment = assessed(member(age=30, maternity="after_birth", residence="rehabilitation_facility"))
    assert yen(assessment, "addition.maternity") == 8_690
    assert any("救護施設・更生施設の者の妊産婦加算" in warning.detail for warning in assessment.warnings)
