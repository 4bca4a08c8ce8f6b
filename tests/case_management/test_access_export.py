"""Who could do what on a past day (権限の一覧), as known then and now; the first administrators of an office."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case_management.app import first_administrators, service
from shared.contracts.permissions import PERMISSIONS, Permissions
from shared.service_kit.problems import Problem
from shared.service_kit.testing import RunningService, Services
from tests.case_management.registry import Registry, item, substitution
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database


@pytest.fixture
def registry(services: Services) -> Registry:
    running = services.open(service)
    at(running, 1)
    return Registry(running)


def at(running: RunningService, day: int) -> None:
    """Noon in Tokyo on a day of December."""
    running.clock.set(today=date(2026, 12, day), now=datetime(2026, 12, day, 3, tzinfo=UTC))


def export(registry: Registry, on: str) -> list[dict[str, Any]]:
    return list(ok(registry.auditor.get(f"/access?on={on}"))["items"])


def test_each_person_stands_with_role_permission_scope_and_districts(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07", "08"]), item("head-1", "head"))
    rows = export(registry, "2026-12-01")
    assert {(row["person"], row["permission"], row["scope"]) for row in rows} == {
        (person, permission, roles[role])
        for person, role in (("worker-1", "caseworker"), ("head-1", "head"))
        for permission, roles in PERMISSIONS.items()
        if role in roles
    }
    (read,) = [row for row in rows if (row["person"], row["permission"]) == ("worker-1", "case.read")]
    assert (read["scope"], read["districts"], read["approver"]) == ("district", ["07", "08"], "person:admin-2")
    assert export(registry, "2026-11-30") == []


def test_a_late_correction_is_visible_beside_what_was_known_then(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07"]))
    at(registry.running, 9)
    registry.assign(item("worker-1", "supervisor", first="2026-12-01"))
    known = {row["role"]: (row["known_then"], row["known_today"]) for row in export(registry, "2026-12-02")}
    assert known == {"caseworker": (True, True), "supervisor": (False, True)}


def test_a_substitution_is_marked_with_the_person_and_who_approved_it(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07"]), item("worker-2", districts=["11"]))
    registry.assign(substitution("worker-1", "worker-2", "2026-12-01", "2026-12-04"))
    at(registry.running, 9)
    mine = [row for row in export(registry, "2026-12-04") if row["person"] == "worker-1"]
    marked = {(row["stands_in_for"], *row["districts"], row["approver"]) for row in mine}
    assert marked == {("", "07", "person:admin-2"), ("worker-2", "11", "person:admin-2")}
    assert {row["last_day"] for row in mine if row["stands_in_for"]} == {"2026-12-04"}
    assert not any(row["stands_in_for"] for row in export(registry, "2026-12-05"))


def test_what_was_ended_at_noon_was_held_in_the_morning(registry: Registry) -> None:
    (row,) = registry.assign(item("worker-1"))
    at(registry.running, 3)
    ok(registry.end(row))
    at(registry.running, 9)
    assert {row["ended_at"] for row in export(registry, "2026-12-03")} == {"2026-12-03T03:00:00Z"}
    assert {row["ended_at"] for row in export(registry, "2026-12-02")} == {None}
    assert export(registry, "2026-12-04") == []


def test_a_day_is_told_with_the_matrix_of_that_day(registry: Registry) -> None:
    registry.assign(item("worker-1"))
    registry.running.run_tasks()
    at(registry.running, 9)
    narrower: Permissions = {**PERMISSIONS, "case.read": {"head": "office"}}
    later = replace(registry.running.runtime, permissions=narrower)
    later.engine = registry.running.runtime.engine
    after = Registry(RunningService(registry.running.service, later, {}))
    for day, could in (("2026-12-05", True), ("2026-12-09", True)):
        assert any(row["permission"] == "case.read" for row in export(after, day)) is could, day
    at(after.running, 12)
    assert not any(row["permission"] == "case.read" for row in export(after, "2026-12-10"))


def test_the_export_is_an_entry_of_the_audit_with_its_hash(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07", "08"]))
    reply = registry.auditor.get("/access?on=2026-12-01&format=csv")
    lines = list(csv.DictReader(io.StringIO(reply.content.decode())))
    assert {(line["person"], line["districts"], line["known_then"]) for line in lines} == {("worker-1", "07 08", "1")}
    (answer,) = registry.running.looks("access.exported.v1")
    assert (answer["actor"], answer["data"]["rows"]) == ("person:auditor-1", len(lines))
    assert answer["data"]["sha256"] == hashlib.sha256(reply.content).hexdigest()
    assert problem(registry.auditor.get("/access?on=2026-12-02")) == "invalid-input 422"
    assert problem(registry.auditor.get("/access?on=0001-01-01")) == "invalid-input 422"
    caseworker = registry.running.client(person="worker-1", roles=["caseworker"])
    assert caseworker.get("/access?on=2026-12-01").status_code == 403


def test_records_opened_in_an_emergency_stand_in_the_export_of_their_day_without_words(registry: Registry) -> None:
    worker = registry.running.client(person="worker-1", roles=["caseworker"])
    words = "合成の理由"
    ok(worker.post("/break-glass", {"subject": "case:00000001", "reason": "danger_to_life", "words": words}), 201)
    answer = ok(registry.auditor.get("/access?on=2026-12-01"))
    assert [(row["actor"], row["subject"], row["service"]) for row in answer["emergencies"]] == [
        ("person:worker-1", "case:00000001", "case_management")
    ]
    assert answer["emergency_services"] == ["case_management"]
    sheet = registry.auditor.get("/access?on=2026-12-01&format=csv").content.decode()
    assert "danger_to_life" in sheet
    assert words not in sheet
    at(registry.running, 2)
    assert ok(registry.auditor.get("/access?on=2026-12-02"))["emergencies"] == []


def test_restrictions_stand_in_the_auditors_export_of_their_days_as_known_then_and_now(registry: Registry) -> None:
    office = Office(registry.running)
    office.load(Ward().add(1))
    supervisor = registry.running.client(person="chief-1", roles=["supervisor"], districts=["01"])
    at(registry.running, 3)
    body = {"kind": "barred", "staff": "worker-1", "from": "2026-12-02", "to": "2026-12-05", "reason": "notice"}
    proposed = ok(supervisor.post("/cases/00000001/restrictions", body), 201)
    path = f"/cases/00000001/restrictions/{proposed['restriction_id']}/approval"
    ok(office.head.post(path, {"sha256": proposed["sha256"]}))
    at(registry.running, 9)
    for day, known in ((1, []), (2, [(False, True)]), (3, [(True, True)]), (6, [])):
        answer = ok(registry.auditor.get(f"/access?on=2026-12-0{day}"))
        assert [(row["known_then"], row["known_today"]) for row in answer["restrictions"]] == known, day
    sheet = registry.auditor.get("/access?on=2026-12-03&format=csv").content.decode()
    assert "worker-1" in sheet
    assert "barred" in sheet
    assert ok(registry.first.get("/access?on=2026-12-03"))["restriction_services"] == []


def test_nobody_empties_the_register_of_administrators_alone(registry: Registry) -> None:
    running = registry.running
    first_administrators(running.runtime, ["operator-1", "boss-1", "boss-2"])
    with pytest.raises(Problem, match="wrong-state"):
        first_administrators(running.runtime, ["operator-1", "friend-1", "friend-2"])
    row, last = ok(registry.issuer.get("/assignments"))["items"]
    ok(registry.end(row, by=registry.admin("boss-2")))
    for client in (registry.admin("boss-1"), registry.admin("boss-2")):
        assert problem(registry.end(last, by=client)) == "wrong-state 409"
    first_administrators(running.runtime, ["operator-1", "boss-3", "boss-4"])
    assert [row["actor"] for row in running.facts("assignment.approved.v1")] == ["person:operator-1"] * 4


def test_an_operator_appoints_the_first_administrators_once(registry: Registry) -> None:
    running = registry.running
    for persons in (["boss-1"], ["boss-1", "boss-1"], ["boss-1", "operator-1"]):
        with pytest.raises(Problem):
            first_administrators(running.runtime, ["operator-1", *persons])
    first_administrators(running.runtime, ["operator-1", "boss-1", "boss-2"])
    assert registry.held("boss-1", "2026-12-01")["roles"] == ["administrator"]
    answer = running.facts("assignment.approved.v1")
    assert {(row["actor"], row["data"]["proposer"], row["data"]["approver"]) for row in answer} == {
        ("person:operator-1", "command:first-administrators", "person:operator-1")
    }
    with pytest.raises(Problem, match="wrong-state"):
        first_administrators(running.runtime, ["operator-1", "boss-3", "boss-4"])
    proposal = ok(registry.propose(item("worker-1"), by=registry.admin("boss-1")), 201)
    ok(registry.approve(proposal, by=registry.admin("boss-2")))
