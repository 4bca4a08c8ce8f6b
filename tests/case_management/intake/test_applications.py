"""Applications (申請): whoever wants to apply has applied; the days to decide run from that day."""

from datetime import date, timedelta

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from services.case_management.app import service
from services.case_management.domain.intake import Limits
from shared.service_kit.testing import Services
from tests.case_management.intake.desk import ASKED, SPAN, Desk
from tests.decisions.ward import Office, Ward, ok, problem


@pytest.fixture
def desk(services: Services) -> Desk:
    return Desk(services.open(service))


def test_the_day_of_application_does_not_count() -> None:
    limits = Limits(date(2026, 12, 1))
    assert (limits.decide_by, limits.at_most) == (date(2026, 12, 15), date(2026, 12, 31))


@each(applied=st.dates(date(2020, 1, 1), date(2030, 1, 1)), after=st.integers(0, 60), delayed=st.booleans())
def test_an_application_is_over_its_limit_exactly_when_no_day_is_left(applied: date, after: int, delayed: bool) -> None:
    limits, today = Limits(applied), applied + timedelta(days=after)
    reasons = ["assets"] if delayed else []
    state, left = limits.state(today, reasons), limits.days_left(today, reasons)
    assert (left < 0) == (state in ("over", "reason_missing") and not (delayed and after <= 30))
    assert (state == "over") == (after > 30)
    assert (state == "reason_missing") == (14 < after <= 30 and not delayed)
    assert (state in ("open", "near")) == (after <= 14)


@pytest.mark.database
def test_missing_papers_hold_nothing_up(desk: Desk) -> None:
    content = {**ASKED["content"], "missing_papers": ["form", "assets", "income", "identity"]}
    number = desk.apply(content=content, form="oral")["no"]
    application = desk.application(number)
    assert (application["state"], application["limit"], application["days_left"]) == ("open", "open", 14)
    assert application["newest"]["content"]["missing_papers"] == ["form", "assets", "income", "identity"]


@pytest.mark.database
def test_the_days_run_from_the_application_and_not_from_its_receipt(desk: Desk) -> None:
    number = desk.apply(applied_on="2026-11-20", received_on="2026-12-01", form="mail")["no"]
    application = desk.application(number)
    assert (application["decide_by"], application["at_most"]) == ("2026-12-04", "2026-12-20")
    refused = desk.interviewer.post("/applications", {**ASKED, "received_on": "2026-11-30"})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "received_on")


@pytest.mark.database
def test_after_fourteen_days_a_reason_has_to_stand_and_after_thirty_none_helps(desk: Desk) -> None:
    number = desk.apply()["no"]

    def stands(day: int) -> tuple[str, int]:
        desk.running.clock.set(today=date(2026, 12, day))
        application = desk.application(number)
        return application["limit"], application["days_left"]

    assert [stands(day) for day in (12, 13, 15, 16)] == [
        ("open", 3),
        ("near", 2),
        ("near", 0),
        ("reason_missing", -1),
    ]
    ok(desk.interviewer.post(f"/applications/{number}/delays", {"reason": "relatives"}), 201)
    assert stands(16) == ("extended", 15)
    desk.running.clock.set(today=date(2027, 1, 1))
    assert desk.application(number)["limit"] == "over"


@pytest.mark.database
def test_another_reason_is_said_in_words(desk: Desk) -> None:
    path = f"/applications/{desk.apply()['no']}/delays"
    assert problem(desk.interviewer.post(path, {"reason": "other"})) == "invalid-input 422"
    ok(desk.interviewer.post(path, {"reason": "other", "words": "災害により調査ができない"}), 201)


@pytest.mark.database
def test_what_is_open_stands_by_urgency_and_what_was_withdrawn_not_at_all(desk: Desk) -> None:
    late = desk.apply(applied_on="2026-11-18")["no"]
    new, gone = desk.apply()["no"], desk.apply()["no"]
    ok(desk.interviewer.post(f"/applications/{gone}/withdrawal", {"on": "2026-12-01", "words": "就職した"}))
    items = ok(desk.supervisor.get("/applications/open?purpose=casework"))["items"]
    assert [(item["application_no"], item["days_left"]) for item in items] == [(late, 1), (new, 14)]
    register = ok(desk.supervisor.get(f"/applications?{SPAN}"))["items"]
    assert [item["state"] for item in register] == ["open", "open", "withdrawn"]


@pytest.mark.database
def test_an_application_is_withdrawn_once_on_a_day_that_it_was_open(desk: Desk) -> None:
    number = desk.apply(applied_on="2026-11-20")["no"]
    path = f"/applications/{number}/withdrawal"
    for day in ("2026-11-19", "2026-12-02"):
        assert problem(desk.interviewer.post(path, {"on": day})) == "invalid-input 422"
    ok(desk.interviewer.post(path, {"on": "2026-11-20", "words": "就職した"}))
    withdrawal = desk.application(number)["withdrawal"]
    assert (withdrawal["words"], withdrawal["recorded_by"]) == ("就職した", "person:interviewer-1")
    assert problem(desk.interviewer.post(path, {"on": "2026-11-20"})) == "wrong-state 409"
    assert problem(desk.interviewer.post(f"/applications/{number}/delays", {"reason": "assets"})) == "wrong-state 409"


@pytest.mark.database
def test_what_was_asked_for_in_a_consultation_is_received_once_however_many_tabs_were_open(desk: Desk) -> None:
    consulted = desk.consult(wish_to_apply=True, result="applied")["no"]
    first = desk.apply(consultation_no=consulted)["no"]
    refused = desk.interviewer.post("/applications", {**ASKED, "consultation_no": consulted})
    assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "consultation_no")
    ok(desk.interviewer.post(f"/applications/{first}/withdrawal", {"on": "2026-12-01"}))
    assert desk.apply(consultation_no=consulted)["no"] != first


@pytest.mark.database
def test_an_application_names_the_consultation_it_came_from(desk: Desk) -> None:
    consulted = desk.consult(wish_to_apply=True, result="applied")["no"]
    number = desk.apply(consultation_no=consulted)["no"]
    assert desk.application(number)["consultation_no"] == consulted
    assert desk.consultation(consulted)["application_nos"] == [number]
    refused = desk.interviewer.post("/applications", {**ASKED, "consultation_no": "2026999999"})
    assert problem(refused) == "not-found 404"


@pytest.mark.database
def test_a_start_ex_officio_is_an_act_of_the_office_and_no_other_start_is(desk: Desk) -> None:
    office = {**ASKED["content"], "applied_by": "office"}
    for changes in ({"ground": "ex_officio"}, {"content": office}):
        assert problem(desk.interviewer.post("/applications", {**ASKED, **changes})) == "invalid-input 422"
    desk.apply(ground="ex_officio", content=office)
    desk.apply(ground="emergency", present_location=True)


@pytest.mark.database
def test_a_change_is_applied_for_by_a_case_that_there_is(desk: Desk) -> None:
    Office(desk.running).load(Ward().add(1))
    changes = {"kind": "change", "case_no": "00000001"}
    number = desk.apply(**changes)["no"]
    assert desk.application(number)["newest"]["case_no"] == "00000001"
    assert problem(desk.interviewer.post("/applications", {**ASKED, "kind": "change"})) == "invalid-input 422"
    nowhere = {**ASKED, **changes, "case_no": "00000002"}
    assert problem(desk.interviewer.post("/applications", nowhere)) == "not-found 404"


@pytest.mark.database
def test_papers_that_come_later_complete_the_application_under_its_number(desk: Desk) -> None:
    first = desk.apply(content={**ASKED["content"], "missing_papers": ["lease"]})
    body = {**ASKED, "follows": first["entry_id"]}
    ok(desk.interviewer.post(f"/applications/{first['no']}/entries", body), 201)
    application = desk.application(first["no"])
    assert [entry["content"]["missing_papers"] for entry in application["entries"]] == [["lease"], []]
    assert problem(desk.other.post(f"/applications/{first['no']}/entries", body)) == "changed-meanwhile 409"
