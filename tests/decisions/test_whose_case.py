"""Whose case it is, and who may not see it (担当・閲覧制限): in both deciding services, as of today, by two people."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Client, Reply, RunningService, Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
TODAY = date(2026, 12, 1)
CASE = "00000001"
PATHS = (f"/cases/{CASE}", f"/cases/{CASE}/overview", f"/cases/{CASE}/determinations", f"/cases/{CASE}/access")


@pytest.fixture(params=["public_assistance", "support_benefit"])
def running(services: Services, request: pytest.FixtureRequest) -> RunningService:
    """A service with one case in district 07, which is worker-7's."""
    opened = services.open({"public_assistance": public_assistance, "support_benefit": support}[request.param])
    opened.clock.set(today=TODAY)
    ward = Ward().add(1, district="07", caseworker="worker-7", programme=request.param)
    ward.add(2, district="08", programme=request.param)
    Office(opened).load(ward)
    return opened


def person(running: RunningService, name: str, role: str, *districts: str, **claims: Any) -> Client:
    return running.client(person=name, roles=[role], districts=list(districts), **claims)


def worker(running: RunningService, name: str = "worker-7", *districts: str) -> Client:
    return person(running, name, "caseworker", *(districts or ("07",)))


def looks(client: Client) -> set[int]:
    return {client.get(f"{path}?purpose=enquiry").status_code for path in PATHS}


def restrict(running: RunningService, **body: str | None) -> tuple[str, Callable[[], Reply]]:
    """A supervisor proposes; gives the id, and the head's approval."""
    supervisor = person(running, "supervisor-7", "supervisor", "07")
    body_ = {"from": "2026-12-01", "reason": "notice", **body}
    proposed = ok(supervisor.post(f"/cases/{CASE}/restrictions", body_), 201)
    return proposed["restriction_id"], lambda: approve(running, proposed)


def approve(running: RunningService, proposed: dict[str, str], by: str = "head-1") -> Reply:
    path = f"/cases/{CASE}/restrictions/{proposed['restriction_id']}/approval"
    return person(running, by, "head").post(path, {"sha256": proposed["sha256"]})


def break_glass(client: Client) -> None:
    ok(client.post("/break-glass", {"subject": f"case:{CASE}", "reason": "danger_to_life", "words": "合成の理由"}), 201)


def test_a_case_is_seen_in_its_district_and_by_the_head(running: RunningService) -> None:
    assert looks(worker(running, "worker-1", "07")) == {200}
    assert looks(person(running, "supervisor-7", "supervisor", "06", "07")) == {200}
    assert looks(person(running, "head-1", "head")) == {200}
    assert looks(worker(running, "worker-1", "08")) == {403}
    assert looks(person(running, "accountant-1", "accountant")) == {403}


def test_an_adviser_sees_the_own_programme_alone(running: RunningService) -> None:
    adviser = person(running, "adviser-1", "support_adviser", programmes=["support_benefit"])
    assert looks(adviser) == ({200} if running.service.name == "support_benefits" else {403})


def test_a_case_elsewhere_and_no_case_at_all_are_told_alike(running: RunningService) -> None:
    stranger = worker(running, "worker-1", "08")
    elsewhere, nowhere = (stranger.get(f"/cases/{case_no}?purpose=enquiry") for case_no in (CASE, "99999999"))
    assert (elsewhere.status_code, elsewhere.json) == (nowhere.status_code, nowhere.json)
    assert person(running, "head-1", "head").get("/cases/99999999?purpose=enquiry").status_code == 404


def test_a_shielded_case_is_seen_by_its_caseworker_the_supervisor_and_the_head(running: RunningService) -> None:
    _, approved = restrict(running, kind="shielded")
    colleague = worker(running, "worker-1", "07")
    assert looks(colleague) == {200}, "only proposed"
    ok(approved())
    assert looks(colleague) == {403}
    assert looks(worker(running)) == {200}
    assert looks(person(running, "supervisor-7", "supervisor", "07")) == {200}
    assert looks(person(running, "head-1", "head")) == {200}
    break_glass(colleague)
    assert looks(colleague) == {200}


def test_who_stands_in_for_the_caseworker_sees_the_shielded_case(running: RunningService) -> None:
    ok(restrict(running, kind="shielded")[1]())
    stand_in = person(running, "worker-1", "caseworker", "07", stands_in_for=["worker-7"])
    assert looks(stand_in) == {200}


def test_a_relatives_case_stays_closed_to_that_person_alone_and_under_break_glass_too(running: RunningService) -> None:
    ok(restrict(running, kind="barred", staff="worker-7")[1]())
    assert looks(worker(running)) == {403}
    body = {"subject": f"case:{CASE}", "reason": "danger_to_life", "words": "合成の理由"}
    assert problem(worker(running).post("/break-glass", body)) == "out-of-scope 403"
    assert looks(worker(running)) == {403}
    assert looks(worker(running, "worker-1", "07")) == {200}
    refused = running.looks("refusal.v1")
    assert {entry["data"]["why"] for entry in refused} == {"barred"}


def test_a_head_neither_sees_nor_approves_what_bars_the_head(running: RunningService) -> None:
    ok(restrict(running, kind="barred", staff="head-1")[1]())
    lift_path = f"/cases/{CASE}/restrictions"
    assert person(running, "head-1", "head").get(f"{lift_path}?purpose=review").status_code == 403
    assert problem(restrict(running, kind="shielded")[1]()) == "out-of-scope 403"


def test_two_people_restrict_and_two_people_lift(running: RunningService) -> None:
    head = person(running, "head-1", "head")
    path = f"/cases/{CASE}/restrictions"
    proposed = ok(head.post(path, {"kind": "shielded", "from": "2026-12-01", "reason": "notice"}), 201)
    assert problem(approve(running, proposed)) == "same-person 409"
    assert problem(approve(running, {**proposed, "sha256": "0" * 64}, by="head-2")) == "content-moved 409"
    lift = f"{path}/{proposed['restriction_id']}/lift"
    body = {"from": "2026-12-10", "reason": "over"}
    assert problem(head.post(lift, body)) == "wrong-state 409"
    ok(approve(running, proposed, by="head-2"))
    assert problem(approve(running, proposed, by="head-2")) == "wrong-state 409"

    colleague = worker(running, "worker-1", "07")
    ok(approve(running, ok(head.post(lift, body), 201), by="head-2"))
    assert looks(colleague) == {403}
    running.clock.set(today=date(2026, 12, 10))
    assert looks(colleague) == {200}
    shown = ok(head.get(f"{path}?purpose=review"))["items"]
    assert [(entry["state"], entry["lifts"]) for entry in shown] == [
        ("approved", None),
        ("approved", proposed["restriction_id"]),
    ]
    assert len(running.facts("restriction.approved.v1")) == 2


def test_a_restriction_holds_on_its_days(running: RunningService) -> None:
    ok(restrict(running, kind="shielded", **{"from": "2026-12-05", "to": "2026-12-06"})[1]())
    colleague, seen = worker(running, "worker-1", "07"), {}
    for day in (4, 5, 6, 7):
        running.clock.set(today=date(2026, 12, day))
        seen[day] = looks(colleague)
    assert seen == {4: {200}, 5: {403}, 6: {403}, 7: {200}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "barred"},
        {"kind": "shielded", "staff": "worker-1"},
        {"kind": "hidden"},
        {"kind": "shielded", "to": "2026-11-30"},
    ],
)
def test_what_restricts_nobody_is_refused(running: RunningService, wrong: dict[str, str]) -> None:
    body = {"from": "2026-12-01", "reason": "notice", **wrong}
    reply = person(running, "head-1", "head").post(f"/cases/{CASE}/restrictions", body)
    assert problem(reply) == "invalid-input 422"


def test_the_database_itself_refuses_one_person_in_both_parts(running: RunningService) -> None:
    restriction_id, _ = restrict(running, kind="shielded")
    insert = (
        "INSERT INTO restriction_approvals (restriction_id, proposer, approver, approved_at, sha256) "
        "VALUES (CAST(:id AS uuid), 'person:supervisor-7', 'person:supervisor-7', now(), 'x')"
    )
    with pytest.raises(Exception, match="two_people"):
        running.execute(insert, id=restriction_id)
    with pytest.raises(Exception, match="permission denied"):
        running.execute("DELETE FROM restrictions")


def test_a_case_without_district_is_seen_by_the_whole_office_alone(running: RunningService) -> None:
    programme = "support_benefit" if running.service.name == "support_benefits" else "public_assistance"
    Office(running).load(Ward().add(3, district="", programme=programme))
    path = "/cases/00000003?purpose=enquiry"
    assert worker(running, "worker-1", "07").get(path).status_code == 403
    assert person(running, "head-1", "head").get(path).status_code == 200
