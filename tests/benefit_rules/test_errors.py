"""Bad input: the error names household, member, field and reason, never the value, and the others go on."""

from typing import Any

import numpy as np
import pytest

from shared.benefit_rules import Assessment, FigureError, HouseholdError, assess, load_standards, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member


def _error(entry: object) -> HouseholdError:
    with pytest.raises(HouseholdError) as caught:
        parse_household(entry)
    return caught.value


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rent": -1}, "rent"),
        ({"rent": 53_700.0}, "rent"),
        ({"rent": True}, "rent"),
        ({"rent": "53700"}, "rent"),
        ({"rent": 10**12}, "rent"),
        ({"grade": "1級地"}, "grade"),
        ({"grade": "2級地-1"}, "grade"),
        ({"prefecture": "東京"}, "prefecture"),
        ({"municipality": "新宿"}, "municipality"),
        ({"programme": "other"}, "programme"),
        ({"month": "2026-13"}, "month"),
        ({"from": "2026-09-30"}, "from"),
        ({"from": "2026-10-20", "to": "2026-10-19"}, "to"),
        ({"to": "2026-11-01"}, "to"),
        ({"from": "2026-10-32"}, "from"),
        ({"assistance_since": "2026-11-01"}, "assistance_since"),
        ({"assistance_since": "2026-10-06", "from": "2026-10-05"}, "assistance_since"),
        ({"assistance_since": "2026-10-06", "to": "2026-10-05"}, "assistance_since"),
        ({"assistance_since": "2026-09-30", "starting": True}, "assistance_since"),
        ({"assistance_since": "2026-10-04", "from": "2026-10-05", "starting": True}, "assistance_since"),
        ({"assistance_since": "2026"}, "assistance_since"),
        ({"floor_area": 0}, "floor_area"),
        ({"floor_area": "14"}, "floor_area"),
        ({"floor_area": float("nan")}, "floor_area"),
        ({"special_housing": 1}, "special_housing"),
        ({"colour": "red"}, "colour"),
        ({"members": []}, "members"),
        ({"members": [member(), "x"]}, "members[2]"),
    ],
)
def test_a_wrong_field_of_the_household(fields: dict[str, Any], field: str) -> None:
    error = _error({**household(), **fields})
    assert (error.household, error.field) == ("h1", field)
    assert error.detail


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"age": -1}, "members[m1].age"),
        ({"age": 131}, "members[m1].age"),
        ({"birth_date": "1979-02-29"}, "members[m1].birth_date"),
        ({"birth_date": "1979/05/01"}, "members[m1].birth_date"),
        ({"relation": "mother"}, "members[m1].relation"),
        ({"residence": "prison"}, "members[m1].residence"),
        ({"earned_income": -5}, "members[m1].earned_income"),
        ({"disability": "c"}, "members[m1].disability"),
        ({"hobby": 1}, "members[m1].hobby"),
        ({"residence": "hospital", "admitted": "2026-13-01"}, "members[m1].admitted"),
        ({"admitted": "2026-03-01"}, "members[m1].admitted"),
        ({"residence": "care_home", "admitted": "2026-03-01"}, "members[m1].admitted"),
        ({"id": ""}, "members[1].id"),
    ],
)
def test_a_wrong_field_of_a_member(fields: dict[str, Any], field: str) -> None:
    error = _error(household({"id": "m1", "age": 46, **fields}))
    assert error.household == "h1"
    assert error.field is not None
    assert error.field.split(".")[-1] == field.split(".")[-1]
    for value in fields.values():
        assert str(value) not in error.detail or value in ("", -1, -5, 131)


def test_what_is_missing_is_named() -> None:
    for key in ("id", "month", "members"):
        entry = household()
        del entry[key]
        assert _error(entry).field == key
    assert _error({**household(), "members": [{"id": "m1"}]}).field == "members[m1].birth_date"
    assert _error({"id": "h1", "month": "2026-10", "members": [member()]}).field == "grade"
    assert (
        _error({"id": "h1", "month": "2026-10", "municipality": "新宿区", "members": [member()]}).field == "prefecture"
    )
    assert _error([]).field is None


def test_members_that_contradict_each_other() -> None:
    assert _error(household(member("m1"), member("m1", relation="child"))).type == "repeated"
    two = [member("m1", relation="self"), member("m2", relation="self")]
    assert _error(household(*two)).field == "members[m2].relation"
    lone = {"lone_parent": True}
    assert _error(household(member("m1", **lone), member("m2", relation="other", **lone))).type == "contradiction"


def test_a_relation_left_out_does_not_depend_on_the_order() -> None:
    """Who alone has none is self where nobody else is; of several nobody is."""

    def relations(*given: str | None) -> list[str]:
        members = [member(f"m{n}", **({"relation": one} if one else {})) for n, one in enumerate(given)]
        return [one.relation for one in parse_household(household(*members)).members]

    assert relations(None) == ["self"]
    assert relations("child", None) == ["child", "self"]
    assert relations(None, "self") == ["other", "self"]
    assert relations(None, None) == ["other", "other"]


def test_a_municipality_needs_its_own_prefecture() -> None:
    """府中市 lies in Tokyo (1級地-1) and in Hiroshima (2級地-2): the prefecture is part of the key."""
    base = {"id": "h1", "month": "2026-10", "members": [member()]}
    assert parse_household({**base, "prefecture": "東京都", "municipality": "府中市"}).grade == 0
    assert parse_household({**base, "prefecture": "広島県", "municipality": "府中市"}).grade == 3
    assert _error({**base, "prefecture": "大阪府", "municipality": "府中市"}).field == "municipality"


@pytest.mark.parametrize(
    ("prefecture", "municipality", "grade", "ceiling"),
    [
        ("神奈川県", "横浜市", "1級地-1", 52_000),
        ("神奈川県", "横浜市西区", "1級地-1", 52_000),
        ("神奈川県", "横浜市西区", None, 52_000),
        ("大阪府", "堺市堺区", None, 38_000),
        ("東京都", "八王子市", "1級地-1", 53_700),
        ("東京都", "新宿区", "1級地-1", 53_700),
    ],
)
def test_a_ward_of_a_designated_city_has_the_ceiling_of_its_city(
    prefecture: str, municipality: str, grade: str | None, ceiling: int
) -> None:
    """横浜市西区 was taken for the rest of the prefecture: 41,000 yen were paid instead of 52,000."""
    place = {"prefecture": prefecture, "municipality": municipality, "grade": grade}
    found = assess([parse_household({**household(), **place, "rent": 90_000})], STANDARDS, "2026-10")[0]
    assert isinstance(found, Assessment)
    assert {line.kind: line.yen for line in found.lines}["housing.rent"] == ceiling


@pytest.mark.parametrize(
    "municipality", ["横浜市西", "西区", "横浜", "横浜市横浜市西区", "横浜市1区", "川崎市西区西区", "箱根", None]
)
def test_a_place_that_is_not_found_is_never_taken_for_another(municipality: str | None) -> None:
    place = {"prefecture": "神奈川県", "municipality": municipality, "grade": "1級地-1", "rent": 90_000}
    found = assess([parse_household({**household(), **place})], STANDARDS, "2026-10")[0]
    assert isinstance(found, HouseholdError)
    assert found.field == "municipality"


def test_every_other_municipality_is_the_lowest_grade_with_a_warning() -> None:
    entry = {**household(), "prefecture": "北海道", "municipality": "新篠津村", "month": "2026-07"}
    found = assess([parse_household(entry)], STANDARDS, "2026-07")[0]
    assert isinstance(found, Assessment)
    assert parse_household(entry).grade == 5
    assert [warning.type for warning in found.warnings] == ["derived"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"members": [member(disability="a", residence="hospital")]}, "addition.disability.a.institution"),
        ({"members": [member(radiation="current")]}, "addition.radiation"),
        ({"municipality": "羽村市", "rent": 45_000, "floor_area": 14}, "housing.small_room_ceiling"),
        ({"municipality": "羽村市", "rent": 45_000, "floor_area": 14.9}, "housing.small_room_ceiling"),
        (
            {"grade": "3級地-1", "municipality": None, "members": [member(maternity="from_6_months")]},
            "addition.maternity.from_6_months",
        ),
        ({"prefecture": None, "municipality": None, "grade": "1級地-1"}, "prefecture"),
        ({"prefecture": "青森県", "municipality": None, "grade": "2級地-1", "rent": 30_000}, "municipality"),
        ({"prefecture": "佐賀県", "municipality": None, "grade": "1級地-1", "rent": 30_000}, "rent"),
        ({"members": [member(birth_date="2026-11-01")]}, "members[m1].birth_date"),
        ({"members": [member(separated=True)]}, "members"),
        ({"members": [member(residence="hospital", admitted="2026-11-01")]}, "members[m1].admitted"),
        ({"members": [member(severe_disability=True)]}, "addition.severe_disability"),
        ({"members": [member(care_by_family=True)]}, "addition.care_by_family"),
        ({"members": [member(care_by_others=True)]}, "addition.care_by_others"),
    ],
)
def test_a_figure_that_may_not_be_used_refuses_the_household_alone(fields: dict[str, Any], field: str) -> None:
    bad = parse_household({**household(), "id": "bad", **fields})
    good = parse_household({**household(), "id": "good"})
    found = assess([good, bad, good], STANDARDS, "2026-10")
    assert isinstance(found[0], Assessment)
    assert isinstance(found[2], Assessment)
    refusal = found[1]
    assert isinstance(refusal, HouseholdError)
    assert (refusal.household, refusal.field) == ("bad", field)
    assert found.refused.tolist() == [False, True, False]
    assert found.payable_yen[1] == 0


@pytest.mark.parametrize("admitted", ["2026-10-01", "2026-10-15", "2026-10-31"])
def test_who_came_to_hospital_inside_the_month_is_entered_as_at_home(admitted: str) -> None:
    """入院患者日用品費 begins with the month after the admission (局長通知 第7-2-(3)-エ)."""
    patient = household(member(age=60, residence="hospital", admitted=admitted), rent=50_000)
    refused = assess([parse_household(patient)], STANDARDS, "2026-10")[0]
    assert isinstance(refused, HouseholdError)
    assert (refused.type, refused.field) == ("contradiction", "members[m1].admitted")
    assert "入院の翌月から" in refused.detail
    assert "在宅の者として" in refused.detail


def test_who_came_to_hospital_on_the_last_day_before_the_month_is_there() -> None:
    assert assessed(member(age=60, residence="hospital", admitted="2026-09-30")).payable_yen == 24_670


def test_nobody_comes_to_hospital_before_birth() -> None:
    def patient(admitted: str) -> Assessment | HouseholdError:
        baby = member("m2", birth_date="2026-09-20", relation="child", residence="hospital", admitted=admitted)
        return assess([parse_household(household(member(), baby))], STANDARDS, "2026-10")[0]

    refused = patient("2026-09-19")
    assert isinstance(refused, HouseholdError)
    assert (refused.type, refused.field) == ("impossible", "members[m2].admitted")
    assert isinstance(patient("2026-09-20"), Assessment)


@pytest.mark.parametrize("month", ["2020-09", "2013-08"])
def test_a_month_before_the_tables_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match="2020-10"):
        assess([parse_household(household())], STANDARDS, month)


def test_months_whose_cells_are_not_known_are_refused() -> None:
    """経過的加算 of a child of 0 to 2 in a household of six was never read before 2026-10."""
    family = [member("m1")] + [member(f"m{n}", age=1, relation="child") for n in range(2, 7)]
    for month, refused in (("2024-05", True), ("2026-05", True), ("2026-10", False), ("2027-10", True)):
        found = assess([parse_household(household(*family))], STANDARDS, month)[0]
        assert isinstance(found, HouseholdError) == refused, month


@pytest.mark.parametrize(
    ("month", "grade", "ages", "bounds"),
    [
        (
            "2023-10",
            "1級地-1",
            [1, 4, 65],
            ["0歳〜2歳は1人0円から1,500円", "3歳〜5歳は1人0円から1,500円", "65歳〜69歳は1人100円から110円"],
        ),
        ("2025-10", "1級地-1", [1], ["0歳〜2歳は1人0円から1,000円"]),
        ("2026-09", "2級地-2", [80], ["75歳以上は1人0円から340円"]),
    ],
)
def test_the_refusal_of_a_family_of_six_says_between_which_yen_its_unknown_cells_lie(
    month: str, grade: str, ages: list[int], bounds: list[str]
) -> None:
    """Not read before 2026-10, but bounded by what the same cells were afterwards and by what is made up for."""
    people = [member(f"n{number}", age=age, relation="other") for number, age in enumerate(ages)]
    grown = [member(f"g{number}", age=19, relation="other") for number in range(5 - len(ages))]
    entry = {"id": "h1", "month": month, "grade": grade, "prefecture": "東京都"}
    (answer,) = assess([parse_household({**entry, "members": [member(age=19), *people, *grown]})], STANDARDS, month)
    assert isinstance(answer, HouseholdError)
    assert answer.detail.endswith("。逆算によれば、" + "、".join(f"6人世帯の{text}" for text in bounds) + "の間")


def test_every_unknown_cell_of_six_and_more_is_bounded_by_what_it_became() -> None:
    """The addition rose to 2,500 yen and the cell fell by as much, not below 0: what is 0 now was at most the rise."""
    now = STANDARDS.tables("2026-10")["livelihood.transitional"]
    for month, rise in (("2023-10", 1_500), ("2025-10", 1_000), ("2026-04", 1_000)):
        figure = STANDARDS.tables(month)["livelihood.transitional"]
        assert set(figure.between) == set(np.flatnonzero(~figure.usable).tolist()) != set()
        for cell, (least, most) in figure.between.items():
            assert now.flat[cell] == 0, (month, cell)
            assert 0 <= least < most <= rise, (month, cell)


def test_the_bounds_of_two_periods_do_not_contradict_each_other() -> None:
    """From 2025-10 the addition is 500 yen higher, and the cell as much lower, not below 0."""
    before, after = (STANDARDS.tables(month)["livelihood.transitional"] for month in ("2023-10", "2025-10"))
    assert before.between.keys() >= after.between.keys()
    for cell, (least, most) in before.between.items():
        later_least, later_most = after.between.get(cell, (after.flat[cell], after.flat[cell]))
        assert later_least <= max(0, most - 500), cell
        assert later_most >= max(0, least - 500), cell


@pytest.mark.parametrize(
    "between",
    [[[0, 0, 0, 0, 10]], [[0, 0, 5, 10, 10]], [[0, 0, 5, -10, 10]], [[9, 0, 5, 0, 10]], [[0, 0, 5, 0, 10]] * 2],
    ids=["a known cell", "no room", "below 0", "no such cell", "twice"],
)
def test_bounds_that_cannot_be_are_refused(between: list[list[int]]) -> None:
    first, *rest = STANDARDS.series["livelihood.transitional"]["periods"][1:]
    with pytest.raises(FigureError, match=r"livelihood\.transitional, from 2023-10-01"):
        load_standards({"series": {"livelihood.transitional": {"periods": [{**first, "between": between}, *rest]}}})
