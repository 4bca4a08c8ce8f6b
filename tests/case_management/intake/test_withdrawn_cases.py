"""A case whose application was taken back (取下げ): it is investigated no more, and whoever was in it is free."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.casework.caseload import DECLARATION, PROMISE, VISIT
from tests.case_management.intake.test_opened_cases import HER, HOME, SELF, Investigated, newest
from tests.case_management.investigations.cases import ASKED
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


def test_nobody_outside_is_asked_and_nothing_is_asked_for_in_it_any_more(desk: Investigated, case_no: str) -> None:
    person, path = her(desk, case_no), f"/cases/{case_no}"
    replies = [
        desk.caseworker.post(f"{path}/consents", {"person_no": person, "signed_on": "2026-12-08"}),
        desk.caseworker.post(f"{path}/investigations", {**ASKED, "person_no": person}),
        desk.caseworker.post(f"{path}/investigations", {**ASKED, "person_no": None}),
        desk.caseworker.post(f"{path}/tasks", PROMISE),
        desk.caseworker.post(f"{path}/tasks", {**DECLARATION, "rhythm": "monthly"}),
    ]
    assert [problem(reply) for reply in replies] == ["wrong-state 409"] * 5
    assert all("令和8年12月5日に取り下げられています" in reply.json["detail"] for reply in replies)
    ok(desk.caseworker.post(f"{path}/notes", VISIT), 201)


@pytest.fixture
def left_open(desk: Investigated) -> tuple[str, str, str]:
    """A case with a request, a promise and a monthly declaration, taken back: its number and those of the last two."""
    number = desk.apply()["no"]
    case_no = desk.open(number)
    ok(desk.caseworker.post(f"/cases/{case_no}/investigations", {**ASKED, "person_no": None}), 201)
    promise = ok(desk.caseworker.post(f"/cases/{case_no}/tasks", PROMISE), 201)["no"]
    declaration = ok(desk.caseworker.post(f"/cases/{case_no}/tasks", {**DECLARATION, "rhythm": "monthly"}), 201)["no"]
    desk.running.clock.set(today=date(2026, 12, 20))
    assert len(ok(desk.caseworker.get(f"/tasks?{LOOK}"))["items"]) == 2
    assert len(ok(desk.caseworker.get("/investigations/due?purpose=investigation"))["items"]) == 1
    ok(desk.interviewer.post(f"/applications/{number}/withdrawal", {"on": "2026-12-01"}))
    return case_no, promise, declaration


def test_no_relative_is_written_to_for_it(desk: Investigated) -> None:
    number = desk.apply()["no"]
    path = f"/cases/{desk.open(number)}/relatives"
    body = {"relation": "child", "content": {"name": "架空 次郎", "address": "架空市1-2"}}
    relative = ok(desk.caseworker.post(path, body), 201)["relative_id"]
    proposals = f"{path}/{relative}/proposals"
    proposal = ok(desk.caseworker.post(proposals, {"enquire": True}), 201)["proposal_id"]
    ok(desk.supervisor.post(f"{proposals}/{proposal}/decision", {"agreed": True}))
    ok(desk.interviewer.post(f"/applications/{number}/withdrawal", {"on": "2026-12-01"}))
    letter = desk.caseworker.post(f"{path}/{relative}/letters", {"due_on": "2026-12-22"})
    again = desk.caseworker.post(proposals, {"enquire": True})
    assert [problem(letter), problem(again)] == ["wrong-state 409"] * 2


def test_nothing_of_it_is_due_for_ever(desk: Investigated, left_open: tuple[str, str, str]) -> None:
    due = ok(desk.caseworker.get(f"/tasks?{LOOK}"))
    assert (due["items"], ok(desk.caseworker.get("/investigations/due?purpose=investigation"))["items"]) == ([], [])
    tasks = ok(desk.caseworker.get(f"/cases/{left_open[0]}/tasks?{LOOK}"))["items"]
    assert [task["task_no"] for task in tasks] == [left_open[1], left_open[2]], "they stay on record"


def test_what_was_left_open_in_it_is_ended_and_no_declaration_follows(
    desk: Investigated, left_open: tuple[str, str, str]
) -> None:
    case_no, promise, declaration = left_open
    body: dict[str, Any] = {"outcome": "not_needed", "ended_on": "2026-12-20", "words": "取下げ"}
    ok(desk.caseworker.post(f"/cases/{case_no}/tasks/{promise}/end", body))
    body = {"outcome": "received", "ended_on": "2026-12-20", "covers_from": "2026-11-01", "covers_to": "2026-11-30"}
    assert ok(desk.caseworker.post(f"/cases/{case_no}/tasks/{declaration}/end", body))["next_task_no"] is None
