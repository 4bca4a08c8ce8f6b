"""What comes up by itself (期限の到来): papers that expire and ages that are reached, for whom it concerns."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from services.case_management.domain.casework import births_of, reached_on
from shared.service_kit.testing import Client, Services
from tests.decisions.ward import Office, Ward, ok

TODAY = date(2026, 12, 1)
LOOK = "purpose=casework"


class Desk:
    """A caseworker of district 01, a colleague, a supervisor."""

    def __init__(self, office: Office) -> None:
        self.office = office
        client = office.running.client
        self.caseworker: Client = client(person="cw-1", roles=["caseworker"], districts=["01"])
        self.elsewhere: Client = client(person="cw-2", roles=["caseworker"], districts=["02"])
        self.head: Client = client(person="head-1", roles=["head"])

    def record(self, person_no: str, kind: str, expires_on: str, **changes: Any) -> str:
        body: dict[str, Any] = {"fact": "certificate", "kind": kind, "expires_on": expires_on, "reason": "certificate"}
        body |= {"content": {"text": "交付"}, **changes}
        return str(ok(self.caseworker.post(f"/residents/{person_no}/details", body), 201)["detail_id"])

    def seen(self, by: Client) -> list[tuple[Any, ...]]:
        items = ok(by.get(f"/upcoming?{LOOK}"))["items"]
        return [(item["on"], item["certificate"] or item["age"], item["person_no"]) for item in items]


@pytest.fixture
def desk(services: Services) -> Desk:
    office = Office(services.open(service))
    office.running.clock.set(today=TODAY)
    child = {"person_no": "0000000299", "birth_date": "2009-01-30", "relation": "child", "name": "架空 次郎"}
    office.load(Ward().add(1).add(2, {}, child).add(3, {"birth_date": "1962-01-10"}, district="02"))
    return Desk(office)


def test_a_birthday_of_a_leap_day_is_the_first_of_march() -> None:
    assert births_of(18, date(2026, 3, 1), date(2026, 3, 1)) == [date(2008, 2, 29), date(2008, 3, 1)]
    assert reached_on(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert births_of(20, date(2028, 2, 29), date(2028, 3, 1)) == [date(2008, 2, 29), date(2008, 3, 1)]
    assert births_of(18, date(2026, 2, 28), date(2026, 2, 28)) == [date(2008, 2, 28)]


@pytest.mark.database
def test_ages_are_seen_sixty_days_ahead_by_who_is_in_charge(desk: Desk) -> None:
    assert desk.seen(desk.caseworker) == [("2027-01-30", 18, "0000000299")]
    assert desk.seen(desk.elsewhere) == [("2027-01-10", 65, "0000000300")]
    assert len(desk.seen(desk.head)) == 2
    desk.office.running.clock.set(today=date(2026, 11, 30))
    assert desk.seen(desk.caseworker) == [], "the sixty-first day is not seen yet"


@pytest.mark.database
def test_a_paper_that_expires_is_seen_until_it_is_renewed_ended_or_corrected(desk: Desk) -> None:
    papers = [("residence_card", "2027-01-30"), ("health_insurance", "2026-11-15"), ("pension", "2027-01-31")]
    for kind, day in papers:
        desk.record("0000000100", kind, day)

    def own() -> list[Any]:
        return [item[1] for item in desk.seen(desk.caseworker) if item[2] == "0000000100"]

    assert own() == ["health_insurance", "residence_card"], "what has expired first, and nothing of the 61st day"
    desk.record("0000000100", "residence_card", "2029-01-30")
    assert own() == ["health_insurance"]
    ended = desk.record("0000000100", "mental_disability", "2026-12-20")
    assert own() == ["health_insurance", "mental_disability"]
    desk.record("0000000100", "mental_disability", "2028-12-20", corrects=ended)
    assert own() == ["health_insurance"]


@pytest.mark.database
def test_a_paper_that_was_renewed_for_good_is_not_due_any_more(desk: Desk) -> None:
    desk.record("0000000100", "mental_disability", "2026-12-20")
    body = {"fact": "certificate", "kind": "mental_disability", "reason": "certificate", "content": {"text": "無期限"}}
    ok(desk.caseworker.post("/residents/0000000100/details", body), 201)
    assert "mental_disability" not in [item[1] for item in desk.seen(desk.caseworker)]
    desk.record("0000000100", "mental_disability", "2027-01-20")
    assert ("2027-01-20", "mental_disability", "0000000100") in desk.seen(desk.caseworker), "a later paper has its day"


@pytest.mark.database
def test_a_renewal_that_has_ended_hides_no_paper_that_is_held(desk: Desk) -> None:
    desk.record("0000000100", "residence_card", "2026-12-20")
    desk.record("0000000100", "residence_card", "2030-01-01", to="2026-11-01")
    assert ("2026-12-20", "residence_card", "0000000100") in desk.seen(desk.caseworker)


@pytest.mark.database
def test_who_left_the_household_is_not_its_caseworkers_any_more(desk: Desk) -> None:
    items = ok(desk.caseworker.get(f"/cases/00000002/circumstances?{LOOK}"))["items"]
    body = {"last_day": "2026-11-30", "reason": "moved_out", "seen": items[-1]["number"]}
    ok(desk.caseworker.post("/cases/00000002/members/0000000299/end", body), 201)
    assert desk.seen(desk.caseworker) == []


@pytest.mark.database
def test_the_list_is_a_look_at_whom_it_names(desk: Desk) -> None:
    desk.seen(desk.caseworker)
    look = desk.office.running.looks("look.v1")[-1]["data"]
    assert (look["what"], look["subjects"]) == ("upcoming", ["case:00000002", "person:0000000299"])
