"""Who has which role when (職員の担当): by two administrators, never one's own, never two duties on one day."""

from datetime import UTC, date, datetime

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.registry import FIRST, Registry, item, substitution
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
NOBODY: dict[str, list[str]] = {"roles": [], "districts": [], "stands_in_for": []}


@pytest.fixture
def registry(services: Services) -> Registry:
    running = services.open(service)
    running.clock.set(today=date(2026, 12, 1))
    return Registry(running)


def test_nothing_is_in_force_before_another_administrator_approved(registry: Registry) -> None:
    proposal = ok(registry.propose(item("worker-1", districts=["07", "08"])), 201)
    assert registry.issuer.get("/assignments/worker-1?on=2026-12-01").status_code == 404
    waiting = ok(registry.second.get("/assignment-proposals"))["items"]
    assert [assigned["proposal_id"] for assigned in waiting] == [proposal["proposal_id"]]

    assert ok(registry.approve(proposal))["approver"] == "person:admin-2"
    assert registry.held("worker-1", "2026-12-01") == {**NOBODY, "roles": ["caseworker"], "districts": ["07", "08"]}
    assert registry.held("worker-1", "2026-11-30") == NOBODY
    assert ok(registry.second.get("/assignment-proposals"))["items"] == []
    (event,) = registry.running.facts("assignment.approved.v1")
    assert event["data"]["proposer"] == "person:admin-1" != event["data"]["approver"]


def test_who_proposes_does_not_approve(registry: Registry) -> None:
    proposal = ok(registry.propose(item("worker-1")), 201)
    assert problem(registry.approve(proposal, by=registry.first)) == "same-person 409"
    assert problem(registry.approve(proposal, sha256="0" * 64)) == "content-moved 409"
    ok(registry.approve(proposal))
    assert problem(registry.approve(proposal)) == "wrong-state 409"


def test_nobody_proposes_or_approves_an_assignment_of_their_own(registry: Registry) -> None:
    assert problem(registry.propose(item("worker-1"), item(FIRST, "administrator"))) == "own-assignment 403"
    proposal = ok(registry.propose(item("worker-1"), item("admin-2", "administrator")), 201)
    assert problem(registry.approve(proposal)) == "own-assignment 403"
    ok(registry.approve(proposal, by=registry.admin("admin-3")))


def test_an_approval_needs_a_fresh_confirmation(registry: Registry) -> None:
    proposal = ok(registry.propose(item("worker-1")), 201)
    hasty = registry.running.client(person="admin-2", roles=["administrator"], step_up=False)
    assert problem(registry.approve(proposal, by=hasty)) == "step-up-required 401"


@pytest.mark.parametrize("role", ["accountant", "administrator", "treasurer", "auditor"])
def test_case_work_goes_with_no_other_duty_on_one_day(registry: Registry, role: str) -> None:
    registry.assign(item("worker-1", first="2026-12-01", last="2026-12-31"))
    reply = registry.propose(item("worker-1", role, first="2026-12-31"))
    assert problem(reply) == "duties-clash 409"
    ok(registry.propose(item("worker-1", role, first="2027-01-01")), 201)
    ok(registry.propose(item("worker-1", "supervisor", first="2026-12-15")), 201)


def test_two_duties_in_one_proposal_or_in_two_at_once_are_refused(registry: Registry) -> None:
    together = registry.propose(item("worker-1"), item("worker-1", "accountant"))
    assert problem(together) == "duties-clash 409"
    case, money = (ok(registry.propose(item("worker-1", role)), 201) for role in ("caseworker", "accountant"))
    ok(registry.approve(case))
    assert problem(registry.approve(money)) == "duties-clash 409"


def test_the_database_itself_refuses_a_second_duty_and_one_person_in_two_parts(registry: Registry) -> None:
    case, money = (ok(registry.propose(item("worker-1", role)), 201) for role in ("caseworker", "accountant"))
    ok(registry.approve(case))
    insert = (
        "INSERT INTO assignment_approvals SELECT assignment_id, proposer, person, :approver, now(), 'x' "
        "FROM assignments WHERE proposal_id = CAST(:id AS uuid)"
    )
    for approver, net in (
        ("person:admin-2", "one_duty_a_day"),
        ("person:admin-1", "one_duty_a_day|two_people"),
        ("person:worker-1", "one_duty_a_day|of_another"),
    ):
        with pytest.raises(Exception, match=net):
            registry.running.execute(insert, id=money["proposal_id"], approver=approver)
    other = ok(registry.propose(item("worker-2")), 201)
    for approver, net in (("person:admin-1", "two_people"), ("person:worker-2", "of_another")):
        with pytest.raises(Exception, match=net):
            registry.running.execute(insert, id=other["proposal_id"], approver=approver)
    with pytest.raises(Exception, match="permission denied"):
        registry.running.execute("UPDATE assignments SET role = 'head'")


def test_an_assignment_is_ended_at_once_by_one_person(registry: Registry) -> None:
    (assigned,) = registry.assign(item("worker-1", districts=["07"]))
    ended = ok(registry.end(assigned))
    assert (ended["last_day"], ended["ended_at"] is not None) == ("2026-12-01", True)
    assert registry.held("worker-1", "2026-12-01") == NOBODY
    assert problem(registry.end(assigned)) == "wrong-state 409"
    # It was held this morning, so that another duty begins tomorrow.
    assert problem(registry.propose(item("worker-1", "accountant"))) == "duties-clash 409"
    ok(registry.propose(item("worker-1", "accountant", first="2026-12-02")), 201)
    assert registry.running.facts("assignment.ended.v1")[0]["data"]["reason"] == "retirement"


def test_an_assignment_ends_after_a_day_to_come_and_never_before_today(registry: Registry) -> None:
    (assigned,) = registry.assign(item("worker-1"))
    assert problem(registry.end(assigned, "2026-11-30")) == "invalid-input 422"
    ok(registry.end(assigned, "2027-03-31"))
    assert registry.held("worker-1", "2027-03-31")["roles"] == ["caseworker"]
    assert registry.held("worker-1", "2027-04-01") == NOBODY


def test_a_substitution_begins_and_ends_on_its_days(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07"]), item("worker-2", districts=["11"]))
    registry.assign(substitution("worker-1", "worker-2", "2026-12-07", "2026-12-11"))
    alone = {"roles": ["caseworker"], "districts": ["07"], "stands_in_for": []}
    both = {"roles": ["caseworker"], "districts": ["07", "11"], "stands_in_for": ["worker-2"]}
    days = {"2026-12-06": alone, "2026-12-07": both, "2026-12-11": both, "2026-12-12": alone}
    assert {day: registry.held("worker-1", day) for day in days} == days
    assert registry.held("worker-2", "2026-12-08")["districts"] == ["11"]


def test_each_role_reaches_its_own_districts_alone_also_by_substitution(registry: Registry) -> None:
    registry.assign(item("worker-1", districts=["07"]), item("chief-1", "supervisor", districts=["11"]))
    registry.assign(substitution("worker-1", "chief-1", "2026-12-01", "2026-12-11"))
    held = ok(registry.issuer.get("/assignments/worker-1?on=2026-12-05"))
    assert held["charges"] == [
        {"role": "caseworker", "districts": ["07"], "programmes": [], "stands_in_for": []},
        {"role": "supervisor", "districts": ["11"], "programmes": [], "stands_in_for": ["chief-1"]},
    ]
    assert held["last_day"] == "2026-12-11"


@pytest.mark.parametrize(
    ("instant", "districts"),
    [
        ("2026-12-06T14:59", ["07"]),
        ("2026-12-06T15:00", ["07", "11"]),
        ("2026-12-11T14:59", ["07", "11"]),
        ("2026-12-11T15:00", ["07"]),
    ],
)
def test_the_days_of_a_substitution_are_those_of_tokyo(registry: Registry, instant: str, districts: list[str]) -> None:
    registry.assign(item("worker-1", districts=["07"]), item("worker-2", districts=["11"]))
    registry.assign(substitution("worker-1", "worker-2", "2026-12-07", "2026-12-11"))
    clock = registry.running.clock
    clock.fixed_today, clock.fixed_now = None, datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert ok(registry.issuer.get("/assignments/worker-1"))["districts"] == districts


def test_nobody_stands_in_for_another_duty(registry: Registry) -> None:
    registry.assign(item("worker-1"), item("money-1", "accountant"), item("money-2", "head_of_accounting"))
    days = "2026-12-07", "2026-12-11"
    assert problem(registry.propose(substitution("worker-1", "money-1", *days))) == "duties-clash 409"
    ok(registry.propose(substitution("money-2", "money-1", *days)), 201)
    # Who stands in for an accountant holds the duty on those days, and gets no case work on them.
    registry.assign(substitution("new-1", "money-1", *days))
    assert problem(registry.propose(item("new-1", first="2026-12-11"))) == "duties-clash 409"
    ok(registry.propose(item("new-1", first="2026-12-12")), 201)


def test_a_substitution_is_short_and_for_somebody_else(registry: Registry) -> None:
    registry.assign(item("worker-1"), item("worker-2"))
    for last in (None, "2027-03-03"):
        reply = registry.propose(substitution("worker-1", "worker-2", "2026-12-01", last))
        assert problem(reply) == "invalid-input 422"
    ok(registry.propose(substitution("worker-1", "worker-2", "2026-12-01", "2027-03-02")), 201)
    own = registry.propose(substitution("worker-1", "worker-1", "2026-12-01", "2026-12-02"))
    assert problem(own) == "invalid-input 422"


def test_who_stands_in_gives_nothing_on_and_what_has_ended_gives_nothing(registry: Registry) -> None:
    _, second, _ = registry.assign(item("worker-1", districts=["07"]), item("worker-2", districts=["11"]),
                                   item("worker-3", districts=["15"]))  # fmt: skip
    registry.assign(substitution("worker-1", "worker-2", "2026-12-01", "2026-12-20"))
    registry.assign(substitution("worker-3", "worker-1", "2026-12-01", "2026-12-20"))
    assert registry.held("worker-3", "2026-12-05")["districts"] == ["07", "15"]
    ok(registry.end(second))
    assert registry.held("worker-1", "2026-12-05") == {**NOBODY, "roles": ["caseworker"], "districts": ["07"]}


def test_what_is_malformed_is_refused_with_its_field(registry: Registry) -> None:
    wrong = [
        item("worker-1", "service"),
        item("worker-1", "caseworker", "2026-12-02", "2026-12-01"),
        {**item("worker-1"), "stands_in_for": "worker-2"},
        item("架空 一子"),
        item("worker-1", districts=["7"]),
    ]
    for assigned in wrong:
        assert problem(registry.propose(assigned)) == "invalid-input 422", assigned
    assert registry.running.execute("SELECT count(*) FROM assignments") == [(0,)]


def test_the_history_shows_what_was_known_on_a_day(registry: Registry) -> None:
    clock = registry.running.clock
    clock.set(today=date(2026, 12, 1), now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    registry.assign(item("worker-1", first="2026-11-01", districts=["07"]))
    clock.set(today=date(2026, 12, 9), now=datetime(2026, 12, 9, 3, tzinfo=UTC))
    registry.assign(item("worker-1", first="2026-11-15", districts=["08"]))
    path = "/assignments?person=worker-1&on=2026-11-20"
    then = ok(registry.auditor.get(f"{path}&known_on=2026-12-05"))["items"]
    now = ok(registry.auditor.get(path))["items"]
    assert [assigned["districts"] for assigned in then] == [["07"]]
    assert [assigned["districts"] for assigned in now] == [["07"], ["08"]]


def test_cases_may_go_to_the_caseworkers_of_now_and_of_later_days(registry: Registry) -> None:
    """Who chooses reads nothing else of the register, and a supervisor's own district is nobody's to choose."""
    assigned = registry.assign(
        item("worker-2", districts=["09", "07"]),
        item("worker-1", first="2027-04-01", districts=["08"]),
        item("worker-3", last="2026-12-20", districts=["03"]),
        item("worker-4", districts=["04"]),
        item("boss-1", role="supervisor", districts=["01"]),
    )
    ok(registry.end(assigned[3]))
    interviewer = registry.running.client(person="desk-1", roles=["interviewer"])
    chosen = [("worker-1", ["08"]), ("worker-2", ["07", "09"]), ("worker-3", ["03"])]
    items = ok(interviewer.get("/caseworkers"))["items"]
    assert [(item["person"], item["districts"]) for item in items] == chosen
    registry.running.clock.set(today=date(2026, 12, 21))
    assert [item["person"] for item in ok(interviewer.get("/caseworkers"))["items"]] == ["worker-1", "worker-2"]
    assert problem(registry.running.client(person="cw-1", roles=["caseworker"]).get("/caseworkers")) == (
        "not-permitted 403"
    )
