"""An import is taken back by who handed it in, or returned by a head or an administrator, before it is approved."""

from typing import Any

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.decisions.use_cases.imports import list_imports
from shared.service_kit.testing import Client, Reply, Services
from tests.decisions.test_population import ward
from tests.decisions.ward import Office, ok, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    return Office(services.open(SERVICES[request.param]), request.param)


def withdraw(client: Client, proposed: dict[str, Any], reason: str = "mistake") -> Reply:
    return client.post(f"/imports/{proposed['import_id']}/withdrawal", {"reason": reason})


def cases(office: Office) -> int:
    return int(office.running.execute("SELECT count(*) FROM cases")[0][0])


def test_the_proposer_takes_an_import_back_and_nothing_of_it_is_loaded(office: Office) -> None:
    proposed = ok(office.propose(ward(office, 1)), 201)
    taken = ok(withdraw(office.caseworker, proposed))
    assert (taken["state"], taken["withdrawn_by"], taken["approver"]) == ("withdrawn", "person:demo-caseworker", None)
    (event,) = office.running.facts("import.withdrawn.v1")
    assert event["actor"] == "person:demo-caseworker"
    assert event["data"] == {"import_id": proposed["import_id"], "reason": "mistake"}
    assert problem(office.approve_import_only(proposed)) == "wrong-state 409"
    assert problem(withdraw(office.caseworker, proposed)) == "wrong-state 409"
    office.running.run_tasks()
    listed = ok(office.head.get("/imports"))["items"][0]
    assert (listed["state"], listed["differences"], cases(office)) == ("withdrawn", None, 0)
    office.load(ward(office, 1))
    assert cases(office) == 1, "the same household can be handed in anew"


def test_an_import_that_waits_is_shown_first_however_many_were_handed_in_since(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_imports, "NEWEST", 1)
    waiting = [ok(office.propose(ward(office, 1)), 201)["import_id"] for _ in range(2)]
    for _ in range(2):
        ok(withdraw(office.caseworker, ok(office.propose(ward(office, 1)), 201)))
    listed = ok(office.head.get("/imports"))["items"]
    assert {listed_import["import_id"] for listed_import in listed[:2]} == set(waiting)
    assert [listed_import["state"] for listed_import in listed] == ["proposed", "proposed", "withdrawn"], (
        "of the others the newest"
    )


def test_a_head_or_an_administrator_returns_an_import_and_no_other_caseworker_takes_it_back(office: Office) -> None:
    other = office.running.client(person="worker-2", roles=["caseworker"], districts=["01"])
    for person, role in (("demo-head", "head"), ("demo-administrator", "administrator")):
        proposed = ok(office.propose(ward(office, 1)), 201)
        assert problem(withdraw(other, proposed)) == "not-permitted 403"
        assert problem(withdraw(office.caseworker, proposed, "whatever")) == "invalid-input 422"
        client = office.running.client(person=person, roles=[role])
        assert ok(withdraw(client, proposed, "returned"))["withdrawn_by"] == f"person:{person}"


def test_what_is_approved_or_being_loaded_is_not_taken_back(office: Office) -> None:
    proposed = ok(office.propose(ward(office, 1)), 201)
    ok(office.approve_import_only(proposed), 202)
    assert problem(withdraw(office.caseworker, proposed)) == "wrong-state 409"
    office.running.run_tasks()
    assert problem(withdraw(office.head, proposed, "returned")) == "wrong-state 409"
    assert problem(withdraw(office.head, {"import_id": "00000000-0000-0000-0000-000000000000"})) == "not-found 404"
    assert office.import_(proposed)["state"] == "approved"


def test_an_import_whose_loading_failed_is_taken_back_and_never_loaded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = ok(office.propose(ward(office, 1)), 201)
    ok(office.approve_import_only(proposed), 202)
    monkeypatch.setattr("shared.decisions.use_cases.imports.load_import._load", broken)
    office.running.run_tasks()
    assert office.import_(proposed)["state"] == "failed"
    monkeypatch.undo()
    assert ok(withdraw(office.head, proposed, "returned"))["state"] == "withdrawn"
    operator = office.running.client(person="demo-operator", roles=["operator"])
    assert ok(operator.get("/parked"))["items"] == []
    office.running.run_tasks()
    assert (office.import_(proposed)["state"], cases(office)) == ("withdrawn", 0)


def broken(*_: object) -> None:
    raise ValueError
