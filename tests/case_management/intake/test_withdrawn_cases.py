"""A case whose application was taken back (取下げ): it is investigated no more, and whoever was in it is free."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.intake.test_opened_cases import HER, HOME, SELF, Investigated, newest
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LOOK = "purpose=casework"


@pytest.fixture
def desk(services: Services) -> Investigated:
    office = Office(services.open(service))
    office.running.clock.set(today=date(2026, 12, 1), now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    office.load(Ward().add(1))
    return Investigated(office)


@pytest.fixture
def case_no(desk: Investigated) -> str:
    """A case with her in it, and her rent; its application is taken back on the 5th, as the office hears on the 8th."""
    number = desk.apply()["no"]
    case_no, person = desk.open(number), desk.enter()
    desk.record(case_no, "person", SELF, person)
    desk.record(case_no, "home", HOME)
    desk.running.clock.set(today=date(2026, 12, 8), now=datetime(2026, 12, 8, 3, tzinfo=UTC))
    ok(desk.interviewer.post(f"/applications/{number}/withdrawal", {"on": "2026-12-05"}))
    return case_no


def her(desk: Investigated, case_no: str) -> str:
    return str(desk.case(case_no)["members"][0]["person_no"])


def test_it_says_since_when_and_what_was_known_of_it_stays(desk: Investigated, case_no: str) -> None:
    assert (desk.case(case_no)["withdrawn_on"], desk.case(case_no)["facts"]["rent"]) == ("2026-12-05", 53_700)
    (row,) = [row for row in ok(desk.caseworker.get(f"/caseload?{LOOK}"))["items"] if row["case_no"] == case_no]
    assert row["withdrawn_on"] == "2026-12-05"
    then = ok(desk.caseworker.get(f"/cases/{case_no}?{LOOK}&known_on=2026-12-07"))
    assert (then["application_no"] is not None, then["withdrawn_on"]) == (True, None), "nobody knew it before the 8th"


def test_it_is_neither_under_investigation_nor_on_assistance(desk: Investigated, case_no: str) -> None:
    desk.office.determined()
    figures = ok(desk.running.client(machine="ui_gateway").get("/figures?month=2026-12"))
    assert (figures["on_assistance"], figures["determined"], figures["under_investigation"]) == (1, 1, 0)
    assert figures["persons"] == 1


def test_no_fact_is_recorded_of_it_any_more_and_the_office_hears_why(desk: Investigated, case_no: str) -> None:
    seen, person = newest(desk, case_no), her(desk, case_no)
    why: dict[str, Any] = {"reason": "investigation", "seen": seen}
    replies = [
        desk.caseworker.post(f"/cases/{case_no}/circumstances", {"fact": "home", "cells": HOME, **why}),
        desk.caseworker.post(f"/cases/{case_no}/members", {"resident": HER, "cells": SELF, **why}),
        desk.caseworker.post(f"/cases/{case_no}/members/{person}/end", {"last_day": "2026-12-05", **why}),
    ]
    assert [problem(reply) for reply in replies] == ["wrong-state 409"] * 3
    assert all("令和8年12月5日に取り下げられています" in reply.json["detail"] for reply in replies)
    assert newest(desk, case_no) == seen


def test_who_was_in_it_applies_again_and_its_caseworker_learns_nothing_of_that(
    desk: Investigated, case_no: str
) -> None:
    person = her(desk, case_no)
    again = desk.open(desk.apply()["no"], district="02", caseworker="cw-8")
    seen = ok(desk.elsewhere.get(f"/cases/{again}/circumstances?{LOOK}"))["items"][-1]["number"]
    body = {"person_no": person, "cells": SELF, "reason": "application", "seen": seen}
    ok(desk.elsewhere.post(f"/cases/{again}/members", body), 201)
    assert ok(desk.elsewhere.get(f"/residents/{person}?{LOOK}"))["case_nos"] == [again]
    assert problem(desk.caseworker.get(f"/residents/{person}?{LOOK}")) == "out-of-scope 403"


def test_who_was_in_it_may_stand_in_a_wards_file(desk: Investigated) -> None:
    number = desk.apply()["no"]
    case_no, person = desk.open(number), desk.enter(person_no="0000000901")
    desk.record(case_no, "person", SELF, person)
    ward = Ward().add(9, {"person_no": person})
    assert problem(desk.office.propose(ward)) == "import-faults 422"
    ok(desk.interviewer.post(f"/applications/{number}/withdrawal", {"on": "2026-12-01"}))
    assert desk.office.load(ward)["state"] == "approved"
