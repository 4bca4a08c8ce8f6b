"""Acts that meet: approvals of a restriction, imports of one person, acts of other months; and days of knowledge.

Each second act waits for the first and is told what became of it, never answered with a fault.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.case_management.app import service
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.service_kit.testing import Client, Services, at_once
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
RESTRICTIONS = "/cases/00000001/restrictions"


@pytest.fixture
def office(services: Services) -> Office:
    opened = Office(services.open(service))
    opened.load(Ward().add(1).add(2))
    return opened


def restricted(office: Office, **body: str) -> dict[str, Any]:
    terms = {"kind": "shielded", "from": "2026-12-01", "reason": "notice", **body}
    return ok(office.head.post(RESTRICTIONS, terms), 201)


def approve_by(client: Client, proposed: dict[str, Any]) -> str:
    path = f"{RESTRICTIONS}/{proposed['restriction_id']}/approval"
    reply = client.post(path, {"sha256": proposed["sha256"]})
    return "done" if reply.status_code == 200 else problem(reply)


def test_of_two_heads_who_approve_a_restriction_at_once_the_second_waits_and_is_told(office: Office) -> None:
    proposed = restricted(office)
    heads = [office.running.client(person=f"head-{number}", roles=["head"]) for number in (2, 3)]
    became = at_once(office.running.runtime.engine, *(lambda head=head: approve_by(head, proposed) for head in heads))
    assert (became.first, became.second, became.waited) == ("done", "wrong-state 409", True)
    assert len(office.running.facts("restriction.approved.v1")) == 1


def test_who_reads_what_is_known_waits_for_who_records(office: Office) -> None:
    def hold() -> None:
        with office.running.work() as work:
            lock_circumstances(work)

    assert at_once(office.running.runtime.engine, hold, hold).waited


def test_an_act_of_another_month_keeps_nobody_waiting(office: Office) -> None:
    december = office.drafted("2026-12")
    ok(office.approve(december), 202)
    assert office.open("2027-01")


def test_of_two_imports_of_one_person_in_two_cases_the_second_is_sent_back(office: Office) -> None:
    same = {"person_no": "0000000777"}
    first, second = (ok(office.propose(Ward().add(case, same)), 201) for case in (7, 8))
    for proposed in (first, second):
        ok(office.approve_import_only(proposed), 202)
    office.running.run_tasks()
    assert sorted(office.import_(entry)["state"] for entry in (first, second)) == ["approved", "proposed"]
    on_record = "SELECT count(DISTINCT case_no) FROM circumstances WHERE person_no = '0000000777'"
    assert office.running.execute(on_record)[0][0] == 1


def test_a_determination_is_shown_as_it_was_known_on_a_day(office: Office) -> None:
    office.running.clock.set(now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    act = office.drafted()
    office.running.clock.set(now=datetime(2026, 12, 3, 3, tzinfo=UTC))
    office.determined_from(act)

    def shown(day: str) -> list[tuple[str, str | None]]:
        path = f"/cases/00000001/determinations?purpose=enquiry&month=2026-12&known_on={day}"
        return [(entry["state"], entry["approver"]) for entry in ok(office.caseworker.get(path))["items"]]

    assert shown("2026-12-03") == [("approved", "person:demo-head")]
    assert [approver for _, approver in shown("2026-12-02")] == [None]


def test_the_auditors_question_of_a_days_restrictions_is_itself_recorded(office: Office) -> None:
    auditor = office.running.client(person="auditor-1", roles=["auditor"])
    assert ok(auditor.get("/restrictions?on=2026-12-05"))["items"] == []
    assert office.running.looks("look.v1") == []
    approve_by(office.running.client(person="head-2", roles=["head"]), restricted(office))
    assert len(ok(auditor.get("/restrictions?on=2026-12-05"))["items"]) == 1
    (look,) = office.running.looks("look.v1")
    assert (look["actor"], look["data"]["what"], look["data"]["subjects"]) == (
        "person:auditor-1",
        "restrictions",
        ["case:00000001"],
    )
