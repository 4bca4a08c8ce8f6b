"""A last day of a member that was wrong is put right: what held before the mistake holds until the right day."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Reply, Services
from tests.case_management.intake.test_case_edges import CELLS, CHILD
from tests.case_management.intake.test_opened_cases import Investigated, newest
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LOOK = "purpose=casework"
CASE = "/cases/00000007"


@pytest.fixture
def desk(services: Services) -> Investigated:
    office = Office(services.open(service))
    office.running.clock.set(today=date(2026, 12, 1))
    office.load(Ward().add(1).add(7, {}, {**CHILD, "earned_income": "5000"}))
    return Investigated(office)


def leave(desk: Investigated, last_day: str, person_no: str = "0000000701", **changes: Any) -> Reply:
    body = {"last_day": last_day, "reason": "moved_out", "seen": newest(desk, "00000007"), **changes}
    return desk.caseworker.post(f"{CASE}/members/{person_no}/end", body)


def standing(desk: Investigated) -> dict[str, Any]:
    """The child's facts that nothing took the place of, by kind."""
    items = ok(desk.caseworker.get(f"{CASE}/circumstances?{LOOK}"))["items"]
    own = [item for item in items if item["person_no"] == "0000000701" and item["corrected_by"] is None]
    return {item["fact"]: item for item in own}


def lasts(desk: Investigated) -> dict[str, str]:
    return {fact: item["valid_to"] for fact, item in standing(desk).items()}


def right(desk: Investigated, last_day: str, **changes: Any) -> Reply:
    body = {"corrects": standing(desk)["person"]["number"], "reason": "mistake", **changes}
    return leave(desk, last_day, **body)


def test_a_last_day_that_was_too_early_becomes_the_right_one_and_both_stay_on_record(desk: Investigated) -> None:
    ok(leave(desk, "2026-12-05"), 201)
    early = standing(desk)["person"]["number"]
    assert problem(leave(desk, "2026-12-10")) == "not-found 404", "the mistake has to be named"
    ok(right(desk, "2026-12-10"), 201)
    assert set(lasts(desk).values()) == {"2026-12-10"}
    assert (standing(desk)["person"]["corrects"], standing(desk)["person"]["reason"]) == (early, "mistake")
    ok(right(desk, "2026-12-20"), 201)
    ok(right(desk, "2026-12-15"), 201)
    assert set(lasts(desk).values()) == {"2026-12-15"}


def test_what_had_ended_before_by_itself_is_not_made_longer(desk: Investigated) -> None:
    income = standing(desk)["income"]
    body: dict[str, Any] = {
        "fact": "income",
        "person_no": "0000000701",
        "cells": {"earned_income": "5000"},
        "to": "2026-12-05",
    }
    body |= {"corrects": income["number"], "reason": "investigation", "seen": newest(desk, "00000007")}
    ok(desk.caseworker.post(f"{CASE}/circumstances", body), 201)
    ok(leave(desk, "2026-12-05"), 201)
    ok(right(desk, "2026-12-10"), 201)
    assert (lasts(desk)["person"], lasts(desk)["income"]) == ("2026-12-10", "2026-12-05")


def test_nobody_is_in_two_households_by_a_correction(desk: Investigated) -> None:
    ok(leave(desk, "2026-12-05"), 201)
    joins = {"person_no": "0000000701", "cells": CELLS, "from": "2026-12-08", "reason": "declaration"}
    ok(desk.caseworker.post("/cases/00000001/members", {**joins, "seen": newest(desk, "00000001")}), 201)
    assert problem(right(desk, "2026-12-08")) == "wrong-state 409"
    ok(right(desk, "2026-12-07"), 201)
    left = {"last_day": "2026-12-09", "reason": "moved_out", "seen": newest(desk, "00000001")}
    ok(desk.caseworker.post("/cases/00000001/members/0000000701/end", left), 201)
    assert problem(right(desk, "2026-12-20")) == "wrong-state 409", "the days between are another household's"


def test_only_the_act_that_ended_the_membership_is_corrected(desk: Investigated) -> None:
    wrong = standing(desk)["person"]["number"]
    refused = leave(desk, "2026-12-10", corrects=wrong, reason="mistake")
    assert (problem(refused), refused.json["field"]) == ("not-found 404", "corrects")
    ok(leave(desk, "2026-12-05"), 201)
    again = leave(desk, "2026-12-10", corrects=wrong, reason="mistake")
    assert problem(again) == "not-found 404"


def test_a_household_on_assistance_becomes_empty_neither_at_once_nor_in_two_steps(desk: Investigated) -> None:
    ok(leave(desk, "2026-12-31"), 201)
    for last_day in ("2026-12-15", "2026-12-31", "2027-01-31"):
        refused = leave(desk, last_day, "0000000700")
        assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "person_no")
    ok(right(desk, "2027-01-31"), 201)
    ok(right(desk, "2026-12-10"), 201)
    case = ok(desk.caseworker.get(f"{CASE}?{LOOK}&month=2027-02"))
    assert [member["person_no"] for member in case["members"]] == ["0000000700"]


def test_a_household_that_has_no_member_left_is_put_right_by_a_later_last_day(desk: Investigated) -> None:
    ok(leave(desk, "2026-12-20"), 201)
    desk.running.execute(
        "INSERT INTO circumstances (case_no, person_no, fact, valid_from, valid_to, recorded_at, import_id, corrects,"
        " data) SELECT case_no, person_no, fact, valid_from, date '2026-12-15', recorded_at, import_id, number, data"
        " FROM circumstances WHERE person_no = '0000000700' AND fact = 'person'"
    )
    assert problem(right(desk, "2026-12-16")) == "wrong-state 409", "that would empty it still earlier"
    ok(right(desk, "2027-03-31"), 201)


def test_nobody_leaves_a_gap_behind_before_the_next_member_comes(desk: Investigated) -> None:
    ok(leave(desk, "2026-12-05"), 201)
    joins = {"person_no": "0000000701", "cells": CELLS, "from": "2026-12-20", "reason": "declaration"}
    ok(desk.caseworker.post(f"{CASE}/members", {**joins, "seen": newest(desk, "00000007")}), 201)
    assert problem(leave(desk, "2026-12-10", "0000000700")) == "wrong-state 409"
    ok(leave(desk, "2026-12-19", "0000000700"), 201)


def test_who_came_back_has_a_first_last_day_that_can_still_be_put_right(desk: Investigated) -> None:
    ok(leave(desk, "2026-11-10"), 201)
    first = standing(desk)["person"]["number"]
    joins = {"person_no": "0000000701", "cells": CELLS, "from": "2026-11-25", "reason": "declaration"}
    ok(desk.caseworker.post(f"{CASE}/members", {**joins, "seen": newest(desk, "00000007")}), 201)
    again = standing(desk)["person"]
    refused = leave(desk, "2026-11-25", corrects=first, reason="mistake")
    assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "last_day")
    assert "令和8年11月25日" in refused.json["detail"]
    ok(leave(desk, "2026-11-05", corrects=first, reason="mistake"), 201)
    items = ok(desk.caseworker.get(f"{CASE}/circumstances?{LOOK}"))["items"]
    days = [
        (item["valid_to"], item["corrects"])
        for item in items
        if (item["person_no"], item["fact"], item["corrected_by"]) == ("0000000701", "person", None)
    ]
    assert sorted(days, key=str) == sorted([("2026-11-05", first), (None, again["corrects"])], key=str)
