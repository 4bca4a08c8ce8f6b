"""A log of seven years, and the people who delete from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.audit_logging.worker import delete, index
from shared.service_kit.testing import Client, Reply, RunningService

NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - timedelta(days=6 * 365), NOW - timedelta(days=4 * 365)
BEFORE = (NOW - timedelta(days=5 * 366)).date().isoformat()
"""A day before which everything has outlived five years."""
ONE, TWO = "case:00000001", "case:00000002"


def take_looks(
    log: RunningService, at: datetime, subjects: Sequence[str], stream: str = "looks", staff: str = "ichiko"
) -> None:
    """So many looks, each at one subject, told and taken into the log at that time; and indexed."""
    data = [{"what": "case", "subjects": [subject], "purpose": "casework"} for subject in subjects]
    facts = [log.fact("look.v1", look, "look:case", actor=f"person:{staff}", time=at.isoformat()) for look in data]
    log.clock.set(now=at)
    log.deliver("case_management", facts, stream)
    log.clock.set(now=NOW)
    index(log.runtime)


def administrator(log: RunningService, person: str = "demo-administrator") -> Client:
    return log.client(person=person, roles=["administrator"])


def auditor(log: RunningService, person: str = "demo-auditor", *, step_up: bool = True) -> Client:
    return log.client(person=person, roles=["auditor"], step_up=step_up)


def propose(log: RunningService, kind: str = "looks", before: str = BEFORE) -> Reply:
    return administrator(log).post("/log/deletions", {"kind": kind, "before": before})


def approve(log: RunningService, proposed: Any, by: Client | None = None) -> Reply:
    path = f"/log/deletions/{proposed['deletion_id']}/approval"
    return (by or auditor(log)).post(path, {"sha256": proposed["sha256"]})


def hold(log: RunningService, **body: Any) -> Reply:
    return administrator(log).post("/log/holds", {"reason": "appeal", **body})


def deleted(log: RunningService, kind: str = "looks") -> Any:
    """Propose, approve and delete; gives the deletion."""
    proposed = propose(log, kind).json
    assert approve(log, proposed).status_code == 200
    delete(log.runtime)
    return administrator(log).get(f"/log/deletions/{proposed['deletion_id']}").json


def opened(log: RunningService) -> list[int]:
    """Entries that can still be opened."""
    return [row[0] for row in log.execute("SELECT DISTINCT entry_index FROM openings ORDER BY 1")]
