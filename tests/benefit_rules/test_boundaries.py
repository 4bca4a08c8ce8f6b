"""First and last days: of every standard, of a month, of an age; and the eras in which they are told."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.benefit_rules import Assessment, HouseholdError, assess, explain, parse_household
from shared.money_and_time import month_of
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen

PERIODS = [(name, figure) for name, figures in STANDARDS.figures.items() for figure in figures]


@pytest.mark.parametrize(("name", "figure"), PERIODS, ids=[f"{name} {figure.first}" for name, figure in PERIODS])
def test_a_figure_holds_from_its_first_to_its_last_day(name: str, figure: Any) -> None:
    assert STANDARDS.tables(month_of(figure.first))[name] is figure
    if figure.first > date(2020, 10, 1):
        assert STANDARDS.tables(month_of(figure.first - timedelta(days=1)))[name] is not figure
    if figure.last is not None:
        assert STANDARDS.tables(month_of(figure.last))[name] is figure
        assert STANDARDS.tables(month_of(figure.last + timedelta(days=1)))[name] is not figure


@pytest.mark.parametrize(
    "month",
    ["2020-10", "2023-09", "2023-10", "2025-09", "2025-10", "2026-03", "2026-04", "2026-09", "2026-10", "2027-03"],
)
def test_who_lives_alone_on_both_sides_of_every_revision(month: str) -> None:
    """The transitional addition kept the amount of 46 and of 33 years (従前額の保障) until 2,500 yen were above it."""
    assert assessed(month=month).livelihood_body_yen == 77_240
    young = assessed(member(age=33), month=month).livelihood_body_yen
    assert young == (77_220 if month >= "2026-10" else 76_420)


def test_what_begins_and_ends_with_a_month() -> None:
    """特例加算, 障害者加算, 20歳未満控除, 期末一時扶助 and 高校 on both sides of their revisions."""
    special = [yen(assessed(month=month), "livelihood.special") for month in ("2023-10", "2025-09", "2025-10")]
    assert special == [1_000, 1_000, 1_500]
    assert [yen(assessed(month=month), "livelihood.special") for month in ("2026-09", "2026-10")] == [1_500, 2_500]
    disabled = member(disability="a")
    assert [yen(assessed(disabled, month=month), "addition.disability") for month in ("2026-03", "2026-04")] == [
        26_810,
        27_460,
    ]
    young = [member(relation="self"), member("m2", age=18, relation="child", earned_income=90_000)]
    assert [yen(assessed(*young, month=month), "deduction.under_20") for month in ("2026-03", "2026-04")] == [
        11_600,
        11_900,
    ]
    assert [yen(assessed(month=month), "livelihood.year_end") for month in ("2025-12", "2026-12", "2027-01")] == [
        14_160,
        14_500,
        0,
    ]
    months = ("2026-10", "2026-11", "2027-03", "2026-04")
    assert [yen(assessed(month=month), "livelihood.winter") for month in months] == [0, 2_630, 2_630, 0]


@pytest.mark.parametrize(
    ("school", "age", "kind", "old", "new", "first_new"),
    [
        ("primary", 8, "education.base", 2_600, 3_400, "2025-10"),
        ("junior_high", 13, "education.base", 5_100, 5_300, "2025-10"),
        ("high_school", 16, "occupational.high_school", 5_300, 7_300, "2025-04"),
    ],
)
def test_between_the_last_month_of_an_amount_and_the_first_of_the_next_nobody_is_given_either(
    school: str, age: int, kind: str, old: int, new: int, first_new: str
) -> None:
    """The day on which education rose was never read: no figure runs backward over it."""
    family = [member(), member("m2", age=age, relation="child", school=school)]
    assert [yen(assessed(*family, month=month), kind) for month in ("2023-09", "2023-10")] == [old, old]
    assert yen(assessed(*family, month=first_new), kind) == new
    for month in ("2023-11", "2024-06", "2025-03"):
        refused = assess([parse_household(household(*family, month=month))], STANDARDS, month)[0]
        assert isinstance(refused, HouseholdError), (month, refused)
        assert str(refused.field).split(".")[0] == kind.split(".")[0], refused.field


def test_a_month_before_the_tables_and_one_without_a_figure_are_refused() -> None:
    with pytest.raises(ValueError, match="2020-10"):
        assess([parse_household(household(month="2020-09"))], STANDARDS, "2020-09")
    assert isinstance(assess([parse_household(household(month="2027-03"))], STANDARDS, "2027-03")[0], Assessment)
    after = assess([parse_household(household(month="2027-04"))], STANDARDS, "2027-04")[0]
    assert isinstance(after, HouseholdError)
    assert after.field == "livelihood.special.home"


@pytest.mark.parametrize(("month", "days"), [("2024-02", 29), ("2026-02", 28), ("2026-11", 30), ("2027-01", 31)])
def test_days_of_a_month(month: str, days: int) -> None:
    """From the first to the last day is the whole month; one day is one of its real days, cut below 1 yen."""
    whole = assessed(month=month)
    assert assessed(month=month, **{"from": f"{month}-01", "to": f"{month}-{days}"}) == whole
    year_end = yen(whole, "livelihood.year_end")
    prorated = whole.payable_yen - year_end
    for edge in ({"to": f"{month}-01"}, {"from": f"{month}-{days}"}):
        assert assessed(month=month, **edge).payable_yen == prorated // days + year_end


@pytest.mark.parametrize(
    ("birth", "months"),
    [
        ("2008-03-31", {"2026-03": 10_190, "2026-04": 0}),
        ("2008-04-01", {"2026-03": 10_190, "2026-04": 0}),
        ("2007-04-02", {"2025-10": 10_190, "2026-03": 10_190, "2026-04": 0}),
        ("2008-02-29", {"2026-02": 10_190, "2026-03": 10_190, "2026-04": 0}),
    ],
)
def test_the_last_month_of_a_child(birth: str, months: dict[str, int]) -> None:
    child = member("m2", birth_date=birth, relation="child")
    found = {month: yen(assessed(member(), child, month=month), "addition.child_rearing") for month in months}
    assert found == months


@pytest.mark.parametrize(
    ("birth", "months"),
    [
        ("2006-03-31", {"2026-03": 11_600, "2026-04": 0}),
        ("2006-04-01", {"2026-03": 11_600, "2026-04": 0}),
        ("2006-04-02", {"2026-04": 11_900, "2026-05": 0}),
        ("2004-02-29", {"2024-02": 11_600, "2024-03": 0}),
    ],
)
def test_the_last_month_under_20(birth: str, months: dict[str, int]) -> None:
    """Under 20 on the first of the month, by the birthday; 29 February counts on 1 March where there is none."""
    young = member("m2", birth_date=birth, relation="child", earned_income=90_000)
    found = {month: yen(assessed(member(), young, month=month), "deduction.under_20") for month in months}
    assert found == months


@pytest.mark.parametrize(
    ("birth", "months"),
    [
        ("2023-03-31", {"2026-03": 4_330, "2026-04": 0}),
        ("2023-04-01", {"2026-03": 4_330, "2026-04": 0}),
        ("2024-02-29", {"2027-02": 4_330, "2027-03": 0}),
    ],
)
def test_the_last_month_under_3(birth: str, months: dict[str, int]) -> None:
    others = [member(), member("m2", age=40, relation="spouse"), member("m3", age=9, relation="child")]
    baby = member("m4", birth_date=birth, relation="child")
    kind = "addition.child_rearing_transitional"
    assert {month: yen(assessed(*others, baby, month=month), kind) for month in months} == months


@pytest.mark.parametrize(("month", "era"), [("2020-10", "令和2年10月"), ("2026-12", "令和8年12月")])
def test_a_month_is_told_in_its_era(month: str, era: str) -> None:
    assert f"{era}分" in explain(assessed(month=month))


@pytest.mark.parametrize("birth", ["1926-12-24", "1926-12-25", "1989-01-07", "1989-01-08"])
def test_who_was_born_in_another_era_is_assessed(birth: str) -> None:
    """大正15年 and 昭和元年, 昭和64年 and 平成元年: a birthday is a day, whatever its era was called."""
    found = assessed(member(birth_date=birth))
    assert yen(found, "livelihood.class1") == (39_890 if birth < "1930" else 46_930)
