"""What each residence means for each line: the declared table, cell by cell, and its page in the documents."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from shared.benefit_rules import (
    Assessment,
    HouseholdError,
    Standards,
    assess,
    load_standards,
    parse_household,
)
from shared.benefit_rules.households.batch import RESIDENCES
from shared.benefit_rules.kinds import KINDS, NEEDS_IN_ORDER
from shared.benefit_rules.rules.residences import GIVEN, TABLE, TITLES, Cell
from shared.benefit_rules.rules.residences import STANDARDS as STANDARD_AT
from shared.contracts import ward_files
from tests.benefit_rules.households import KNOWN_WINTER, STANDARDS, assessed, household, households, member, yen

PAGE = Path("docs/rules/residences.md")
CHILD = {"age": 8, "relation": "child"}


def everybody(residence: str, *ages: int, **fields: Any) -> list[dict[str, Any]]:
    """Persons who all live at the residence; `fields` are those of the first."""
    return [
        member(f"m{place}", age=age, residence=residence, relation="other" if place else "self")
        | (fields if place == 0 else {})
        for place, age in enumerate(ages)
    ]


def alone(**fields: Any) -> Callable[[str], list[dict[str, Any]]]:
    """A person alone, with what asks for the line."""
    return lambda residence: everybody(residence, 46, **fields)


def parent(*others: dict[str, Any]) -> Callable[[str], list[dict[str, Any]]]:
    """A lone parent at the residence, the others at home."""
    return lambda residence: [member(age=35, lone_parent=True, residence=residence), *others]


def child(*others: dict[str, Any], **fields: Any) -> Callable[[str], list[dict[str, Any]]]:
    """A child at the residence, the parent and the others at home."""
    return lambda residence: [member(age=35), member("m2", residence=residence, **{**CHILD, **fields}), *others]


FAMILY = (35, 33, 8, 8)
ASKED_FOR: dict[str, tuple[str, Callable[[str], list[dict[str, Any]]], dict[str, Any]]] = {
    "livelihood.class1": ("2026-10", alone(), {}),
    "livelihood.class2": ("2026-10", alone(), {}),
    "livelihood.base1": ("2022-07", lambda residence: everybody(residence, *FAMILY), {}),
    "livelihood.base2": ("2022-07", lambda residence: everybody(residence, 68), {}),
    "livelihood.special": ("2026-10", alone(), {}),
    "livelihood.transitional": ("2026-10", alone(), {}),
    "livelihood.winter": ("2026-11", alone(), {}),
    "livelihood.hospital": ("2026-10", alone(), {}),
    "livelihood.care_home": ("2026-10", alone(), {}),
    "livelihood.year_end": ("2026-12", alone(), {}),
    "livelihood.facility": ("2026-10", alone(), {}),
    "livelihood.facility_winter": ("2026-12", alone(), {}),
    "livelihood.facility_year_end": ("2026-12", alone(), {}),
    "addition.maternity": ("2026-10", alone(maternity="from_6_months"), {}),
    "addition.disability": ("2026-10", alone(disability="a"), {}),
    "addition.severe_disability": ("2025-10", alone(severe_disability=True), {}),
    "addition.care_by_family": ("2026-10", alone(severe_disability=True, care_by_family=True), {}),
    "addition.care_by_others": ("2026-10", alone(severe_disability=True, care_by_others=True), {}),
    "addition.care_facility": ("2026-10", alone(), {}),
    "addition.home_patient": ("2026-10", alone(home_patient=True), {}),
    "addition.radiation": ("2020-10", alone(radiation="current"), {}),
    "addition.child_rearing": ("2026-10", child(), {}),
    "addition.child_rearing_transitional": ("2026-10", child(member("m3", **CHILD), member("m4", **CHILD), age=2), {}),
    "addition.care_premium": ("2026-10", alone(care_premium=3_000), {}),
    "addition.lone_parent": ("2026-10", parent(member("m2", **CHILD)), {}),
    "addition.lone_parent_transitional": (
        "2022-07",
        parent(member("m2", **CHILD), member("m3", age=66, relation="other")),
        {},
    ),
    "livelihood.proration": ("2026-10", alone(), {"from": "2026-10-11"}),
    "housing.rent": ("2026-10", alone(), {"rent": 50_000}),
    "education.base": ("2026-10", child(school="primary"), {}),
    "occupational.high_school": ("2026-10", child(age=16, school="high_school"), {}),
}
"""For each kind: a month in which it is known at home, the members that ask for it, and fields of the household."""


def cells() -> Iterator[tuple[str, str, Cell]]:
    """Every cell with its kind and residence."""
    for kind, row in TABLE.items():
        yield from ((kind, residence, cell) for residence, cell in zip(RESIDENCES, row, strict=True))


@cache
def known_but(figure: str) -> Standards:
    """The standards with an invented 1,000 yen for amounts that a household below may need and lack, but for one."""
    shapes = {
        "institution.winter.hospital": [1_000] * 6,
        "institution.winter.care_home": [1_000] * 6,
        "institution.facility": [[1_000] * 2] * 3,
        "institution.facility_winter": [1_000] * 6,
        "addition.care_by_family": 1_000,
        "addition.care_by_others": 1_000,
        "addition.severe_disability": 1_000,
        "addition.severe_disability.institution": 1_000,
    }
    period = {"from": "2020-10-01", "to": None, "trust": "confirmed", "source": "invented"}
    series = {name: {"periods": [{**period, "values": yen}]} for name, yen in shapes.items() if name != figure}
    return load_standards({"series": series})


def answer_for(kind: str, residence: str, figure: str) -> Assessment | HouseholdError:
    """The household that asks for the line at the residence, with every amount but that of `figure` known."""
    month, members, fields = ASKED_FOR[kind]
    standards = known_but(figure)
    return assess([parse_household(household(*members(residence), month=month, **fields))], standards, month)[0]


def own_figure(kind: str, cell: Cell) -> str:
    """The figure of the residence, as far as the table names it."""
    return cell.figure.format(home={"addition.disability": "addition.disability.a", "housing.rent": ""}.get(kind, kind))


def test_every_line_of_the_needs_is_declared_for_every_residence() -> None:
    assert set(TABLE) == {name for name, kind in KINDS.items() if kind.need in NEEDS_IN_ORDER} == set(ASKED_FOR)
    assert {len(row) for row in TABLE.values()} == {len(RESIDENCES)}
    assert list(TITLES) == list(STANDARD_AT) == list(RESIDENCES)


def test_the_ward_files_know_the_same_residences() -> None:
    assert ward_files.RESIDENCES == RESIDENCES
    at_home = [place for place, flag in zip(RESIDENCES, GIVEN["livelihood.class1"], strict=True) if flag]
    assert list(ward_files.AT_HOME_STANDARD) == at_home


@pytest.mark.parametrize(("kind", "residence", "cell"), list(cells()), ids=str)
def test_the_rules_do_what_the_table_says(kind: str, residence: str, cell: Cell) -> None:
    figure = own_figure(kind, cell)
    answer = answer_for(kind, residence, figure)
    if figure:
        assert isinstance(answer, HouseholdError), "its amount was never read"
        assert (answer.type, answer.field) == ("figure-refused", figure)
        return
    assert isinstance(answer, Assessment), answer
    assert any(line.kind == kind for line in answer.lines) == (cell.answer == "given")
    if cell.answer == "other_standard":
        assert any(line.basis.startswith(STANDARD_AT[residence]) for line in answer.lines)
    said = [warning for warning in answer.warnings if warning.type == "not-given" and warning.kind == kind]
    assert [cell.article in warning.detail for warning in said] == [True] * (cell.answer == "not_given")


def test_an_amount_that_becomes_known_is_given_by_a_change_of_data_alone() -> None:
    """冬季加算 of a patient: an invented 1,000 yen in winter, nothing in October."""
    for month, amounts in (("2026-10", []), ("2026-11", [1_000]), ("2027-03", [1_000])):
        patient = parse_household(household(member(residence="hospital"), month=month))
        answer = assess([patient], KNOWN_WINTER, month)[0]
        assert isinstance(answer, Assessment)
        assert [line.yen for line in answer.lines if line.kind == "livelihood.winter"] == amounts


WINTER_FIGURES = {
    "hospital": "institution.winter.hospital",
    "care_home": "institution.winter.care_home",
    "rescue_facility": "institution.facility_winter",
    "rehabilitation_facility": "institution.facility_winter",
}


@pytest.mark.parametrize("residence", WINTER_FIGURES)
@pytest.mark.parametrize("others", [[], [member("m2", relation="spouse")]], ids=["alone", "with a spouse at home"])
def test_in_winter_who_is_away_is_refused_and_never_given_0_yen(residence: str, others: list[dict[str, Any]]) -> None:
    for month, refused in (("2026-10", False), ("2026-11", True), ("2027-03", True), ("2026-04", False)):
        entry = household(member(residence=residence), *others, month=month)
        answer = assess([parse_household(entry)], STANDARDS, month)[0]
        assert isinstance(answer, HouseholdError) == refused, month
        if isinstance(answer, HouseholdError):
            assert answer.field == WINTER_FIGURES[residence]


def test_of_two_figures_that_are_lacking_the_first_in_the_order_of_the_lines_is_named() -> None:
    entry = household(member(residence="hospital", disability="a", radiation="current"), month="2026-12")
    answer = assess([parse_household(entry)], STANDARDS, "2026-12")[0]
    assert isinstance(answer, HouseholdError)
    assert answer.field == "institution.winter.hospital"


def test_the_winter_of_who_is_away_is_that_of_its_own_zone() -> None:
    """北海道 from October, 東京都 not before November."""
    place: dict[str, Any] = {"prefecture": "北海道", "municipality": None, "grade": "3級地-1"}
    answers = [
        assess([parse_household(household(member(residence="hospital"), **fields))], STANDARDS, "2026-10")[0]
        for fields in (place, {})
    ]
    assert [isinstance(answer, HouseholdError) for answer in answers] == [True, False]


def test_a_rent_while_all_are_in_a_care_home_is_refused_and_counted_with_who_is_at_home() -> None:
    resident = member("m2", relation="spouse", residence="care_home")
    assert yen(assessed(member(), resident, rent=60_000), "housing.rent") == 53_700
    answer = assess([parse_household(household(resident, rent=60_000))], STANDARDS, "2026-10")[0]
    assert isinstance(answer, HouseholdError)
    assert answer.field == "housing.ceiling.institution"


def test_a_parent_who_is_away_is_compared_by_the_amounts_of_the_institution() -> None:
    """Invented: 母子加算 15,000 yen against 障害者加算 14,000 or 16,000; the higher one alone is given."""
    period = {"from": "2026-10-01", "to": None, "trust": "confirmed", "source": "invented"}
    family = [member(age=35, lone_parent=True, disability="a", residence="hospital"), member("m2", **CHILD)]
    for disability, expected in ((14_000, (15_000, 0)), (15_000, (0, 15_000)), (16_000, (0, 16_000))):
        amounts = {
            "addition.lone_parent.institution": 15_000,
            "addition.disability.a.institution": [disability] * 3,
        }
        series = {name: {"periods": [{**period, "values": values}]} for name, values in amounts.items()}
        answer = assess([parse_household(household(*family))], load_standards({"series": series}), "2026-10")[0]
        assert isinstance(answer, Assessment)
        assert (yen(answer, "addition.lone_parent"), yen(answer, "addition.disability")) == expected


@settings(max_examples=200, deadline=None)
@given(households(months=("2026-10",)))
def test_no_line_stands_where_its_residence_has_none(entry: dict[str, Any]) -> None:
    """Of a member by its own residence, of the household by those of whom it has; children: who brings them up."""
    answer = assess([parse_household(entry)], STANDARDS, "2026-10")[0]
    assert isinstance(answer, Assessment)
    residences = {person["id"]: person.get("residence", "home") for person in entry["members"]}
    for line in answer.lines:
        if line.kind in TABLE:
            places = [residences[line.member]] if line.member else residences.values()
            assert any(GIVEN[line.kind][RESIDENCES.index(place)] for place in places), line


def drawn() -> str:
    """The table as the document has it."""
    head = ["| 給付の種類 | " + " | ".join(TITLES.values()) + " |", "|---" * (len(RESIDENCES) + 1) + "|"]
    rows = [
        "| " + " | ".join([KINDS[kind].title, *map(_written, [kind] * len(row), RESIDENCES, row)]) + " |"
        for kind, row in TABLE.items()
    ]
    return "\n".join([*head, *rows])


def is_unknown(kind: str) -> bool:
    """Whether the amount at home is not known in 2026-10."""
    figure = STANDARDS.tables("2026-10").figures.get(kind)
    return figure is not None and not figure.known


def _written(kind: str, residence: str, cell: Cell) -> str:
    if cell.answer == "given":
        return "給付。額は未知のため拒む" if cell.figure or is_unknown(kind) else "給付"
    return f"給付しない ({cell.article})" if cell.article else f"― ({STANDARD_AT[residence]} による)"


def test_the_document_shows_the_table_as_it_is_declared() -> None:
    assert drawn() in PAGE.read_text(encoding="utf-8"), "print it with drawn()"
