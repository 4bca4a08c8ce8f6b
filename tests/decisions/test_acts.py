"""One open act of a month at a time; its proposer takes it back, a head returns it (取下げ・差戻し)."""

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Client, Reply, Services
from tests.decisions.test_population import ward
from tests.decisions.ward import Office, ok, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}
MONTH = {"month": "2026-12", "reason": "monthly"}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    opened.load(ward(opened, 1, 2))
    return opened


def withdraw(client: Client, collective_id: str, reason: str = "mistake") -> Reply:
    return client.post(f"/collective-determinations/{collective_id}/withdrawal", {"reason": reason})


def test_a_second_act_of_the_month_waits_for_the_first_and_is_told_whose_it_is(office: Office) -> None:
    first = office.open()
    other = office.running.client(person="worker-2", roles=["caseworker"], districts=["02"])
    reply = other.post("/collective-determinations", MONTH)
    assert problem(reply) == "act-open 409"
    assert (reply.json["collective_id"], reply.json["proposer"]) == (first, "person:demo-caseworker")
    assert reply.json["opened_at"].startswith("20")
    assert "demo-caseworker" in reply.json["detail"]
    ok(other.post("/collective-determinations", {**MONTH, "month": "2027-01"}), 202)
    office.running.run_tasks()
    ok(office.approve(office.collective(first)), 202)
    assert problem(other.post("/collective-determinations", MONTH)) == "act-open 409", "still carried out"
    office.running.run_tasks()
    ok(other.post("/collective-determinations", MONTH), 202)


@pytest.mark.parametrize("drafted", [False, True], ids=["while it is drafted", "before it is approved"])
def test_the_proposer_takes_an_act_back_and_nothing_of_it_is_decided(office: Office, drafted: bool) -> None:
    act = office.drafted() if drafted else office.collective(office.open())
    taken = ok(withdraw(office.caseworker, act["collective_id"]))
    assert taken["state"] == "withdrawn"
    (fact,) = office.running.facts("collective.withdrawn.v1")
    assert fact["actor"] == "person:demo-caseworker"
    assert fact["data"] == {"collective_id": act["collective_id"], "month": "2026-12", "reason": "mistake"}
    office.running.run_tasks()
    assert office.collective(act["collective_id"])["state"] == "withdrawn"
    assert problem(office.approve(act, act["sha256"] or "0" * 64)) == "wrong-state 409"
    assert problem(withdraw(office.caseworker, act["collective_id"])) == "wrong-state 409"
    assert {draft["state"] for draft in office.determinations(1)} <= {"lapsed"}
    assert office.determined()["cases"] == 2


def test_what_is_open_is_listed_whatever_the_month(office: Office) -> None:
    office.determined("2026-11")
    withdraw(office.caseworker, office.open("2027-01"))
    open_ = office.open()
    listed = ok(office.head.get("/collective-determinations"))["items"]
    assert [each["collective_id"] for each in listed] == [open_]


def test_a_head_returns_an_act_and_no_other_caseworker_takes_it_back(office: Office) -> None:
    act = office.drafted()
    other = office.running.client(person="worker-2", roles=["caseworker"], districts=["02"])
    assert problem(withdraw(other, act["collective_id"])) == "not-permitted 403"
    assert problem(withdraw(office.caseworker, act["collective_id"], "whatever")) == "invalid-input 422"
    assert ok(withdraw(office.head, act["collective_id"], "returned"))["state"] == "withdrawn"


def test_what_is_approved_is_not_taken_back(office: Office) -> None:
    act = office.determined()
    assert problem(withdraw(office.caseworker, act["collective_id"])) == "wrong-state 409"
    assert problem(withdraw(office.caseworker, "00000000-0000-0000-0000-000000000000")) == "not-found 404"
