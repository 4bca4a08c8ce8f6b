"""Details of persons (本人情報): where they live and lived, which papers they hold, as of a day, as known on a day."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from services.case_management.app import service
from services.case_management.domain.person_details import KINDS
from shared.contracts.codes import DetailFact, DetailKind
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.decisions.ward import Office, Ward, ok, problem

PERSON, LOOK = "/residents/0000000100", "purpose=casework"
OLD: dict[str, Any] = {
    "fact": "address",
    "kind": "living",
    "from": "2020-04-01",
    "to": "2026-11-30",
    "content": {"text": "架空区仮町1-2-3 \uff76\uff98荘 <b>101</b>"},
    "reason": "declaration",
}
NEW = {**OLD, "from": "2026-12-01", "to": None, "content": {"text": "架空区新町9-9"}}


@pytest.fixture
def office(services: Services) -> Office:
    running = services.open(service)
    running.clock.set(today=date(2026, 12, 1))
    office = Office(running)
    office.load(Ward().add(1, caseworker="demo-caseworker"))
    return office


def record(by: Client, body: dict[str, Any]) -> Reply:
    return by.post(f"{PERSON}/details", body)


def holding(office: Office, query: str = "") -> list[str]:
    """The words of the details that hold, by the order in which they were recorded."""
    answer = ok(office.caseworker.get(f"{PERSON}/details?{LOOK}{query}"))
    held = set(answer["holding"])
    return [item["content"]["text"] for item in answer["items"] if item["detail_id"] in held]


def test_every_kind_is_of_one_fact() -> None:
    assert set(KINDS) == set(DetailFact.__args__)  # type: ignore[attr-defined]
    kinds = [kind for of_fact in KINDS.values() for kind in of_fact]
    assert sorted(kinds) == sorted(DetailKind.__args__)  # type: ignore[attr-defined]


@pytest.mark.database
def test_who_moved_lived_there_until_the_day_before_and_each_address_stays_as_typed(office: Office) -> None:
    for body in (OLD, NEW):
        ok(record(office.caseworker, body), 201)
    assert holding(office, "&day=2026-11-30") == [OLD["content"]["text"]]
    assert holding(office, "&day=2026-12-01") == [NEW["content"]["text"]]
    assert holding(office, "&day=2020-03-31") == []


@pytest.mark.database
def test_a_correction_takes_its_place_and_what_was_known_before_can_still_be_asked(office: Office) -> None:
    office.running.clock.set(today=date(2026, 12, 1))
    first = ok(record(office.caseworker, NEW), 201)["detail_id"]
    right = {**NEW, "content": {"text": "架空区新町9-10"}, "corrects": first, "reason": "mistake"}
    ok(record(office.caseworker, right), 201)
    assert holding(office) == ["架空区新町9-10"]
    assert problem(record(office.caseworker, right)) == "changed-meanwhile 409"
    other_fact = {**right, "fact": "contact", "kind": "mail"}
    assert problem(record(office.caseworker, other_fact)) == "not-found 404"
    assert holding(office, "&known_on=2020-01-01") == []


@pytest.mark.database
def test_of_two_who_correct_at_once_the_second_learns_who_was_first(office: Office) -> None:
    first = ok(record(office.caseworker, NEW), 201)["detail_id"]
    supervisor = office.running.client(person="supervisor-1", roles=["supervisor"], districts=["01"])
    right = {**NEW, "corrects": first}
    replies = at_once(
        office.running.runtime.engine,
        lambda: record(office.caseworker, right),
        lambda: record(supervisor, right),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    ok(replies.first, 201)
    assert problem(replies.second) == "changed-meanwhile 409"
    assert replies.second.json["recorded_by"] == "person:demo-caseworker"


@pytest.mark.database
def test_details_of_two_people_are_committed_in_the_order_of_their_numbers(office: Office) -> None:
    """A search reads on from the newest one: one that came under an earlier number later was never found."""
    office.load(Ward().add(2))
    telephones = {"0000000100": "03-1111-1111", "0000000200": "03-2222-2222"}
    body = {"fact": "contact", "kind": "telephone", "reason": "declaration"}
    first, second = (
        partial(office.caseworker.post, f"/residents/{number}/details", {**body, "content": {"text": telephone}})
        for number, telephone in telephones.items()
    )
    assert at_once(office.running.runtime.engine, first, second).waited
    for number, telephone in telephones.items():
        hits = ok(office.caseworker.get(f"/search?q={telephone}&{LOOK}"))["items"]
        assert [hit["no"] for hit in hits] == [number]


@pytest.mark.database
def test_a_protected_address_stands_in_no_list_and_is_shown_alone_to_who_is_in_charge(office: Office) -> None:
    hidden = ok(record(office.caseworker, {**NEW, "protected": True}), 201)["detail_id"]
    listed = office.caseworker.get(f"{PERSON}/details?{LOOK}")
    assert "新町" not in listed.content.decode()
    assert ok(listed)["items"][0]["content"] is None
    alone = f"{PERSON}/details/{hidden}?{LOOK}"
    assert ok(office.caseworker.get(alone))["content"]["text"] == "架空区新町9-9"
    colleague = office.running.client(person="cw-7", roles=["caseworker"], districts=["01"])
    assert problem(colleague.get(alone)) == "out-of-scope 403"
    interviewer = office.running.client(person="iv-1", roles=["interviewer"])
    assert problem(interviewer.get(alone)) == "not-permitted 403"


@pytest.mark.database
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "mobile"}, "kind"),
        ({"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ({"expires_on": "2027-01-01"}, "expires_on"),
        ({"fact": "certificate", "kind": "pension", "protected": True}, "protected"),
        ({"content": {"text": ""}}, "content.text"),
        ({"content": {"text": "あ" * 201}}, "content.text"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_stored(office: Office, changes: dict[str, Any], field: str) -> None:
    refused = record(office.caseworker, {**NEW, **changes})
    assert problem(refused) == "invalid-input 422"
    assert field in refused.content.decode()
    assert office.running.execute("SELECT count(*) FROM person_details")[0][0] == 0


@pytest.mark.database
def test_nobody_has_details_who_is_not_on_the_register(office: Office) -> None:
    interviewer = office.running.client(person="iv-1", roles=["interviewer"])
    assert problem(interviewer.post("/residents/5555555555/details", NEW)) == "not-found 404"
    assert problem(interviewer.get(f"/residents/5555555555/details?{LOOK}")) == "not-found 404"


@pytest.mark.database
def test_no_word_of_a_detail_stands_in_the_clear(office: Office) -> None:
    ok(record(office.caseworker, {**NEW, "content": {"text": "架空区新町9-9", "note": "裏口から"}}), 201)
    for table in ("person_details", "outbox"):
        rows = office.running.execute(f"SELECT t::text FROM {table} t")
        assert not any(word in row[0] for row in rows for word in ("新町", "裏口"))
