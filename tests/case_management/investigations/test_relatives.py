"""Relatives liable for support (扶養義務者): nobody is written to before another person has decided it."""

from datetime import date
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.case_management.investigations.cases import LOOK, MEMBER, OTHERS, Investigators
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
PATH = "/cases/00000001/relatives"
BROTHER: dict[str, Any] = {
    "person_no": MEMBER,
    "relation": "sibling",
    "content": {"name": "架空 次郎", "kana": "カクウ ジロウ", "address": "東京都架空区1-2-3"},
}


@pytest.fixture
def staff(services: Services) -> Investigators:
    return Investigators(services.open(service))


def record(staff: Investigators, **changes: Any) -> str:
    return str(ok(staff.caseworker.post(PATH, {**BROTHER, **changes}), 201)["relative_id"])


def listed(staff: Investigators) -> list[dict[str, Any]]:
    return list(ok(staff.caseworker.get(f"{PATH}?{LOOK}"))["items"])


def correct(staff: Investigators, relative: str, relation: str = "sibling", **content: str) -> None:
    """Record a relative anew, after what is recorded by now."""
    follows = next(item for item in listed(staff) if item["relative_id"] == relative)["details"][-1]["detail_id"]
    body = {"relation": relation, "content": {**BROTHER["content"], **content}, "follows": follows}
    ok(staff.caseworker.post(f"{PATH}/{relative}/details", body), 201)


def state(staff: Investigators) -> str:
    return str(listed(staff)[0]["state"])


def propose(staff: Investigators, relative: str, by: Client | None = None, **body: Any) -> str:
    reply = (by or staff.caseworker).post(f"{PATH}/{relative}/proposals", body or {"enquire": True})
    return str(ok(reply, 201)["proposal_id"])


def decide(relative: str, proposal: str, by: Client, agreed: bool = True) -> Reply:
    return by.post(f"{PATH}/{relative}/proposals/{proposal}/decision", {"agreed": agreed})


def letter(staff: Investigators, relative: str, due_on: str = "2026-12-22") -> Reply:
    return staff.caseworker.post(f"{PATH}/{relative}/letters", {"due_on": due_on})


def test_a_brother_is_written_to_once_the_supervisor_agreed_and_offers_money(staff: Investigators) -> None:
    brother = record(staff)
    assert state(staff) == "open"
    proposal = propose(staff, brother)
    assert state(staff) == "proposed"
    ok(decide(brother, proposal, staff.supervisor))
    assert state(staff) == "approved"
    printed = ok(letter(staff, brother), 201)["letter_id"]
    says = ok(staff.caseworker.get(f"{PATH}/{brother}/letters/{printed}?{LOOK}"))
    assert (says["relative_name"], says["member_name"], says["due_on"]) == ("架空 次郎", "架空 花子", "2026-12-22")
    assert state(staff) == "sent"
    staff.running.clock.set(today=date(2026, 12, 23))
    assert state(staff) == "overdue"
    answer = {"answered_on": "2026-12-23", "outcome": "money", "yen": 10_000, "words": "毎月送ります"}
    ok(staff.caseworker.post(f"{PATH}/{brother}/answers", answer), 201)
    assert state(staff) == "answered"
    assert listed(staff)[0]["answers"][0]["yen"] == 10_000


def test_no_letter_before_a_decision_and_none_where_the_decision_is_not_to_write(staff: Investigators) -> None:
    husband = record(staff, relation="spouse")
    assert problem(letter(staff, husband)) == "enquiry-not-approved 409"
    proposal = propose(staff, husband, enquire=False, reason="violence")
    assert problem(letter(staff, husband)) == "enquiry-not-approved 409"
    ok(decide(husband, proposal, staff.supervisor))
    assert problem(letter(staff, husband)) == "enquiry-not-approved 409"
    assert state(staff) == "excluded"
    assert staff.running.facts("relative.enquiry_printed.v1") == []


def test_what_is_returned_may_not_be_printed_and_is_proposed_anew(staff: Investigators) -> None:
    brother = record(staff)
    ok(decide(brother, propose(staff, brother), staff.supervisor, agreed=False))
    assert state(staff) == "returned"
    assert problem(letter(staff, brother)) == "enquiry-not-approved 409"
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    ok(letter(staff, brother), 201)


def test_violence_that_comes_to_light_later_stops_the_letter_at_once(staff: Investigators) -> None:
    brother = record(staff)
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    printed = ok(letter(staff, brother), 201)["letter_id"]
    propose(staff, brother, enquire=False, reason="abuse")
    assert problem(letter(staff, brother)) == "enquiry-not-approved 409"
    assert problem(staff.caseworker.get(f"{PATH}/{brother}/letters/{printed}?{LOOK}")) == "enquiry-not-approved 409"


@pytest.mark.parametrize(
    ("relation", "content"), [("parent", {"name": "架空 太郎"}), ("sibling", {"address": "架空県別の町9"})]
)
def test_what_was_agreed_to_for_a_brother_writes_to_no_father_and_to_no_other_address(
    staff: Investigators, relation: str, content: dict[str, str]
) -> None:
    brother = record(staff)
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    correct(staff, brother, relation, **content)
    assert problem(letter(staff, brother)) == "enquiry-not-approved 409"
    assert state(staff) == "open"
    assert staff.running.facts("relative.enquiry_printed.v1") == []
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    ok(letter(staff, brother), 201)


def test_nobody_agrees_to_write_to_whom_nobody_proposed_but_returns_it_or_bars_it(staff: Investigators) -> None:
    brother = record(staff)
    proposal = propose(staff, brother)
    correct(staff, brother, "parent", name="架空 太郎")
    assert problem(decide(brother, proposal, staff.supervisor)) == "content-moved 409"
    ok(decide(brother, proposal, staff.supervisor, agreed=False))
    barred = propose(staff, brother, enquire=False, reason="violence")
    correct(staff, brother, "parent", name="架空 三郎")
    ok(decide(brother, barred, staff.supervisor))
    assert state(staff) == "excluded"


def test_a_printed_letter_says_what_it_said(staff: Investigators) -> None:
    brother = record(staff)
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    path = f"{PATH}/{brother}/letters/{ok(letter(staff, brother), 201)['letter_id']}?{LOOK}"
    before = ok(staff.caseworker.get(path))
    assert (before["relation"], before["relative_address"]) == ("sibling", BROTHER["content"]["address"])
    correct(staff, brother, "parent", name="架空 太郎", address="架空県別の町9")
    assert ok(staff.caseworker.get(path)) == before
    assert state(staff) == "sent"
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    assert ok(staff.caseworker.get(path)) == before


def test_who_proposed_does_not_decide_and_a_caseworker_never_does(staff: Investigators) -> None:
    brother = record(staff)
    own = propose(staff, brother, by=staff.supervisor)
    assert problem(decide(brother, own, staff.supervisor)) == "same-person 409"
    assert problem(decide(brother, own, staff.caseworker)) == "not-permitted 403"
    newer = propose(staff, brother)
    assert problem(decide(brother, own, staff.head)) == "content-moved 409"
    ok(decide(brother, newer, staff.supervisor))
    assert problem(decide(brother, newer, staff.head)) == "wrong-state 409"


def test_two_who_decide_at_once_decide_once(staff: Investigators) -> None:
    brother = record(staff)
    proposal = propose(staff, brother)
    replies = at_once(
        staff.running.runtime.engine,
        lambda: decide(brother, proposal, staff.supervisor),
        lambda: decide(brother, proposal, staff.head, agreed=False),
    )
    answers = [reply for reply in (replies.first, replies.second) if isinstance(reply, Reply)]
    assert sorted(reply.status_code for reply in answers) == [200, 409]


def test_a_letter_needs_an_address_and_a_day_to_come(staff: Investigators) -> None:
    brother = record(staff, content={"name": "架空 次郎"})
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    assert letter(staff, brother).json["field"] == "address"
    follows = listed(staff)[0]["details"][-1]["detail_id"]
    body = {"relation": "sibling", "content": BROTHER["content"], "follows": follows}
    ok(staff.caseworker.post(f"{PATH}/{brother}/details", body), 201)
    assert problem(staff.caseworker.post(f"{PATH}/{brother}/details", body)) == "changed-meanwhile 409"
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    assert letter(staff, brother, due_on="2026-11-30").json["field"] == "due_on"
    ok(letter(staff, brother), 201)
    assert [detail["content"].get("address") for detail in listed(staff)[0]["details"]] == [None, "東京都架空区1-2-3"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("proposals", {"enquire": False}, "reason"),
        ("proposals", {"enquire": True, "reason": "violence"}, "reason"),
        ("proposals", {"enquire": False, "reason": "other"}, "words"),
        ("answers", {"answered_on": "2026-12-01", "outcome": "money"}, "yen"),
        ("answers", {"answered_on": "2026-12-01", "outcome": "refuses", "yen": 1}, "yen"),
        ("answers", {"answered_on": "2026-12-02", "outcome": "refuses"}, "answered_on"),
        ("answers", {"answered_on": "2026-12-01", "outcome": "money", "yen": 0}, "yen"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(
    staff: Investigators, path: str, body: dict[str, Any], field: str
) -> None:
    reply = staff.caseworker.post(f"{PATH}/{record(staff)}/{path}", body)
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", field)


def test_a_relative_is_of_one_case_and_of_one_of_its_people(staff: Investigators) -> None:
    assert staff.caseworker.post(PATH, {**BROTHER, "person_no": OTHERS}).json["field"] == "person_no"
    brother = record(staff)
    foreign = f"/cases/00000002/relatives/{brother}/proposals"
    assert problem(staff.other.post(foreign, {"enquire": True})) == "not-found 404"
    assert problem(staff.other.get(f"{PATH}?{LOOK}")) == "out-of-scope 403"


def test_names_are_sealed_the_printing_is_in_the_log_and_facts_hold_codes_alone(staff: Investigators) -> None:
    brother = record(staff)
    ok(decide(brother, propose(staff, brother), staff.supervisor))
    ok(letter(staff, brother), 201)
    rows = staff.running.execute("SELECT d::text FROM relative_details d")
    facts = staff.running.facts()
    assert not any(word in str(rows) + str(facts) for word in ("架空 次郎", "カクウ ジロウ", "1-2-3"))
    printed = staff.running.facts("relative.enquiry_printed.v1")
    assert [(fact["subject"], fact["actor"]) for fact in printed] == [("case:00000001", "person:cw-1")]
