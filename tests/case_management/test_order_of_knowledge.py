"""What was known first is told by the order in which it was recorded, never by a wall clock (記録の順)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.case_management.registry import Registry, item
from tests.decisions.ward import Office, Ward, ok

pytestmark = [pytest.mark.database, pytest.mark.dialect]
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
AHEAD, BEHIND = NOON + timedelta(minutes=2), NOON - timedelta(days=1)
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    return Office(services.open(SERVICES[request.param]), request.param)


def at(office: Office, now: datetime) -> None:
    office.running.clock.set(now=now)


def home(office: Office, *cases: int) -> Ward:
    ward = Ward()
    for case in cases:
        ward.add(case, programme=office.programme)
    return ward


def test_a_ward_that_came_in_under_a_clock_ahead_is_determined_whole(office: Office) -> None:
    at(office, AHEAD)
    office.load(home(office, 1, 2))
    at(office, NOON)
    assert office.determined()["cases"] == 2
    assert [len(office.determinations(case)) for case in (1, 2)] == [1, 1]


def test_what_comes_in_after_the_act_was_opened_is_no_part_of_it_whatever_the_clock_says(office: Office) -> None:
    at(office, NOON)
    office.load(home(office, 1, 3))
    collective_id = office.open()
    at(office, BEHIND)
    office.load(home(office, 2))
    office.running.run_tasks()
    assert office.collective(collective_id)["cases"] == 2


def test_a_case_and_its_determination_are_seen_though_the_clock_went_back(office: Office) -> None:
    at(office, AHEAD)
    office.load(home(office, 1))
    office.determined()
    at(office, BEHIND)
    (shown,) = office.determinations(1)
    assert (shown["state"], shown["approver"]) == ("approved", "person:demo-head")
    assert ok(office.caseworker.get("/cases/00000001?purpose=enquiry&month=2026-12"))["facts"]["rent"] == 53_700


def test_the_newest_determination_stands_first_though_the_clock_went_back(office: Office) -> None:
    at(office, NOON)
    office.load(home(office, 1))
    office.determined()
    at(office, BEHIND)
    office.running.execute(
        "INSERT INTO circumstances (case_no, fact, recorded_at, corrects, data, import_id) "
        "SELECT case_no, fact, recorded_at, number, data || '{\"rent\": 0}', import_id "
        "FROM circumstances WHERE fact = 'home'"
    )
    second = office.determined()
    newest, oldest = office.determinations(1)
    assert newest["replaces"] == oldest["determination_id"]
    listed = ok(office.caseworker.get("/collective-determinations?month=2026-12"))["items"]
    assert listed[-1]["collective_id"] == second["collective_id"]


def test_what_was_assigned_under_a_clock_ahead_is_in_force_when_the_clock_is_right_again(services: Services) -> None:
    running = services.open(public_assistance)
    running.clock.set(now=AHEAD)
    registry = Registry(running)
    (entry,) = registry.assign(item("worker-1", first="2026-11-24", districts=["01"]))
    registry.assign(item("worker-1", first="2026-11-24", districts=["02"]))
    running.clock.set(now=NOON)
    assert registry.held("worker-1", "2026-11-24")["districts"] == ["01", "02"]
    running.clock.set(now=AHEAD)
    ok(registry.end(entry))
    running.clock.set(now=NOON)
    assert registry.held("worker-1", "2026-11-24")["districts"] == ["02"]
    running.clock.set(now=BEHIND)
    registry.assign(item("worker-1", first="2026-11-24", districts=["03"]))
    shown = ok(registry.first.get("/assignments?person=worker-1"))["items"]
    assert [entry["districts"] for entry in shown] == [["01"], ["02"], ["03"]]
