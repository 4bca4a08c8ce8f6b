"""Ages on 31 March, 1 April, 2 April and 29 February, and on the day on which assistance starts (局長通知 第7)."""

from datetime import date
from typing import Any

import pytest

from shared.benefit_rules import Ages, Assessment, Household, assess, assess_in_parts, parse_household
from shared.benefit_rules.assessing.entries import Law
from shared.benefit_rules.households.ages import BAND_OF_AGE, BAND_STARTS, age_of_fiscal_year, day_that_counts
from shared.money_and_time import age_on
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


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
    assert [additions("2007-04-02", month) for month in ("2025-10", "2026-03", "2026-04")] == [10_190, 10_190, 0]
    assert [additions("2008-02-29", month) for month in ("2026-03", "2026-04")] == [10_190, 0]


def test_class_1_rolls_on_1_april_for_a_woman_of_75() -> None:
    def class1(birth: str, month: str) -> int:
        return yen(assessed(member(birth_date=birth), month=month), "livelihood.class1")

    assert [class1("1951-06-10", month) for month in ("2026-05", "2026-10", "2027-03")] == [46_460, 46_460, 46_460]
    assert class1("1951-04-01", "2026-04") == 39_890
    assert class1("1951-04-02", "2026-04") == 46_460


BORN_IN_JUNE = member(birth_date="1951-06-15")
"""74 on 1 April 2026, 75 from 15 June on: another band."""


def body_in(month: str, ages: Ages = "yearly", born: str = "1951-06-15", **fields: Any) -> int:
    entry = household(member(birth_date=born), month=month, **fields)
    assessment = assess([parse_household(entry)], STANDARDS, month, ages)[0]
    assert isinstance(assessment, Assessment), assessment
    return assessment.livelihood_body_yen


def test_who_starts_has_the_age_of_that_day_until_the_next_1_april() -> None:
    """A person of 75 and more: 39,890 + 27,790 + 2,500 + 1,720; of 70 to 74: 46,460 + 27,790 + 2,500."""
    start: dict[str, Any] = {"starting": True, "from": "2026-10-05"}
    assert body_in("2026-10", **start) == 71_900
    assert body_in("2026-10", starting=True) == 71_900
    assert body_in("2026-11", assistance_since="2026-10-05") == 71_900
    assert body_in("2027-03", assistance_since="2026-10-05") == 71_900
    assert body_in("2026-10") == body_in("2026-10", assistance_since="2020-05-01") == 76_750


@pytest.mark.parametrize(
    ("since", "body"),
    [
        ("2026-03-31", 76_750),
        ("2026-04-01", 76_750),
        ("2026-06-14", 76_750),
        ("2026-06-15", 71_900),
        ("2026-10-31", 71_900),
    ],
)
def test_the_birthday_counts_from_the_day_itself_where_assistance_starts_on_it(since: str, body: int) -> None:
    assert body_in("2026-11", assistance_since=since) == body


@pytest.mark.parametrize(
    ("born", "yens"),
    [
        ("1951-03-31", [46_460, 39_890, 39_890]),
        ("1951-04-01", [46_460, 39_890, 39_890]),
        ("1951-04-02", [46_460, 46_460, 46_460]),
        ("1951-10-01", [46_460, 46_460, 46_460]),
    ],
)
def test_who_was_born_on_1_april_is_older_on_1_april_and_who_was_born_on_2_april_a_year_later(
    born: str, yens: list[int]
) -> None:
    """The year is complete at the end of the day before: on 31 March, or on 1 April itself (年齢計算ニ関する法律)."""
    months = "2026-03", "2026-04", "2027-03"
    years = [assessed(member(birth_date=born), month=month, assistance_since="2020-05-01") for month in months]
    assert [yen(assessment, "livelihood.class1") for assessment in years] == yens
    assert not any(warning.kind == "livelihood.class1" for assessment in years for warning in assessment.warnings)


@pytest.mark.parametrize(
    ("born", "bodies"),
    [
        ("1951-09-30", [71_900, 71_900]),
        ("1951-10-01", [71_900, 71_900]),
        ("1951-10-02", [76_750, 71_900]),
        ("1951-11-02", [76_750, 76_750]),
    ],
)
def test_an_office_may_change_monthly_who_reached_the_age_by_the_end_of_the_month_before(
    born: str, bodies: list[int]
) -> None:
    since = "2020-05-01"
    assert [body_in(month, "monthly", born, assistance_since=since) for month in ("2026-10", "2026-11")] == bodies
    law = Law("public_assistance", STANDARDS).with_ages("monthly")
    entry = {**household(member(birth_date=born)), "assistance_since": since}
    del entry["month"]
    (assessment,) = law.assess([entry], "2026-10")
    assert isinstance(assessment, Assessment)
    assert assessment.livelihood_body_yen == bodies[0]


def test_an_office_that_changes_monthly_does_so_in_the_parts_of_a_month_as_well() -> None:
    def part(first: int, last: int) -> Household:
        days = {"from": f"2026-10-{first:02d}", "to": f"2026-10-{last:02d}"}
        return parse_household(household(BORN_IN_JUNE, assistance_since="2020-05-01", **days))

    parts = [part(1, 10), part(11, 31)]
    assert yen(assess_in_parts(parts, STANDARDS, "2026-10", "monthly"), "livelihood.class1") == 2 * 39_890
    assert yen(assess_in_parts(parts, STANDARDS, "2026-10"), "livelihood.class1") == 2 * 46_460


def test_a_child_is_one_to_the_31_march_after_18_also_where_assistance_starts_after_the_birthday() -> None:
    """Its own class 1 is that of the day; 児童養育加算 and 母子加算 end by their own definition."""
    child = member("m2", birth_date="2008-06-15", relation="child")
    assessment = assessed(member(lone_parent=True), child, assistance_since="2026-10-01")
    assert yen(assessment, "addition.child_rearing") == 10_190
    assert yen(assessment, "addition.lone_parent") == 18_800
    (line,) = (line for line in assessment.lines if line.kind == "livelihood.class1")
    assert line.inputs["members.m2"] == 46_930


@pytest.mark.parametrize(
    ("born", "month", "amount"),
    [
        ("2006-05-01", "2026-10", 0),
        ("2006-05-01", "2026-05", 0),
        ("2006-05-01", "2026-04", 18_800),
        ("2006-05-02", "2026-05", 18_800),
        ("2006-05-02", "2026-06", 0),
        ("2008-03-31", "2026-04", 18_800),
    ],
)
def test_a_grown_child_with_a_disability_is_one_until_the_20th_birthday(born: str, month: str, amount: int) -> None:
    """Under 20 has no 31 March: the addition ends with the month of the birthday (第2章 8), as 20歳未満控除 does."""
    child = member("m2", birth_date=born, relation="child", disability="b")
    answer = assessed(member(lone_parent=True), child, month=month)
    assert yen(answer, "addition.lone_parent") == amount
    ended = [warning.member for warning in answer.warnings if "20歳に達するまで" in warning.detail]
    assert ended == ([] if amount else ["m2"])


def test_the_household_of_a_child_that_became_20_after_1_april() -> None:
    child = member("c1", birth_date="2006-05-01", relation="child", disability="b")
    parent = member(age=45, lone_parent=True)
    assert assessed(parent, child, assistance_since="2026-10-01").payable_yen == 143_020
    years_after = assessed(parent, {**child, "birth_date": "2004-05-01"})
    assert not any("20歳に達するまで" in warning.detail for warning in years_after.warnings)
    without_parent = assessed({**parent, "lone_parent": False}, child)
    assert not any("20歳に達するまで" in warning.detail for warning in without_parent.warnings)


def test_by_an_age_alone_the_month_of_the_20th_birthday_is_not_known() -> None:
    """19 is the age on 1 April: the addition is given, with a doubt."""

    def doubted(**child: Any) -> list[str | None]:
        answer = assessed(member(lone_parent=True), member("m2", relation="child", disability="b", **child))
        assert yen(answer, "addition.lone_parent") == 18_800
        return [warning.member for warning in answer.warnings if "20歳に達する月" in warning.detail]

    assert doubted(age=19) == ["m2"]
    assert doubted(age=18) == doubted(birth_date="2007-04-01") == []


def test_a_third_child_is_one_to_the_31_march_after_primary_school_whenever_assistance_starts() -> None:
    births = {"m2": "2012-05-01", "m3": "2013-05-01", "m4": "2014-06-15"}
    children = [member(id_, birth_date=born, relation="child") for id_, born in births.items()]
    assessment = assessed(member(), *children, assistance_since="2026-10-01")
    assert yen(assessment, "addition.child_rearing_transitional", "m4") == 4_330


def doubts(*people: dict[str, Any], **fields: Any) -> list[tuple[str, str | None]]:
    return [(warning.type, warning.member) for warning in assessed(*people, **fields).warnings]


def test_a_doubt_about_the_age_stands_once_and_only_where_the_start_would_decide() -> None:
    both = BORN_IN_JUNE, member("m2", birth_date="1951-06-16", relation="spouse")
    assert doubts(*both, month="2026-10") == [("rule-not-read", None)]
    assert doubts(*both, month="2026-10", assistance_since="2020-05-01") == []
    assert doubts(*both, month="2026-10", assistance_since="2026-09-01") == [("rule-not-read", None)]
    assert doubts(*both, month="2026-06") == []
    assert doubts(*both, month="2026-07") == [("rule-not-read", None)]
    assert doubts(member(birth_date="1951-04-02"), month="2026-04") == []
    assert doubts(member(birth_date="1979-05-01"), month="2026-10") == []


def test_an_office_that_changes_monthly_has_no_doubt_about_a_start_that_is_not_known() -> None:
    (assessment,) = assess([parse_household(household(BORN_IN_JUNE))], STANDARDS, "2026-10", "monthly")
    assert isinstance(assessment, Assessment)
    assert assessment.warnings == ()


def test_a_start_inside_the_month_without_a_first_day_is_doubted() -> None:
    assert doubts(member(), assistance_since="2026-10-02") == [("doubtful", None)]
    assert doubts(member(), assistance_since="2026-10-01") == []
    assert ("doubtful", None) not in doubts(member(), assistance_since="2026-10-02", **{"from": "2026-10-02"})


def test_the_later_day_counts() -> None:
    april = date(2026, 4, 1)
    assert (
        day_that_counts("2027-03", None, "yearly") == day_that_counts("2026-04", date(2026, 3, 31), "yearly") == april
    )
    assert day_that_counts("2027-03", date(2026, 4, 2), "yearly") == date(2026, 4, 2)
    assert day_that_counts("2027-03", date(2026, 4, 2), "monthly") == date(2027, 3, 1)
    assert day_that_counts("2027-03", date(2027, 3, 9), "monthly") == date(2027, 3, 9)


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
