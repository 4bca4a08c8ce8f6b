"""Facts recorded by hand (世帯の状況の記録): a change from a day, a correction that names what it corrects and why."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from services.support_benefits.app import service as support
from shared.benefit_rules.households.parse import HOUSEHOLD_KEYS, MEMBER_KEYS
from shared.contracts.ward_files import BY_HAND
from shared.service_kit.testing import Reply, Services, at_once
from tests.decisions.ward import Office, Ward, ok, problem

CASE, PERSON = "00000001", "0000000100"
HOME = {"prefecture": "東京都", "municipality": "新宿区", "grade": "1級地-1", "rent": "53700"}
BY_OTHER_MEANS = {"id", "month", "programme", "from", "to", "starting", "assistance_since", "age"}
"""Who, where the days on assistance come from, and what a birth date says better."""


@pytest.fixture
def office(services: Services) -> Office:
    running = services.open(service)
    running.clock.set(today=date(2026, 12, 1))
    office = Office(running)
    office.load(Ward().add(1))
    return office


def history(office: Office) -> list[dict[str, Any]]:
    return list(ok(office.caseworker.get(f"/cases/{CASE}/circumstances?purpose=casework"))["items"])


def record(office: Office, fact: str, cells: dict[str, str], **body: Any) -> Reply:
    """Record a fact of the case or its person, after all that is on record."""
    person_no = None if fact == "home" else PERSON
    seen = body.pop("seen", None) or history(office)[-1]["number"]
    defaults = {"fact": fact, "person_no": person_no, "cells": cells, "reason": "declaration", "seen": seen}
    return office.caseworker.post(f"/cases/{CASE}/circumstances", {**defaults, **body})


def test_every_key_of_assess_can_be_recorded_by_hand() -> None:
    assert {column.name for column in BY_HAND} == (HOUSEHOLD_KEYS | MEMBER_KEYS) - BY_OTHER_MEANS


@pytest.mark.database
@pytest.mark.parametrize("days", [{"to": "2026-12-15"}, {"from": "2026-12-10"}], ids=["ends", "begins"])
def test_a_correction_leaves_no_household_on_assistance_without_members(office: Office, days: dict[str, str]) -> None:
    person = next(row for row in history(office) if row["fact"] == "person")
    cells = {"birth_date": "1978-05-01", "relation": "self"}
    refused = record(office, "person", cells, corrects=person["number"], reason="mistake", **days)
    assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "to")
    assert len(history(office)) == 4


@pytest.mark.database
def test_wages_count_from_their_day_on_and_the_months_before_stay_as_they_were(office: Office) -> None:
    ok(record(office, "income", {"earned_income": "80000"}, **{"from": "2026-12-01"}), 201)

    def income(month: str) -> dict[str, Any]:
        case = ok(office.caseworker.get(f"/cases/{CASE}?purpose=casework&month={month}"))
        return {name: case["members"][0]["facts"].get(name) for name in ("earned_income",)}

    assert (income("2026-11"), income("2026-12")) == ({"earned_income": None}, {"earned_income": 80_000})
    assert [row["corrected_by"] for row in history(office)] == [None] * 5


@pytest.mark.database
def test_a_change_begins_on_a_day_and_no_month_before_it_moves(office: Office) -> None:
    refused = record(office, "income", {"earned_income": "70000"})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "from")
    case = ok(office.caseworker.get(f"/cases/{CASE}?purpose=casework&month=2026-10"))
    assert "earned_income" not in case["members"][0]["facts"]


@pytest.mark.database
def test_of_two_entries_of_one_day_the_history_marks_the_one_that_no_longer_holds(office: Office) -> None:
    for wages in ("55000", "60000"):
        ok(record(office, "income", {"earned_income": wages}, **{"from": "2026-11-01"}), 201)
    ok(record(office, "income", {"earned_income": "70000"}, **{"from": "2026-12-01"}), 201)
    first, second, third = (row for row in history(office) if row["data"].get("earned_income"))
    assert [row["replaced_by"] for row in (first, second, third)] == [second["number"], None, None]


@pytest.mark.database
def test_a_correction_takes_the_place_of_what_it_names_and_both_stay_on_record(office: Office) -> None:
    person = next(row for row in history(office) if row["fact"] == "person")
    cells = {"birth_date": "1978-05-01", "relation": "self", "disability": "a"}
    reply = record(office, "person", cells, corrects=person["number"], reason="mistake")
    number = ok(reply, 201)["number"]
    before, after = (row for row in history(office) if row["fact"] == "person")
    assert (before["corrected_by"], after["corrects"]) == (number, before["number"])
    assert (after["recorded_by"], after["reason"]) == ("person:demo-caseworker", "mistake")
    assert (before["recorded_by"], before["data"]["birth_date"]) == (None, "1979-05-01")
    again = record(office, "person", cells, corrects=person["number"], reason="mistake")
    assert problem(again) == "wrong-state 409"


@pytest.mark.database
def test_a_rent_that_rises_inside_the_month_ends_no_assistance_and_is_determined(office: Office) -> None:
    ok(record(office, "home", {**HOME, "rent": "50000"}, **{"from": "2026-12-15"}), 201)
    office.determined()
    (determination,) = office.determinations(1)
    kinds = {line["kind"]: line["yen"] for line in determination["lines"]}
    assert kinds["housing.rent"] == 50_000
    assert "livelihood.proration" not in kinds


@pytest.mark.database
def test_nobody_starts_or_ends_assistance_by_a_fact(office: Office) -> None:
    home = history(office)[0]
    ended = record(office, "home", HOME, corrects=home["number"], to="2026-12-15")
    assert (problem(ended), ended.json["field"]) == ("wrong-state 409", "from")


@pytest.mark.database
def test_each_cell_that_cannot_be_read_is_named_all_at_once_and_nothing_is_stored(office: Office) -> None:
    cells = {"earned_income": "-1", "pension": "１００", "rent": "5", "new_employment": "yes"}
    refused = record(office, "income", cells)
    assert problem(refused) == "invalid-input 422"
    assert sorted(fault["field"] for fault in refused.json["faults"]) == [
        "cells.earned_income",
        "cells.new_employment",
        "cells.pension",
        "cells.rent",
    ]
    assert len(history(office)) == 4


@pytest.mark.database
def test_what_the_rules_cannot_determine_is_refused_at_its_cell(office: Office) -> None:
    refused = record(office, "home", {**HOME, "municipality": "架空市"}, **{"from": "2026-12-01"})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "cells.municipality")
    unborn = record(office, "person", {"birth_date": "2027-05-01", "relation": "self"}, **{"from": "2026-12-01"})
    assert problem(unborn) == "invalid-input 422"


@pytest.mark.database
def test_a_figure_that_is_not_known_stops_nobody_from_recording_a_fact(office: Office) -> None:
    cells = {"birth_date": "1979-05-01", "relation": "self", "residence": "hospital"}
    ok(record(office, "person", cells, **{"from": "2026-12-01"}), 201)


@pytest.mark.database
def test_the_second_of_two_who_record_at_once_is_shown_that_there_is_more(office: Office) -> None:
    seen, day = history(office)[-1]["number"], {"from": "2026-12-01"}
    replies = at_once(
        office.running.runtime.engine,
        lambda: record(office, "income", {"earned_income": "80000"}, seen=seen, **day),
        lambda: record(office, "income", {"earned_income": "90000"}, seen=seen, **day),
    )
    assert isinstance(replies.second, Reply)
    assert problem(replies.second) == "changed-meanwhile 409"
    assert replies.second.json["newest"] == history(office)[-1]["number"]


@pytest.mark.database
def test_who_is_no_member_has_no_income_and_who_is_not_registered_joins_no_household(office: Office) -> None:
    cells = {"earned_income": "80000"}
    assert problem(record(office, "income", cells, person_no="0000000999")) == "not-found 404"
    person = {"birth_date": "2015-05-01", "relation": "child"}
    assert problem(record(office, "person", person, person_no="0000000999")) == "not-found 404"
    office.load(Ward().add(2))
    assert problem(record(office, "person", person, person_no="0000000200")) == "wrong-state 409"


@pytest.mark.database
def test_a_fact_is_of_the_case_or_of_a_member_and_not_of_both(office: Office) -> None:
    assert problem(record(office, "home", HOME, person_no=PERSON)) == "invalid-input 422"
    assert problem(record(office, "income", {}, person_no=None)) == "invalid-input 422"


@pytest.mark.database
def test_the_law_of_support_benefits_records_by_hand_as_well(services: Services) -> None:
    running = services.open(support)
    running.clock.set(today=date(2026, 12, 1))
    office = Office(running, "support_benefit")
    office.load(Ward().add(1, programme="support_benefit"))
    ok(record(office, "income", {"pension": "30000"}, **{"from": "2026-12-01"}), 201)
    assert history(office)[-1]["data"] == {"pension": 30_000}
