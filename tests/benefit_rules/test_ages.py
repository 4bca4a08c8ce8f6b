"""Ages on 31 March, 1 April, 2 April and 29 February: the fiscal year decides, not the birthday (松江市 2017)."""

from datetime import date

import pytest

from shared.benefit_rules.households.ages import BAND_OF_AGE, BAND_STARTS, age_of_fiscal_year, age_on, band_may_differ
from tests.benefit_rules.households import assessed, member, yen


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 4, 1), date(2026, 3, 31), 17),
        (date(2008, 4, 1), date(2026, 4, 1), 18),
        (date(2008, 4, 2), date(2026, 4, 1), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 10, 1), date(2026, 4, 1), 0),
    ],
)
def test_whole_years_on_a_day(birth: date, day: date, age: int) -> None:
    assert age_on(day, birth) == age


def test_everybody_gets_older_on_1_april_and_on_no_other_day() -> None:
    born = date(2014, 9, 15)
    ages = [
        age_of_fiscal_year(month, born) for month in ("2026-03", "2026-04", "2026-09", "2026-10", "2027-03", "2027-04")
    ]
    assert ages == [10, 11, 11, 11, 11, 12]


def test_a_child_until_the_31_march_after_the_eighteenth_birthday() -> None:
    def additions(birth: str, month: str) -> int:
        return yen(
            assessed(member(), member("m2", birth_date=birth, relation="child"), month=month), "addition.child_rearing"
        )

    assert [additions("2008-04-01", month) for month in ("2026-03", "2026-04")] == [10_190, 0]
    assert [additions("2008-04-02", month) for month in ("2026-04", "2027-03", "2027-04")] == [10_190, 10_190, 0]
    assert [additions("2008-02-29", month) for month in ("2026-03", "2026-04")] == [10_190, 0]


def test_class_1_rolls_on_1_april_for_a_woman_of_75() -> None:
    def class1(birth: str, month: str) -> int:
        return yen(assessed(member(birth_date=birth), month=month), "livelihood.class1")

    assert [class1("1951-06-10", month) for month in ("2026-05", "2026-10", "2027-03")] == [46_460, 46_460, 46_460]
    assert class1("1951-04-01", "2026-04") == 39_890
    assert class1("1951-04-02", "2026-04") == 46_460


def test_a_doubtful_day_gives_a_warning_and_only_then() -> None:
    assert band_may_differ("2026-10", date(1951, 6, 10))
    assert not band_may_differ("2026-05", date(1951, 6, 10))
    assert band_may_differ("2026-04", date(1951, 4, 2))
    assert not band_may_differ("2026-10", date(1979, 5, 1))
    found = assessed(member(birth_date="1951-06-10"), month="2026-10")
    assert [warning.type for warning in found.warnings] == ["rule-not-read"]


def test_a_child_born_inside_the_year_is_0() -> None:
    baby = member("m2", birth_date="2026-09-20", relation="child")
    line = next(line for line in assessed(member(), baby).lines if line.kind == "livelihood.class1")
    assert line.inputs["members.m2"] == 44_580


def test_bands_are_those_of_the_standard() -> None:
    assert [BAND_OF_AGE[age] for age in BAND_STARTS] == list(range(11))
    assert [BAND_OF_AGE[age - 1] for age in BAND_STARTS[1:]] == list(range(10))


def test_age_wins_over_birth_date() -> None:
    both = assessed(member(birth_date="1951-06-10", age=46))
    assert yen(both, "livelihood.class1") == 46_930
    assert both.warnings == ()
