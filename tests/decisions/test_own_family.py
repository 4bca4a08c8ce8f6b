"""What is barred to proposer or approver stays out of their act, and another pair decides it (親族等の世帯)."""

from typing import Any

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.decisions.test_population import figures, ward
from tests.decisions.ward import Office, ok, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    opened.load(ward(opened, 1, 2))
    return opened


@pytest.fixture
def others(office: Office) -> Office:
    """Another pair of the same office."""
    pair = Office(office.running, office.programme)
    pair.caseworker = office.running.client(person="worker-2", roles=["caseworker"], districts=["01"])
    pair.head = office.running.client(person="head-2", roles=["head"])
    return pair


def bar(office: Office, case: int, staff: str) -> None:
    path = f"/cases/{case:08d}/restrictions"
    body = {"kind": "barred", "staff": staff, "from": "2020-01-01", "reason": "relative"}
    supervisor = office.running.client(person="supervisor-1", roles=["supervisor"], districts=["01"])
    proposed = ok(supervisor.post(path, body), 201)
    approver = office.running.client(person="head-3", roles=["head"])
    ok(approver.post(f"{path}/{proposed['restriction_id']}/approval", {"sha256": proposed["sha256"]}))


def decided_by(others: Office, case: int) -> list[tuple[Any, ...]]:
    client = others.running.client(person="head-3", roles=["head"])
    shown = ok(client.get(f"/cases/{case:08d}/determinations?purpose=enquiry&month=2026-12"))["items"]
    return [(determination["state"], determination["proposer"], determination["approver"]) for determination in shown]


def test_a_caseworker_proposes_nothing_for_the_own_family_and_another_pair_does(office: Office, others: Office) -> None:
    bar(office, 2, "demo-caseworker")
    act = office.determined()
    assert (act["state"], act["cases"], act["left_out"], act["on_assistance"]) == ("approved", 1, 1, 2)
    assert decided_by(others, 2) == []
    assert figures(office) == {"on_assistance": 2, "determined": 1, "left_out": 1, "acts_approved": 1}
    rest = others.determined()
    assert (rest["cases"], rest["unchanged"], rest["left_out"]) == (1, 1, 0)
    assert decided_by(others, 2) == [("approved", "person:worker-2", "person:head-2")]
    assert figures(office) == {"on_assistance": 2, "determined": 2, "acts_approved": 2}


def test_a_head_approves_an_act_without_the_own_family(office: Office, others: Office) -> None:
    bar(office, 2, "demo-head")
    act = office.drafted()
    assert act["cases"] == 2
    done = office.determined_from(act)
    assert (done["state"], done["cases"], done["left_out"]) == ("approved", 1, 1)
    (event,) = office.running.facts("determination.approved.v1")
    assert event["subject"] == "case:00000001"
    approved = office.running.facts("collective.approved.v1")[0]["data"]
    assert (approved["count"], approved["yen"], approved["left_out"]) == (1, done["yen"], 1)
    assert approved["yen"] == sum(event["data"]["kinds"].values())
    assert decided_by(others, 2) == [("lapsed", "person:demo-caseworker", None)]
    assert figures(office) == {"on_assistance": 2, "determined": 1, "left_out": 1, "acts_approved": 1}
    assert others.determined()["cases"] == 1
    assert decided_by(others, 2)[0] == ("approved", "person:worker-2", "person:head-2")


def test_a_restriction_that_came_after_the_proposal_holds_at_the_approval(office: Office, others: Office) -> None:
    act = office.drafted()
    bar(office, 2, "demo-caseworker")
    assert office.determined_from(act)["left_out"] == 1
    assert decided_by(others, 2) == [("lapsed", "person:demo-caseworker", None)]


def test_an_act_of_the_own_family_alone_is_approved_by_another_head(office: Office, others: Office) -> None:
    bar(office, 2, "demo-head")
    office.determined()
    rest = others.drafted()
    assert problem(office.approve(rest)) == "not-permitted 403"
    ok(others.approve(rest), 202)
