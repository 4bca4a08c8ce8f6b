"""Where deletions, holds and findings may go is declared once; one place writes each; door plate and docs show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from services.audit_logging.adapters.retention.deletions import move_deletion, state_of
from services.audit_logging.adapters.retention.holds import move_hold
from services.audit_logging.domain import states
from services.audit_logging.domain.states import DELETION, ENTRY, FINDING, HOLD
from shared.service_kit.problems import Problem
from shared.service_kit.testing import RunningService
from tests.audit_logging.retention.retention_office import LONG_AGO, approve, deleted, hold, propose, take_looks

LOG = Path("services/audit_logging")
Machine = Mapping[Any, frozenset[Any]]
WRITERS = {
    "deletions|deletion_approvals|deletion_notices": "adapters/retention/deletions.py",
    "holds|hold_ends": "adapters/retention/holds.py",
    "findings|finding_entries|reviews": "adapters/review/findings.py",
}


def drawn(*machines: Machine) -> str:
    """The transitions as a document has them."""
    lines = ["stateDiagram-v2"]
    for machine in machines:
        for state, after in machine.items():
            lines += [f"  {state or '[*]'} --> {to}" for to in sorted(after) if to != state]
            lines += [f"  {state} --> [*]"] if not after else []
    return "\n".join(lines)


def test_the_door_plate_shows_the_states_as_they_are() -> None:
    assert drawn(DELETION, HOLD, FINDING) in (LOG / "README.md").read_text(encoding="utf-8")
    assert drawn(ENTRY) in Path("docs/audit-log.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Deletion", "Hold", "Finding", "Entry"])
def test_every_state_says_where_it_leads(name: str) -> None:
    machine: Machine = getattr(states, name.upper())
    declared = set(get_args(getattr(states, f"{name}State")))
    assert set(machine) == {None, *declared}
    assert set().union(*machine.values()) == declared


@pytest.mark.parametrize("tables", WRITERS)
def test_one_place_writes_them(tables: str) -> None:
    writes = re.compile(rf"(insert|upsert|update|delete|copy)\(({tables})\b")
    others = [
        str(path)
        for path in LOG.rglob("*.py")
        if "migrations" not in path.parts and path != LOG / WRITERS[tables]
        if writes.search(path.read_text(encoding="utf-8"))
    ]
    assert others == []


@pytest.mark.database
def test_a_deletion_goes_where_its_state_leads_and_nowhere_else(log: RunningService) -> None:
    take_looks(log, LONG_AGO, ["case:00000001"])
    brought: dict[str | None, UUID] = {None: uuid4(), "deleted": UUID(deleted(log)["deletion_id"])}
    take_looks(log, LONG_AGO, ["case:00000002"])
    brought["proposed"] = UUID(propose(log).json["deletion_id"])
    approved = propose(log).json
    assert approve(log, approved).status_code == 200
    brought["approved"] = UUID(approved["deletion_id"])
    with log.work() as work:
        assert {state: state_of(work.connection, brought[state]) for state in brought} == {
            state: state for state in brought
        }
        for state, to in product(DELETION, get_args(states.DeletionState)):
            if to not in DELETION[state]:
                with pytest.raises(Problem, match="wrong-state"):
                    move_deletion(work.connection, to, {"deletion_id": brought[state]})


@pytest.mark.database
def test_a_hold_is_placed_once_and_ended_once(log: RunningService) -> None:
    placed = UUID(hold(log).json["hold_id"])
    ended = UUID(hold(log).json["hold_id"])
    path = f"/log/holds/{ended}/end"
    assert log.client(person="demo-other", roles=["administrator"]).post(path, {"reason": "settled"}).status_code == 200
    with log.work() as work:
        for state, to in product(HOLD, get_args(states.HoldState)):
            if to not in HOLD[state]:
                with pytest.raises(Problem, match="wrong-state"):
                    move_hold(
                        work.connection, to, {"hold_id": {None: uuid4(), "placed": placed, "ended": ended}[state]}
                    )
