"""Investigation requests (調査依頼): who was asked, by when an answer is due, and what came of it."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.case_management.investigations.cases import ASKED, LOOK, MEMBER, OTHERS, Investigators
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
PATH = "/cases/00000001/investigations"


@pytest.fixture
def staff(services: Services) -> Investigators:
    return Investigators(services.open(service))


def listed(staff: Investigators, by: Client | None = None) -> list[dict[str, Any]]:
    return list(ok((by or staff.caseworker).get(f"{PATH}?{LOOK}"))["items"])


def due(by: Client) -> list[str]:
    return [item["investigation_id"] for item in ok(by.get(f"/investigations/due?{LOOK}"))["items"]]


def enter(staff: Investigators, request: str, kind: str, **more: str) -> Reply:
    body = {"kind": kind, "happened_on": "2026-12-01", **more}
    return staff.caseworker.post(f"{PATH}/{request}/entries", body)


def test_a_bank_is_asked_reminded_and_answers(staff: Investigators) -> None:
    request = staff.ask()
    ok(enter(staff, request, "reminded"), 201)
    ok(enter(staff, request, "answered", words="普通預金 12,345円"), 201)
    (item,) = listed(staff)
    assert (item["addressee"], item["asked"], item["consent"]) == (ASKED["addressee"], ASKED["asked"], "missing")
    assert [entry["kind"] for entry in item["entries"]] == ["reminded", "answered"]
    assert item["entries"][1]["words"] == "普通預金 12,345円"
    assert item["state"] == "answered"


def test_what_is_most_urgent_stands_first(staff: Investigators) -> None:
    later = staff.ask(due_on="2026-12-31")
    sooner = staff.ask(sent_on="2026-11-01", due_on="2026-11-30")
    near = staff.ask(due_on="2026-12-08")
    assert [item["investigation_id"] for item in listed(staff)] == [sooner, near, later]
    assert [item["state"] for item in listed(staff)] == ["overdue", "near", "waiting"]
    assert [item["days_left"] for item in listed(staff)] == [-1, 7, 30]


def test_what_is_due_is_shown_to_who_may_see_the_case_and_shielded_cases_to_nobody_else(staff: Investigators) -> None:
    mine = staff.ask(due_on="2026-12-08")
    theirs = staff.ask(2, by=staff.other, person_no=OTHERS, due_on="2026-12-02")
    staff.ask(due_on="2026-12-31")
    assert due(staff.caseworker) == due(staff.colleague) == [mine]
    assert due(staff.other) == [theirs]
    assert due(staff.head) == [theirs, mine]
    staff.shield()
    assert [due(by) for by in (staff.colleague, staff.caseworker, staff.supervisor)] == [[], [mine], [mine]]


def test_an_answer_takes_a_request_off_the_list_and_a_late_one_still_counts(staff: Investigators) -> None:
    request = staff.ask(due_on="2026-12-02")
    staff.running.clock.set(today=date(2026, 12, 20))
    assert due(staff.caseworker) == [request]
    ok(enter(staff, request, "closed", reason="no_answer"), 201)
    assert due(staff.caseworker) == []
    assert listed(staff)[0]["state"] == "closed"
    ok(enter(staff, request, "answered", words="口座なし"), 201)
    assert listed(staff)[0]["state"] == "answered"


def test_what_is_answered_or_closed_is_neither_reminded_nor_closed_again(staff: Investigators) -> None:
    request = staff.ask()
    ok(enter(staff, request, "closed", reason="not_needed"), 201)
    assert problem(enter(staff, request, "closed", reason="no_answer")) == "wrong-state 409"
    assert problem(enter(staff, request, "reminded")) == "wrong-state 409"


def test_two_who_close_a_request_at_once_close_it_once(staff: Investigators) -> None:
    request = staff.ask()
    replies = at_once(
        staff.running.runtime.engine,
        lambda: enter(staff, request, "closed", reason="no_answer"),
        lambda: enter(staff, request, "closed", reason="refused"),
    )
    answers = [reply for reply in (replies.first, replies.second) if isinstance(reply, Reply)]
    assert sorted(reply.status_code for reply in answers) == [201, 409]
    assert len(listed(staff)[0]["entries"]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": "2026-11-30"}, "due_on"),
        ({"sent_on": "2026-12-02"}, "sent_on"),
        ({"consent": "held"}, "consent_id"),
        ({"consent_id": "00000000-0000-4000-8000-000000000000"}, "consent_id"),
        ({"person_no": OTHERS}, "person_no"),
        ({"kind": "neighbour"}, "kind"),
        ({"addressee": ""}, "addressee"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused_at_its_field(
    staff: Investigators, changes: dict[str, Any], field: str
) -> None:
    reply = staff.caseworker.post(PATH, {**ASKED, **changes})
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", field)
    assert listed(staff) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "answered"}, "words"),
        ({"kind": "closed"}, "reason"),
        ({"kind": "reminded", "reason": "no_answer"}, "reason"),
        ({"kind": "reminded", "happened_on": "2026-12-02"}, "happened_on"),
        ({"kind": "reminded", "happened_on": "2026-11-30"}, "happened_on"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused_at_its_field(
    staff: Investigators, body: dict[str, str], field: str
) -> None:
    reply = staff.caseworker.post(f"{PATH}/{staff.ask()}/entries", {"happened_on": "2026-12-01", **body})
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", field)


def test_a_request_of_another_case_is_not_found_under_this_one(staff: Investigators) -> None:
    theirs = staff.ask(2, by=staff.other, person_no=OTHERS)
    assert problem(enter(staff, theirs, "reminded")) == "not-found 404"
    assert problem(staff.other.get(f"{PATH}?{LOOK}")) == "out-of-scope 403"


def test_names_and_words_are_sealed_and_facts_hold_codes_alone(staff: Investigators) -> None:
    request = staff.ask(addressee="架空<b>銀行</b>=1+1")
    ok(enter(staff, request, "answered", words="秘密の回答"), 201)
    rows = staff.running.execute(
        "SELECT i::text, e::text FROM investigations i JOIN investigation_entries e USING (investigation_id)"
    )
    assert not any(word in cell for row in rows for cell in row for word in ("架空", "預貯金", "秘密"))
    facts = [*staff.running.facts("investigation.requested.v1"), *staff.running.facts("investigation.continued.v1")]
    assert [fact["subject"] for fact in facts] == ["case:00000001"] * 2
    assert not any(word in str(facts) for word in ("架空", "預貯金", "秘密"))
    assert listed(staff)[0]["addressee"] == "架空<b>銀行</b>=1+1"


def test_each_look_names_the_case_and_whom_it_is_about(staff: Investigators) -> None:
    staff.ask(due_on="2026-12-02")
    listed(staff)
    due(staff.caseworker)
    looks = staff.running.looks("look.v1")[-2:]
    assert [look["data"]["what"] for look in looks] == ["investigations", "investigations_due"]
    assert all(look["data"]["subjects"] == ["case:00000001", f"person:{MEMBER}"] for look in looks)
