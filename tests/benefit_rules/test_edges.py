"""Where a rule turns over: equal amounts, exact areas, the ceiling itself, the first household of a second block."""

from typing import Any

import pytest

from shared.benefit_rules import (
    Assessment,
    HouseholdError,
    assess,
    assess_in_parts,
    differences,
    grant_one_off,
    load_standards,
)
from shared.benefit_rules import parse_household as parsed
from shared.benefit_rules.assessing import assessments, engine
from shared.benefit_rules.assessing.simulation import TYPES, household_type
from shared.benefit_rules.households.ages import BAND_OF_AGE
from shared.benefit_rules.households.batch import make_batch
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen

CHANGED = {"from": "2026-10-01", "to": None, "trust": "confirmed", "source": "invented for this test"}
COUPLE = [member(), member("m2", relation="spouse")]


def changed(name: str, values: Any) -> Any:
    """The standards with one series replaced from October 2026 on."""
    return load_standards({"series": {name: {"periods": [{**CHANGED, "values": values}]}}})


@pytest.mark.parametrize(
    ("area", "room"), [(15.1, 0), (15, 1), (10.1, 1), (10, 2), (6.1, 2), (6, 3), (5.9, 3), (None, 0)]
)
def test_a_small_room_is_one_of_up_to_15_10_and_6_square_metres(area: float | None, room: int) -> None:
    one = parsed(household(rent=40_000, floor_area=area))
    assert make_batch([one], STANDARDS.tables("2026-10").places, "2026-10").households.room.tolist() == [room]


def test_the_ceiling_of_a_small_room_lowers_the_general_one_and_never_raises_it() -> None:
    found = []
    for ceiling in (48_000, 90_000):
        standards = changed("housing.small_room_ceiling", [[ceiling, 43_000, 38_000]] * 175)
        one = assess([parsed(household(rent=80_000, floor_area=14))], standards, "2026-10")[0]
        assert not isinstance(one, HouseholdError), one
        found.append(yen(one, "housing.rent"))
    assert found == [48_000, 53_700]


@pytest.mark.parametrize("rent", [40_000, 64_000])
def test_a_rent_within_the_general_ceiling_asks_for_no_special_one(rent: int) -> None:
    """The special ceilings of 新潟県 follow the rule that fits those of Tokyo: given with a warning."""
    assert yen(assessed(*COUPLE, rent=rent, special_housing=True), "housing.rent") == rent
    place = {"prefecture": "新潟県", "municipality": "佐渡市", "special_housing": True}
    within, above = assess(
        [parsed({**household(*COUPLE), **place, "rent": yen}) for yen in (20_000, 99_000)], STANDARDS, "2026-10"
    )
    assert isinstance(within, Assessment)
    assert isinstance(above, Assessment)
    assert [yen(each, "housing.rent") for each in (within, above)] == [20_000, 45_000]
    assert [any(warning.type == "reconstructed" for warning in one.warnings) for one in (within, above)] == [
        False,
        True,
    ]


def test_who_is_in_hospital_has_no_addition_of_a_patient_at_home() -> None:
    assert yen(assessed(member(home_patient=True)), "addition.home_patient") == 13_590
    assert yen(assessed(member(home_patient=True, residence="hospital")), "addition.home_patient") == 0


def test_of_equal_additions_for_lone_parents_and_disability_the_one_for_disability_is_given() -> None:
    standards = changed("addition.disability.b", [18_800] * 3)
    family = [member("m1", age=35, lone_parent=True, disability="b"), member("m2", age=8, relation="child")]
    one = assess([parsed(household(*family))], standards, "2026-10")[0]
    assert not isinstance(one, HouseholdError), one
    assert (yen(one, "addition.disability"), yen(one, "addition.lone_parent")) == (18_800, 0)


@pytest.mark.parametrize(("pension", "needed"), [(77_239, True), (77_240, False), (77_241, False)])
def test_at_the_start_who_has_just_what_is_needed_is_not_in_need(pension: int, needed: bool) -> None:
    found = assessed(member(pension=pension), starting=True)
    need = {"need_yen": 77_240, "costs_yen": 0, "basic_deduction_yen": 0}
    assert found.start_test == {**need, "income_yen": pension, "needed": needed}


def test_a_refusal_names_its_household_in_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BLOCK", 3)
    monkeypatch.setattr(assessments, "_NEIGHBOURS", 2)
    entries = [parsed({**household(), "id": f"h{place}"}) for place in range(8)]
    for place in (4, 7):
        entries[place] = parsed({**household(member(radiation="current")), "id": f"h{place}"})
    found = assess(entries, STANDARDS, "2026-10")
    assert found.refused.tolist() == [place in (4, 7) for place in range(8)]
    assert [one.household for one in found if isinstance(one, HouseholdError)] == ["h4", "h7"]
    assert found.payable_yen.tolist() == [0 if place in (4, 7) else 77_240 for place in range(8)]


def test_a_difference_counts_all_lines_of_a_kind_and_not_the_last_one_alone() -> None:
    """A month in two parts has each line twice: the difference of a kind is that of their sum."""
    days = ({"to": "2026-10-15"}, {"from": "2026-10-16"})
    before, after = (
        assess_in_parts([parsed(household(member(pension=pension), **part)) for part in days], STANDARDS, "2026-10")
        for pension in (0, 31_000)
    )
    (found,) = differences([before], [after])
    assert sum(line.yen for line in found.lines) == found.yen == after.payable_yen - before.payable_yen
    whole = differences([assessed()], [before])[0]
    assert sum(line.yen for line in whole.lines) == whole.yen


def test_a_household_refused_in_one_part_of_a_month_is_refused_whole() -> None:
    parts = [
        parsed(household(to="2026-10-15")),
        parsed(household(member(radiation="current"), **{"from": "2026-10-16"})),
    ]
    with pytest.raises(HouseholdError) as refused:
        assess_in_parts(parts, STANDARDS, "2026-10")
    assert refused.value.field == "addition.radiation"


@pytest.mark.parametrize(
    ("members", "type_"),
    [
        ([member(birth_date="1961-04-01")], 0),
        ([member(birth_date="1961-10-01")], 4),
        ([member(age=65), member("m2", age=17, relation="other")], 1),
        ([member(age=65), member("m2", age=18, relation="other")], 4),
        ([member(age=35, lone_parent=True), member("m2", age=8, relation="child")], 2),
        ([member(disability="a")], 3),
        ([member(home_patient=True)], 3),
        ([member(residence="hospital")], 3),
        ([member()], 4),
    ],
)
def test_the_type_of_a_household_in_the_statistics(members: list[dict[str, Any]], type_: int) -> None:
    assert household_type(parsed(household(*members)), "2026-10") == TYPES[type_]


def test_the_bands_of_age_begin_where_the_notice_has_them() -> None:
    """別表第1 第1章 1(1): 0〜2, 3〜5, 6〜11, 12〜17, 18〜19, 20〜40, 41〜59, 60〜64, 65〜69, 70〜74, 75〜 (歳)."""
    firsts = [age for age in range(1, 131) if BAND_OF_AGE[age] != BAND_OF_AGE[age - 1]]
    assert firsts == [3, 6, 12, 18, 20, 41, 60, 65, 70, 75]


@pytest.mark.parametrize(("short", "doubted"), [(0, False), (1, True), (53_700, True), (53_701, False)])
def test_the_order_of_charging_is_doubted_where_income_reaches_beyond_the_livelihood(short: int, doubted: bool) -> None:
    found = assessed(member(pension=77_240 + 53_700 - short), rent=53_700)
    assert found.payable_yen == short
    assert ("rule-not-read" in {warning.type for warning in found.warnings}) == doubted


def test_a_lone_parent_in_hospital_is_refused_while_the_figure_is_unknown() -> None:
    child = member("m2", age=8, relation="child")
    one = assess(
        [parsed(household(member("m1", age=35, lone_parent=True, residence="hospital"), child))], STANDARDS, "2026-10"
    )[0]
    assert isinstance(one, HouseholdError)
    assert one.field == "addition.lone_parent.institution"
    assert yen(assessed(member("m1", age=35, lone_parent=True), child), "addition.lone_parent") == 18_800


SHINJUKU: dict[str, Any] = {"prefecture": "東京都", "municipality": "新宿区"}


@pytest.mark.parametrize(("asked", "persons"), [(-1, 1), (0, 0), (1_000, 0), (-1, 0)])
def test_nothing_is_granted_below_0_yen_or_for_nobody(asked: int, persons: int) -> None:
    with pytest.raises(HouseholdError) as refused:
        grant_one_off(STANDARDS, "2026-10", "deposit", asked, grade=0, prefecture="京都府", persons=persons)
    assert refused.value.field == "asked_yen"
    assert grant_one_off(STANDARDS, "2026-10", "deposit", 0, grade=0, **SHINJUKU).yen == 0
