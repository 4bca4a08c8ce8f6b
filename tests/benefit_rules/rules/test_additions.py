"""The additions: disability, lone parent, children, maternity, care."""

from typing import Any

import pytest

from shared.benefit_rules import Assessment, HouseholdError, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


def test_care_home_and_its_addition_not_beside_disability() -> None:
    assessment = assessed(member(residence="care_home"))
    assert yen(assessment, "livelihood.care_home") == 10_120
    assert yen(assessment, "addition.care_facility") == 10_120
    assert yen(assessment, "livelihood.special") == 1_000


def test_disability_by_grade_of_place_and_person() -> None:
    assessment = assessed(member(disability="a"), member("m2", relation="spouse", disability="b"))
    assert yen(assessment, "addition.disability", "m1") == 27_460
    assert yen(assessment, "addition.disability", "m2") == 18_300
    assert yen(assessed(member(disability="a"), month="2026-03"), "addition.disability") == 26_810


def doubted(assessment: Assessment, words: str) -> bool:
    """Whether a rule of these words, which was not read, is named among the warnings."""
    return any(warning.type == "rule-not-read" and words in warning.detail for warning in assessment.warnings)


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


def test_of_both_additions_only_the_amount_for_one_child_is_compared() -> None:
    """What 母子加算 has more for the second and further children is given beside 障害者加算 (第2章 9)."""
    severe = assessed(*_family(10, 8, disability="a"))
    assert (yen(severe, "addition.disability"), yen(severe, "addition.lone_parent")) == (27_460, 23_600 - 18_800)
    assert severe.payable_yen == 209_760
    assert doubted(severe, "2人目以降の額は併せて")
    three = assessed(*_family(10, 8, 5, disability="a"))
    assert (yen(three, "addition.disability"), yen(three, "addition.lone_parent")) == (27_460, 26_500 - 18_800)
    light = assessed(*_family(10, 8, disability="b"))
    assert (yen(light, "addition.disability"), yen(light, "addition.lone_parent")) == (0, 23_600)
    assert not doubted(assessed(*_family(10, 8)), "2人目以降の額は併せて")


def test_for_a_lone_parent_a_child_with_a_disability_is_one_until_20() -> None:
    """Child rearing ends at 18 for this child too (第2章 6, 8)."""

    def family(age: int, **child: str) -> list[dict[str, Any]]:
        return [member(age=45, lone_parent=True), {**member("m2", age=age, relation="child"), **child}]

    eighteen = assessed(*family(18, disability="b"))
    assert (yen(eighteen, "addition.lone_parent"), yen(eighteen, "addition.child_rearing")) == (18_800, 0)
    assert eighteen.payable_yen == 161_820
    assert doubted(eighteen, "障害のある20歳未満の者")
    for age, disability, expected in ((19, "a", 18_800), (20, "a", 0), (18, "", 0), (17, "", 18_800)):
        assessment = assessed(*family(age, **({"disability": disability} if disability else {})))
        assert (age, yen(assessment, "addition.lone_parent")) == (age, expected)
        assert doubted(assessment, "障害のある20歳未満の者") == (age == 19)


def test_a_child_of_18_with_a_disability_counts_beside_a_younger_one() -> None:
    young = member("m3", age=8, relation="child")
    parent, grown = member(age=45, lone_parent=True), member("m2", age=18, relation="child", disability="b")
    assert yen(assessed(parent, grown, young), "addition.lone_parent") == 23_600


GRANDMOTHER, MOTHER_OF_17 = member("g", age=50), member("m1", age=17, relation="child", lone_parent=True)


def test_a_lone_parent_of_17_is_not_her_own_child() -> None:
    """She is still a child whom her mother brings up (児童養育加算)."""
    answer = assessed(GRANDMOTHER, MOTHER_OF_17)
    assert (yen(answer, "addition.lone_parent"), yen(answer, "addition.child_rearing", "m1")) == (0, 10_190)
    assert answer.payable_yen == 136_950
    assert [warning.member for warning in answer.warnings if warning.type == "no-effect"] == ["m1"]
    niece = {**MOTHER_OF_17, "relation": "other"}
    assert yen(assessed(GRANDMOTHER, niece), "addition.lone_parent") == 0
    sick = {**niece, "age": 18, "disability": "b"}
    assert yen(assessed(GRANDMOTHER, sick), "addition.lone_parent") == 0, "nor where the own disability makes a child"


def test_of_a_lone_parent_of_17_the_child_counts_and_she_does_not() -> None:
    """One child among three persons: the table of 経過的加算 was not read. With two children none is needed."""
    baby, second = member("c", age=1, relation="other"), member("d", age=4, relation="other")
    refused = assess([parse_household(household(GRANDMOTHER, MOTHER_OF_17, baby))], STANDARDS, "2026-10")[0]
    assert isinstance(refused, HouseholdError)
    assert refused.field == "addition.lone_parent_transitional"
    assert yen(assessed(GRANDMOTHER, MOTHER_OF_17, baby, second), "addition.lone_parent") == 23_600


def test_siblings_of_a_lone_parent_are_not_her_children() -> None:
    mother, brother = member("m1", age=20, relation="child", lone_parent=True), member("s", age=10, relation="child")
    babies = member("c", age=1, relation="other"), member("d", age=4, relation="other")
    refused = assess([parse_household(household(GRANDMOTHER, mother, brother, babies[0]))], STANDARDS, "2026-10")[0]
    assert isinstance(refused, HouseholdError)
    assert refused.field == "addition.lone_parent_transitional"
    assert yen(assessed(GRANDMOTHER, mother, brother, *babies), "addition.lone_parent") == 23_600
    assert yen(assessed(GRANDMOTHER, mother, brother), "addition.lone_parent") == 0
    sick = {**brother, "age": 18, "disability": "b"}
    assert yen(assessed(GRANDMOTHER, mother, sick, *babies), "addition.lone_parent") == 23_600


def test_a_sister_of_the_head_brings_up_others_and_not_the_children_of_the_head() -> None:
    sister = member("m2", age=30, relation="other", lone_parent=True)
    of_head = member("c", age=8, relation="child")
    assert yen(assessed(member(), sister, of_head), "addition.lone_parent") == 0
    hers = [member("d", age=8, relation="other"), member("e", age=3, relation="other")]
    assert yen(assessed(member(), sister, of_head, *hers), "addition.lone_parent") == 23_600


def test_a_lone_parent_who_is_head_or_spouse_brings_up_children_and_others() -> None:
    young = [member("c", age=8, relation="child"), member("d", age=3, relation="other")]
    assert yen(assessed(member(lone_parent=True), *young), "addition.lone_parent") == 23_600
    spouse = member("m2", relation="spouse", lone_parent=True)
    assert yen(assessed(member(), spouse, *young), "addition.lone_parent") == 23_600


def test_whose_child_another_is_beside_a_lone_parent_who_is_no_head_is_doubted() -> None:
    mother, aunt = member("m1", age=20, relation="child", lone_parent=True), member("s", age=25, relation="child")
    babies = member("c", age=1, relation="other"), member("d", age=4, relation="other")

    def doubts(*members: dict[str, Any]) -> list[str | None]:
        return [warning.member for warning in assessed(*members).warnings if "ほかの世帯員の子" in warning.detail]

    assert doubts(GRANDMOTHER, mother, aunt, *babies) == ["m1"]
    assert doubts(GRANDMOTHER, mother, *babies) == doubts(GRANDMOTHER, mother, aunt) == []
    assert doubts({**mother, "relation": "self"}, {**aunt, "relation": "other"}, *babies) == []


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

    def transitional(*ages: int, month: str = "2026-10", **last: str) -> dict[str | None, int]:
        children = [member(f"c{age}", age=age, relation="child") for age in ages]
        children[-1].update(last)
        assessment = assessed(member(age=35), member("m2", age=36, relation="spouse"), *children, month=month)
        return {
            line.member: line.yen for line in assessment.lines if line.kind == "addition.child_rearing_transitional"
        }

    assert transitional(2) == {}
    assert transitional(2, residence="hospital") == {"c2": 4_330}
    assert transitional(5, 2) == {"c2": 4_330}
    assert transitional(5, 4) == {}
    assert transitional(17, 12, 11) == {"c11": 4_330}
    assert transitional(17, 14, 12) == {}
    assert transitional(9, 7, 5, 1) == {"c5": 4_330, "c1": 4_330}
    for month in ("2023-09", "2023-10", "2026-03", "2026-04"):
        assert transitional(5, 2, month=month) == {"c2": 4_330}


def test_a_child_under_3_without_it_is_named_to_the_officer() -> None:
    def doubts(*members: dict[str, Any]) -> list[str]:
        assessment = assessed(member(age=35), member("m2", age=36, relation="spouse"), *members)
        return [warning.detail for warning in assessment.warnings if "3人以下の世帯" in warning.detail]

    assert len(doubts(member("m3", age=2, relation="child"))) == 1
    assert doubts(member("m3", age=3, relation="child")) == []


def test_children_and_pupils() -> None:
    members = [
        member("m1", age=40),
        member("m2", age=17, relation="child", school="high_school"),
        member("m3", age=14, relation="child", school="junior_high"),
        member("m4", age=8, relation="child", school="primary"),
        member("m5", age=18, relation="child"),
    ]
    assessment = assessed(*members)
    assert yen(assessment, "addition.child_rearing") == 3 * 10_190
    assert (yen(assessment, "education.base", "m3"), yen(assessment, "education.base", "m4")) == (5_300, 3_400)
    assert yen(assessment, "occupational.high_school") == 7_300
    assert assessment.benefits["education"] == 8_700


def test_a_minor_alone_is_no_child_of_the_household() -> None:
    assert yen(assessed(member(age=17)), "addition.child_rearing") == 0


@pytest.mark.parametrize(
    ("status", "amount"), [("under_6_months", 9_350), ("from_6_months", 14_130), ("after_birth", 8_690)]
)
def test_maternity(status: str, amount: int) -> None:
    assessment = assessed(member(age=30, maternity=status))
    assert yen(assessment, "addition.maternity") == amount
    assert [warning.type for warning in assessment.warnings] == ["derived"]


def test_who_is_fed_in_hospital_has_no_addition_for_pregnancy() -> None:
    assessment = assessed(member(age=30, maternity="from_6_months", residence="hospital"))
    assert (yen(assessment, "addition.maternity"), assessment.payable_yen) == (0, 24_670)
    assert doubted(assessment, "入院中で給食を受ける者")
    assert not doubted(assessed(member(age=30, maternity="from_6_months")), "入院中で給食を受ける者")


def test_actual_care_premium() -> None:
    assert yen(assessed(member(age=70, care_premium=3_210)), "addition.care_premium") == 3_210


def test_the_third_child_is_the_third_by_birth_then_by_id_whatever_the_order_of_the_input() -> None:
    """Three of one school year: the youngest is the third, though all are of the same age on 1 April."""
    births = {"m2": "2017-01-10", "m3": "2016-05-01", "m4": "2016-09-01"}
    children = [member(id_, relation="child", birth_date=born) for id_, born in births.items()]
    twins = [*children[1:], member("m1", relation="child", birth_date="2016-09-01")]
    for people, third in ((children, "m2"), (twins, "m4")):
        for ordered in (people, people[::-1], people[1:] + people[:1]):
            lines = assessed(member("m0"), *ordered).lines
            assert [line.member for line in lines if line.kind == "addition.child_rearing_transitional"] == [third]
