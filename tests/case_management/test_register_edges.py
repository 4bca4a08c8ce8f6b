"""The register of assignments where days, duties and two administrators meet (職員の担当)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.case_management.app import service
from services.case_management.domain.assignments import Assignment, held_by
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.registry import Registry, item
from tests.decisions.ward import ok, problem

DAY = date(2026, 12, 1)


@pytest.fixture
def registry(services: Services) -> Registry:
    running = services.open(service)
    running.clock.set(today=DAY)
    return Registry(running)


def assigned(person: str, duty: str, role: str | None, stands_in_for: str | None = None) -> Assignment:
    return Assignment(uuid4(), person, duty, role, (), (), stands_in_for, DAY, None)


def test_who_stands_in_gets_what_belongs_to_the_duty_and_nothing_else_of_the_other_person() -> None:
    """One duty a day holds for new assignments; what an older register says twice is still no way to a second duty."""
    register = [
        assigned("chief-1", "case", "supervisor"),
        assigned("chief-1", "money", "accountant"),
        assigned("worker-1", "case", None, stands_in_for="chief-1"),
    ]
    assert held_by("worker-1", register, DAY).roles == ["supervisor"]
    assert held_by("chief-1", register, DAY).roles == ["accountant", "supervisor"]


@pytest.mark.database
def test_an_assignment_may_end_with_the_last_minute_of_today(registry: Registry) -> None:
    (one,) = registry.assign(item("worker-1"))
    ended = ok(registry.end(one, last_day="2026-12-01"))
    assert ended["last_day"] == "2026-12-01"
    assert registry.held("worker-1", "2026-12-01")["roles"] == ["caseworker"]
    assert registry.held("worker-1", "2026-12-02")["roles"] == []


@pytest.mark.database
def test_an_end_that_was_said_later_was_not_known_before(registry: Registry) -> None:
    clock = registry.running.clock
    clock.fixed_today, clock.fixed_now = None, datetime(2026, 12, 1, 3, tzinfo=UTC)
    (one,) = registry.assign(item("worker-1"))
    clock.fixed_now = datetime(2026, 12, 5, 3, tzinfo=UTC)
    ok(registry.end(one, last_day="2026-12-10"))

    def held(known_on: str) -> int:
        path = f"/assignments?person=worker-1&on=2026-12-20&known_on={known_on}"
        return len(ok(registry.auditor.get(path))["items"])

    assert (held("2026-12-04"), held("2026-12-05")) == (1, 0)


@pytest.mark.database
def test_a_proposal_waits_for_an_approval_and_sees_what_it_put_in_force(registry: Registry) -> None:
    waiting = ok(registry.propose(item("worker-1", "accountant")), 201)

    def told(reply: Reply) -> str:
        return "done" if reply.status_code < 300 else problem(reply)

    became = at_once(
        registry.running.runtime.engine,
        lambda: told(registry.approve(waiting)),
        lambda: told(registry.propose(item("worker-1", "caseworker"))),
    )
    assert (became.first, became.second, became.waited) == ("done", "duties-clash 409", True)
