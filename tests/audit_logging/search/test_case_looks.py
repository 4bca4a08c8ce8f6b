"""Who looked at a case (閲覧した人), for those who answer for it: what they read, and what stays untold."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from services.audit_logging.domain.search.case_looks import EXAMINING_PURPOSES, SHOWN_PURPOSES
from services.audit_logging.worker import index
from shared.contracts.purposes import PURPOSES, Purpose
from shared.service_kit.testing import Client, Reply, RunningService
from tests.access.deciding_door import NO_CASE, OUT_OF_SCOPE, DecidingDoor, deciding_door
from tests.audit_logging.acts import Fact, look
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
CASE = "case:00000001"
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.fixture
def deciding(log: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[DecidingDoor]:
    log.clock.set(now=NOON)
    with deciding_door(log, monkeypatch) as door:
        door.lets_in("01", "worker-1")
        yield door


def worker(log: RunningService, person: str = "worker-1", role: str = "caseworker", district: str = "01") -> Client:
    return log.client(person=person, roles=[role], districts=[district])


def ask(client: Client, case_no: str = "00000001", purpose: str = "casework") -> Reply:
    return client.get(f"/cases/{case_no}/looks?purpose={purpose}")


def shown(client: Client) -> list[dict[str, Any]]:
    reply = ask(client)
    assert reply.status_code == 200, reply.content
    items: list[dict[str, Any]] = reply.json["items"]
    return items


def take(log: RunningService, *facts: Fact, producer: str = "case_management", stream: str = "looks") -> None:
    log.deliver(producer, list(facts), stream)
    index(log.runtime)


def at(moment: datetime) -> dict[str, str]:
    return {"time": moment.isoformat()}


def test_a_caseworker_reads_who_looked_when_at_what_and_why(log: RunningService, deciding: DecidingDoor) -> None:
    glass = "11111111-2222-4333-8444-555555555555"
    take(log, look(log, "jiro", CASE, "person:1000000001", what="household", **at(NOON - timedelta(hours=2))))
    take(log, look(log, "ichiko", CASE, purpose="enquiry", break_glass=glass, **at(NOON - timedelta(hours=1))))
    assert shown(worker(log)) == [
        {"at": "2026-11-24T02:00:00Z", "actor": "person:ichiko", "what": "case", "purpose": "enquiry",
         "emergency": True},
        {"at": "2026-11-24T01:00:00Z", "actor": "person:jiro", "what": "household", "purpose": "casework",
         "emergency": False},
    ]  # fmt: skip


def test_the_newest_stand_first_also_where_they_came_late(log: RunningService, deciding: DecidingDoor) -> None:
    for hours in (1, 3, 2):
        take(log, look(log, f"staff-{hours}", CASE, **at(NOON - timedelta(hours=hours))))
    assert [item["actor"] for item in shown(worker(log))] == ["person:staff-1", "person:staff-2", "person:staff-3"]


def test_twenty_are_shown_and_how_many_there_are(log: RunningService, deciding: DecidingDoor) -> None:
    take(log, *(look(log, f"staff-{n}", CASE, **at(NOON - timedelta(minutes=n))) for n in range(23)))
    take(log, *(look(log, "auditor", CASE, purpose="review", **at(NOON)) for _ in range(30)))
    answer = ask(worker(log)).json
    assert [item["actor"] for item in answer["items"]] == [f"person:staff-{n}" for n in range(20)]
    assert answer["count"] == 23, "of those that may be told, and of no other"


def test_what_was_seen_more_than_ninety_days_ago_is_left_out(log: RunningService, deciding: DecidingDoor) -> None:
    first = datetime(2026, 8, 25, 15, tzinfo=UTC)
    take(log, *(look(log, name, CASE, **at(moment)) for name, moment in
                (("kept", first), ("gone", first - timedelta(seconds=1)))))  # fmt: skip
    answer = ask(worker(log)).json
    assert ([item["actor"] for item in answer["items"]], answer["first"]) == (["person:kept"], "2026-08-26")


def test_who_examines_the_staff_is_not_shown_to_those_who_are_examined(
    log: RunningService, deciding: DecidingDoor
) -> None:
    """Nor how many there were: the answer is the same with them and without."""
    take(log, look(log, "jiro", CASE))
    before = ask(worker(log)).json
    take(log, *(look(log, "somebody", CASE, purpose=purpose) for purpose in EXAMINING_PURPOSES))
    searched = [look(log, "auditor", CASE, what=what, purpose="complaint") for what in ("log_search", "log_looks")]
    take(log, *searched, producer="audit_logging")
    take(log, look(log, "auditor", CASE, what="emergency", purpose="review"), producer="payments")
    for client in (worker(log), worker(log, "mitsuyo", "supervisor")):
        assert ask(client).json == before
    assert ask(log.client(person="demo-head", roles=["head"])).json == before


def test_every_purpose_is_either_one_of_the_work_on_households_or_one_of_examining() -> None:
    assert {*SHOWN_PURPOSES, *EXAMINING_PURPOSES} == set(get_args(Purpose))
    assert not SHOWN_PURPOSES & EXAMINING_PURPOSES
    assert not PURPOSES["case_looks.read"]["caseworker"] & EXAMINING_PURPOSES


def test_machines_lists_of_many_cases_and_the_questions_of_services_are_no_looks_into_a_case(
    log: RunningService, deciding: DecidingDoor
) -> None:
    take(log, look(log, "jiro", CASE, "case:00000002", what="caseload"), look(log, "jiro", "case:00000002"))
    take(log, look(log, "jiro", CASE, what="access", purpose="payments"))
    take(log, {**look(log, "payments", CASE), "actor": "service:payments"})
    assert shown(worker(log)) == []


def test_that_somebody_read_the_restrictions_is_shown_to_who_may_read_them(
    log: RunningService, deciding: DecidingDoor
) -> None:
    take(log, look(log, "demo-head", CASE, what="restrictions"))
    assert shown(worker(log)) == []
    assert [item["what"] for item in shown(worker(log, "mitsuyo", "supervisor"))] == ["restrictions"]


def test_another_district_and_a_shielded_case_stay_closed(log: RunningService, deciding: DecidingDoor) -> None:
    assert ask(worker(log, "worker-2", district="02")).status_code == 403
    assert ask(worker(log, "mitsuyo", "supervisor", "02")).status_code == 403
    deciding.lets_in("01", "worker-1", shielded=True)
    assert [ask(worker(log, person)).status_code for person in ("worker-1", "worker-2")] == [200, 403]
    refusals = [refusal["data"] for refusal in log.looks("refusal.v1")]
    assert [(refusal["subject"], refusal["why"]) for refusal in refusals] == [
        (CASE, "scope"),
        (CASE, "scope"),
        (CASE, "shielded"),
    ]


def test_whom_the_deciding_service_refuses_is_refused_here(log: RunningService, deciding: DecidingDoor) -> None:
    """A relative (除斥) is known there alone."""
    take(log, look(log, "jiro", CASE))
    deciding.says(403, OUT_OF_SCOPE)
    reply = ask(worker(log))
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/out-of-scope")
    assert [refusal["data"]["why"] for refusal in log.looks("refusal.v1")] == ["case_management"]
    assert log.looks("look.v1") == []


def test_a_number_that_is_no_case_is_none_for_who_sees_the_whole_office(
    log: RunningService, deciding: DecidingDoor
) -> None:
    deciding.says(404, NO_CASE)
    head = log.client(person="demo-head", roles=["head"])
    assert ask(head).status_code == 404
    deciding.lets_in("01")
    assert ask(head).status_code == 200
    assert ask(head, "x").status_code == 422


def test_without_the_deciding_service_nothing_is_shown(log: RunningService, deciding: DecidingDoor) -> None:
    deciding.says(500, {})
    assert ask(worker(log)).status_code >= 500
    assert log.looks() == []


def test_the_service_of_each_law_that_determined_is_asked(
    log: RunningService, deciding: DecidingDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"determination_id": "d", "case_no": "00000001", "proposer": "person:a", "approver": "person:b"}
    with deciding_door(log, monkeypatch, "support_benefits") as support:
        support.says(403, OUT_OF_SCOPE)
        for producer, status in (("case_management", 200), ("support_benefits", 403)):
            fact = log.fact("determination.approved.v1", data, CASE)
            take(log, fact, producer=producer, stream="facts")
            assert ask(worker(log)).status_code == status
        assert support.asked == ["/cases/00000001/access?purpose=casework"]


def test_reading_the_list_is_a_look_that_stands_on_no_list(log: RunningService, deciding: DecidingDoor) -> None:
    ask(worker(log), purpose="complaint")
    (entry,) = log.looks("look.v1")
    assert (entry["data"]["what"], entry["data"]["subjects"], entry["data"]["purpose"]) == (
        "case_looks",
        [CASE],
        "complaint",
    )
    take(log, entry, producer="audit_logging")
    assert shown(worker(log)) == []


@pytest.mark.parametrize("role", ["auditor", "interviewer", "medical_clerk", "support_adviser", "accountant"])
def test_who_does_not_answer_for_the_case_does_not_read_it(
    log: RunningService, deciding: DecidingDoor, role: str
) -> None:
    assert ask(worker(log, "somebody", role)).status_code == 403
    assert deciding.asked == []


def test_a_list_of_which_days_were_refilled_says_so(log: RunningService, deciding: DecidingDoor) -> None:
    take(log, *(look(log, "jiro", "case:00000002") for _ in range(4)))
    assert ask(worker(log)).json["incomplete"] is False
    as_owner(log, "INSERT INTO refills VALUES (0, 1, '', '2026-08-25 14:59+00')")
    assert ask(worker(log)).json["incomplete"] is False
    as_owner(log, "INSERT INTO refills VALUES (2, 3, '', '2026-08-25 15:00+00')")
    assert ask(worker(log)).json["incomplete"] is True
