"""An approved import is loaded by the worker, whole or not at all; how far it is, is asked (取込の反映)."""

from typing import Any

import psycopg
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
    return Office(services.open(SERVICES[request.param]), request.param)


def approving(office: Office, *cases: int) -> dict[str, Any]:
    proposed = ok(office.propose(ward(office, *cases)), 201)
    return ok(office.approve_import_only(proposed), 202)


def correcting(office: Office, rent: str) -> dict[str, Any]:
    proposed = ok(office.caseworker.post("/corrections", files=ward(office, 1, rent=rent).files()), 201)
    return ok(office.approve_import_only(proposed), 202)


def on_record(office: Office) -> int:
    return int(office.running.execute("SELECT count(*) FROM circumstances")[0][0])


def event(office: Office) -> list[tuple[str, str]]:
    facts = office.running.facts()
    return [(entry["type"], entry["actor"].split(":")[0]) for entry in facts if entry["type"].startswith("import.")]


def test_the_approval_is_answered_before_anything_is_loaded_and_how_far_it_is_can_be_asked(office: Office) -> None:
    said = approving(office, 1, 2)
    assert (said["state"], said["approver"], said["approved_at"]) == ("approving", "person:demo-head", None)
    assert on_record(office) == 0
    assert problem(office.approve_import_only(said)) == "wrong-state 409"
    assert ok(office.head.get("/imports"))["items"][0]["state"] == "approving"
    office.running.run_tasks()
    done = office.import_(said)
    assert (done["state"], done["approver"], done["problem"]) == ("approved", "person:demo-head", None)
    assert on_record(office) == 8
    assert event(office) == [
        ("import.proposed.v1", "person"),
        ("import.confirmed.v1", "person"),
        ("import.approved.v1", "service"),
    ]


def test_what_came_on_record_in_between_sends_the_import_back_with_the_reason(office: Office) -> None:
    first, second = approving(office, 1), approving(office, 1, 2)
    office.running.run_tasks()
    states = sorted((entry["state"], entry["approver"]) for entry in map(office.import_, (first, second)))
    assert states == [("approved", "person:demo-head"), ("proposed", None)]
    back = next(entry for entry in map(office.import_, (first, second)) if entry["state"] == "proposed")
    assert back["problem"]["type"] == "wrong-state"
    assert event(office)[-1] in (("import.returned.v1", "service"), ("import.approved.v1", "service"))
    again = office.approve_import_only(back)
    assert (problem(again), again.json["on_record"][0]) == ("wrong-state 409", "case:00000001")
    office.running.run_tasks()
    assert office.import_(back)["state"] == "proposed"


def test_of_two_corrections_approved_at_once_one_is_proposed_anew(office: Office) -> None:
    office.load(ward(office, 1))
    both = [correcting(office, rent) for rent in ("40000", "30000")]
    office.running.run_tasks()
    outcomes = sorted((entry["state"], (entry["problem"] or {}).get("type")) for entry in map(office.import_, both))
    assert outcomes == [("approved", None), ("proposed", "content-moved")]


def test_rows_that_are_not_what_was_approved_are_not_loaded(office: Office) -> None:
    said = approving(office, 1, 2)
    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute("UPDATE import_rows SET data = data || '{\"rent\": 99000}' WHERE fact = 'home'")
    office.running.run_tasks()
    back = office.import_(said)
    assert (back["state"], back["problem"]["type"], on_record(office)) == ("proposed", "content-moved", 0)
    assert office.running.execute("SELECT count(*) FROM cases")[0][0] == 0


def test_an_import_that_was_sent_back_can_be_approved_again(office: Office) -> None:
    said = approving(office, 1)
    owner_url = office.running.runtime.settings.owner_database_url
    for change in ("|| '{\"odd\": 1}'", "- 'odd'"):
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute(f"UPDATE import_rows SET data = data {change} WHERE fact = 'home'".encode())
        office.running.run_tasks()
    assert office.import_(said)["state"] == "proposed"
    assert office.approve_import(said)["state"] == "approved"
    assert on_record(office) == 4


def test_an_act_that_is_opened_while_an_import_is_loaded_knows_nothing_of_it_and_is_right(office: Office) -> None:
    office.load(ward(office, 1, 2))
    said = approving(office, 3)
    act = office.open()
    office.running.run_tasks()
    assert office.import_(said)["state"] == "approved"
    drafted = office.collective(act)
    assert (drafted["state"], drafted["on_assistance"], drafted["cases"]) == ("proposed", 2, 2)
    office.determined_from(drafted)
    assert figures(office) == {"on_assistance": 3, "determined": 2, "waiting": 1, "acts_approved": 1}
    assert office.determined()["cases"] == 1


def test_an_import_that_fails_again_and_again_waits_for_an_operator(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = approving(office, 1)
    monkeypatch.setattr("shared.decisions.use_cases.imports.load_import._load", broken)
    office.running.run_tasks()
    assert (office.import_(said)["state"], on_record(office)) == ("failed", 0)
    monkeypatch.undo()
    operator = office.running.client(person="demo-operator", roles=["operator"])
    (parked,) = ok(operator.get("/parked"))["items"]
    ok(operator.post(f"/parked/{parked['fact_id']}/release", {}))
    office.running.run_tasks()
    assert office.import_(said)["state"] == "approved"


def broken(*_: object) -> None:
    raise ValueError
