"""Whatever administrators do in whatever order: never two duties on one day, never one's own, and the past stays.

Briefly here, the same each time; long, and another each time, with `--hypothesis-profile=campaign`.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run

from services.case_management.app import service
from shared.contracts.permissions import DUTIES
from shared.service_kit.testing import Reply, RunningService, Services
from tests.case_management.registry import Registry, item, substitution
from tests.decisions.ward import ok
from tests.faults.length import examples, is_campaign

pytestmark = pytest.mark.database
BEGIN = date(2026, 12, 1)
PERSONS = ("ann", "bob", "cy")
ROLES = ("caseworker", "supervisor", "accountant", "administrator")
people, days = st.sampled_from(PERSONS), st.integers(-2, 6)
lengths = st.none() | st.integers(0, 6)
OFTEN = {
    *(("propose", status) for status in (201, 403, 409)),
    *(("substitute", status) for status in (201, 403, 409, 422)),
    *(("approve", status) for status in (200, 403, 409)),
    ("end", 200),
}
_examples = count()


class Administrators(RuleBasedStateMachine):
    """Administrators at one service; each example has persons of its own."""

    running: RunningService
    answers: set[tuple[str, int]]
    proposals, assignments = Bundle("proposals"), Bundle("assignments")

    @initialize()
    def begin(self) -> None:
        self.registry, self.prefix, self.day = Registry(self.running), f"x{next(_examples)}-", 0
        self.clients = {person: self.registry.admin(self.prefix + person) for person in PERSONS}
        self.kept: dict[date, Any] = {}
        self.changed = False
        self.now = datetime(2026, 12, 1, 0, tzinfo=UTC)
        self._turn()

    def _turn(self) -> None:
        self.now += timedelta(minutes=1)
        self.running.clock.set(today=BEGIN + timedelta(self.day), now=self.now)

    def _answered(self, act: str, reply: Reply, statuses: set[int]) -> bool:
        """Whether it was done; what is refused is looked at together with the next act that is done, or at the end."""
        assert reply.status_code in statuses, reply.content
        self.answers.add((act, reply.status_code))
        self.changed = self.changed or reply.status_code == 200
        return reply.status_code in (200, 201)

    def _days(self, first: int, length: int | None) -> tuple[str, str | None]:
        begin = BEGIN + timedelta(first)
        return begin.isoformat(), None if length is None else (begin + timedelta(length)).isoformat()

    def _proposed(self, act: str, reply: Reply, own: bool) -> Any:
        return reply.json if self._answered(act, reply, {403} if own else {201, 409, 422}) else multiple()

    @rule(target=proposals, person=people, by=people, role=st.sampled_from(ROLES), first=days, length=lengths)
    def propose(self, person: str, by: str, role: str, first: int, length: int | None) -> Any:
        self._turn()
        assignment = item(self.prefix + person, role, *self._days(first, length))
        return self._proposed("propose", self.registry.propose(assignment, by=self.clients[by]), by == person)

    @rule(target=proposals, person=people, other=people, by=people, first=days, length=lengths)
    def substitute(self, person: str, other: str, by: str, first: int, length: int | None) -> Any:
        self._turn()
        assignment = substitution(self.prefix + person, self.prefix + other, *self._days(first, length))
        return self._proposed("substitute", self.registry.propose(assignment, by=self.clients[by]), by == person)

    @rule(target=assignments, person=people, role=st.sampled_from(ROLES), first=days, length=lengths)
    def assign(self, person: str, role: str, first: int, length: int | None) -> Any:
        by, other = (name for name in PERSONS if name != person)
        proposed = self.propose(person, by, role, first, length)
        return self.approve(proposed, other) if isinstance(proposed, dict) else multiple()

    @rule(target=assignments, person=people, first=days, length=st.integers(0, 6), place=st.integers(0, 1))
    def let_stand_in(self, person: str, first: int, length: int, place: int) -> Any:
        others = [name for name in PERSONS if name != person]
        proposed = self.substitute(person, others[place], others[0], first, length)
        return self.approve(proposed, others[1]) if isinstance(proposed, dict) else multiple()

    @rule(target=assignments, proposal=consumes(proposals), by=people)
    def approve(self, proposal: dict[str, Any], by: str) -> Any:
        self._turn()
        reply = self.registry.approve(proposal, by=self.clients[by])
        own = f"person:{self.prefix}{by}" == proposal["proposer"] or self.prefix + by == proposal["items"][0]["person"]
        done = self._answered("approve", reply, {403, 409} if own else {200, 409})
        return multiple(*reply.json["items"]) if done else multiple()

    @rule(assignment=consumes(assignments), by=people, in_days=st.none() | st.integers(0, 10))
    def end(self, assignment: dict[str, Any], by: str, in_days: int | None) -> None:
        self._turn()
        last = None if in_days is None else (BEGIN + timedelta(self.day + in_days)).isoformat()
        self._answered("end", self.registry.end(assignment, last, by=self.clients[by]), {200, 409})

    @rule()
    def tomorrow(self) -> None:
        today = BEGIN + timedelta(self.day)
        self.kept[today] = self._history(f"&known_on={today}")
        self.day += 1
        self.now += timedelta(days=1)
        self._turn()

    def _history(self, more: str = "") -> list[dict[str, Any]]:
        clashing = []
        for person in PERSONS:
            path = f"/assignments?person={self.prefix}{person}{more}"
            clashing += ok(self.registry.auditor.get(path))["items"]
        return clashing

    @invariant()
    def all_holds_after_what_changed(self) -> None:
        if self.changed:
            self.changed = False
            self._nobody_holds_two_duties_on_one_day()
            self._what_was_known_stays_known()

    def teardown(self) -> None:
        """All holds at the end, whatever was refused."""
        self._nobody_holds_two_duties_on_one_day()
        self._what_was_known_stays_known()

    def _nobody_holds_two_duties_on_one_day(self) -> None:
        held: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for assignment in self._history():
            first, last = (
                date.fromisoformat(assignment["valid_from"]),
                date.fromisoformat(assignment["last_day"] or "2027-02-01"),
            )
            for day in range((first - BEGIN).days, (last - BEGIN).days + 1):
                held[assignment["person"], day].add(assignment["duty"])
            assert len({f"person:{assignment['person']}", assignment["proposer"], assignment["approver"]}) == 3
            assert assignment["role"] is None or assignment["role"] in DUTIES[assignment["duty"]]
        assert all(len(duties) == 1 for duties in held.values())

    def _what_was_known_stays_known(self) -> None:
        for day, then in self.kept.items():
            assert self._history(f"&known_on={day}") == then


def test_the_register_holds_whatever_is_done(services: Services) -> None:
    often = dict.fromkeys(("person_a_minute", "machine_a_minute", "approvals_a_minute", "refusals_a_minute"), 10**6)
    answers: set[tuple[str, int]] = set()
    here = type("Here", (Administrators,), {"running": services.open(service, **often), "answers": answers})
    unhurried = settings(
        max_examples=examples(6, 100),
        stateful_step_count=20,
        deadline=None,
        derandomize=not is_campaign(),
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run(here, settings=unhurried)
    assert answers >= OFTEN, "every act, and every answer that it often gets"
