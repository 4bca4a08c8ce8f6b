"""Whatever the office does in whatever order, only what is approved, over and not held is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import text

from services.audit_logging.use_cases.retention import approve_deletion, delete_openings
from services.audit_logging.worker import delete, sign
from shared.service_kit.jobs import chunks
from shared.service_kit.testing import RunningService
from tests.audit_logging.owner import as_owner
from tests.audit_logging.retention.retention_office import (
    LATELY,
    LONG_AGO,
    NOW,
    ONE,
    approve,
    auditor,
    hold,
    opened,
    propose,
    take_looks,
)

pytestmark = pytest.mark.database


class AnyDeletion(RuleBasedStateMachine):
    """Whatever the office does in whatever order: what goes was approved, over, and not held at that moment."""

    log: RunningService

    def __init__(self) -> None:
        super().__init__()
        self.entries = dict.fromkeys(opened(self.log))
        self.logged: dict[int, tuple[str, datetime, str]] = {}
        self.holds: dict[str, str] = {}
        self.proposals: list[Any] = []
        self.approved: set[int] = set()

    @rule(at=st.sampled_from([LONG_AGO, LATELY]), stream=st.sampled_from(["looks", "facts"]), case=st.integers(1, 3))
    def an_entry_comes(self, at: datetime, stream: str, case: int) -> None:
        take_looks(self.log, at, [f"case:{case:08}"], stream)
        (index,) = self.log.execute("SELECT max(index) FROM entries")[0]
        self.logged[index] = (stream, at, f"case:{case:08}")

    @rule(case=st.integers(1, 3))
    def a_hold_comes(self, case: int) -> None:
        held = hold(self.log, subjects=[f"case:{case:08}"]).json
        self.holds[held["hold_id"]] = f"case:{case:08}"

    @rule()
    def the_oldest_hold_ends(self) -> None:
        if self.holds:
            hold_id = min(self.holds)
            assert auditor(self.log).post(f"/log/holds/{hold_id}/end", {"reason": "settled"}).status_code == 200
            del self.holds[hold_id]

    @rule(kind=st.sampled_from(["looks", "facts"]))
    def somebody_proposes(self, kind: str) -> None:
        answer = propose(self.log, kind)
        falls = [index for index in opened(self.log) if self._may_go(index, kind)]
        assert answer.status_code == (201 if falls else 409)
        if falls:
            assert (answer.json["count"], answer.json["first"], answer.json["last"]) == (
                len(falls),
                falls[0],
                falls[-1],
            )
            self.proposals.append((answer.json, set(falls)))

    @rule()
    def somebody_approves_the_newest(self) -> None:
        if self.proposals:
            proposed, falls = self.proposals.pop()
            if approve(self.log, proposed).status_code == 200:
                self.approved |= falls

    @rule(seq=st.integers(0, 2))
    def the_worker_is_killed_on_the_way(self, seq: int) -> None:
        def die(work: Any, chunk: chunks.Chunk) -> None:
            delete_openings.delete_chunk(work, chunk)
            if chunk.seq == seq:
                raise OSError("killed")

        before = opened(self.log)
        with self.log.work() as work:
            work.connection.execute(text("UPDATE chunks SET attempts = 0 WHERE state = 'open'"))
        chunk = chunks._attempt(self.log.runtime, approve_deletion.JOB)
        if chunk:
            chunks._do(self.log.runtime, chunk, die)
        self._only_what_may(before)

    @rule()
    def the_worker_goes_on(self) -> None:
        before = opened(self.log)
        with self.log.work() as work:
            work.connection.execute(text("UPDATE chunks SET attempts = 0 WHERE state = 'open'"))
        delete(self.log.runtime)
        self._only_what_may(before)
        left = [index for index in self.approved if index in opened(self.log)]
        assert all(self.logged[index][2] in self.holds.values() for index in left)
        self.approved.clear()

    def _may_go(self, index: int, kind: str) -> bool:
        if index not in self.logged:
            return False
        stream, at, case = self.logged[index]
        return stream == kind and at == LONG_AGO and case not in self.holds.values()

    def _only_what_may(self, before: list[int]) -> None:
        gone = set(before) - set(opened(self.log))
        assert gone <= self.approved
        assert all(self._may_go(index, self.logged[index][0]) for index in gone)
        assert sign(self.log.runtime) is None  # it raises where the tree is not the one that was signed

    def teardown(self) -> None:
        """The next example finds nothing open, held or undone of this one."""
        for hold_id in self.holds:
            auditor(self.log).post(f"/log/holds/{hold_id}/end", {"reason": "settled"})
        for kind in ("looks", "facts"):
            delete(self.log.runtime)
            proposed = propose(self.log, kind)
            if proposed.status_code == 201:
                approve(self.log, proposed.json)
        delete(self.log.runtime)


def test_whatever_happens_only_what_is_approved_over_and_not_held_is_deleted(
    log: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approve_deletion, "CHUNK", 2)
    as_owner(log, "UPDATE retention_periods SET months = 60 WHERE name = 'facts'")
    take_looks(log, NOW, [ONE])
    sign(log.runtime)
    machine = type("OfThisLog", (AnyDeletion,), {"log": log})
    examples = settings(max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=examples)
