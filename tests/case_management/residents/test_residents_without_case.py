"""People of the register (宛名) who are in no case yet: who entered them goes on with them, shielded ones stay so."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.intake.test_opened_cases import HER, SELF, Investigated, newest
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LOOK = "purpose=casework"


@pytest.fixture
def desk(services: Services) -> Investigated:
    office = Office(services.open(service))
    office.running.clock.set(today=date(2026, 12, 1))
    office.load(Ward().add(1))
    return Investigated(office)


def found(client: Any) -> list[str]:
    return [hit["no"] for hit in ok(client.get(f"/search?q=カクウ&{LOOK}"))["items"] if hit["kind"] == "resident"]


def test_who_entered_somebody_reads_and_corrects_them_and_no_colleague_does(desk: Investigated) -> None:
    person = ok(desk.caseworker.post("/residents", HER), 201)["person_no"]
    colleague = desk.running.client(person="cw-7", roles=["caseworker"], districts=["01"])
    entry = ok(desk.caseworker.get(f"/residents/{person}?{LOOK}"))["entries"][-1]
    renamed = {**HER, "reason": "declaration", "follows": entry["number"]}
    assert problem(colleague.post(f"/residents/{person}/entries", renamed)) == "out-of-scope 403"
    ok(desk.caseworker.post(f"/residents/{person}/entries", renamed), 201)
    assert problem(colleague.get(f"/residents/{person}?{LOOK}")) == "out-of-scope 403"
    assert (person in found(desk.caseworker), person in found(colleague)) == (True, False)


def test_who_entered_somebody_reads_them_no_more_once_they_are_in_a_case_elsewhere(desk: Investigated) -> None:
    person = ok(desk.caseworker.post("/residents", HER), 201)["person_no"]
    case_no = desk.open(desk.apply()["no"], district="02", caseworker="cw-8")
    items = ok(desk.elsewhere.get(f"/cases/{case_no}/circumstances?{LOOK}"))["items"]
    body = {"person_no": person, "cells": SELF, "reason": "application", "seen": items[-1]["number"]}
    ok(desk.elsewhere.post(f"/cases/{case_no}/members", body), 201)
    assert problem(desk.caseworker.get(f"/residents/{person}?{LOOK}")) == "out-of-scope 403"


def test_a_shielded_applicant_is_found_by_nobody_else_before_they_are_a_member(desk: Investigated) -> None:
    application = desk.apply(shielded=True, district="01")["no"]
    person = desk.enter(application_no=application)
    for client in (desk.other, desk.caseworker):
        assert problem(client.get(f"/residents/{person}?{LOOK}")) == "out-of-scope 403"
        assert person not in found(client)
    for client in (desk.interviewer, desk.supervisor, desk.head):
        ok(client.get(f"/residents/{person}?{LOOK}"))
        assert person in found(client)


def test_an_application_that_is_shielded_later_shields_who_was_entered_for_it(desk: Investigated) -> None:
    applied = desk.apply(district="01")
    person = desk.enter(application_no=applied["no"])
    ok(desk.other.get(f"/residents/{person}?{LOOK}"))
    body = {"applied_on": "2026-12-01", "received_on": "2026-12-01", "shielded": True, "district": "01"}
    content = {"applicant": {"name": HER["name"], "kana": HER["kana"]}, "why": "支援措置の申出"}
    body |= {"follows": applied["entry_id"], "change": "correction", "content": content}
    ok(desk.interviewer.post(f"/applications/{applied['no']}/entries", body), 201)
    assert problem(desk.other.get(f"/residents/{person}?{LOOK}")) == "out-of-scope 403"


def test_nobody_makes_a_member_of_a_shielded_person_whom_they_may_not_see(desk: Investigated) -> None:
    person = desk.enter(application_no=desk.apply(shielded=True, district="01")["no"])
    body = {"cells": SELF, "from": "2026-12-01", "reason": "declaration", "seen": newest(desk, "00000001")}
    replies = [
        desk.caseworker.post("/cases/00000001/members", {**body, "person_no": number})
        for number in (person, "5555555555")
    ]
    assert [reply.json for reply in replies] == [replies[1].json] * 2
    assert problem(replies[0]) == "not-found 404"


def test_nobody_is_entered_for_an_application_that_there_is_not_or_is_not_theirs_to_see(desk: Investigated) -> None:
    application = desk.apply(shielded=True, district="01")["no"]
    for number in (application, "2026999999"):
        refused = desk.other.post("/residents", {**HER, "application_no": number})
        assert (problem(refused), refused.json["field"]) == ("not-found 404", "application_no")
