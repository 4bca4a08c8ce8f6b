"""What people of the office do, as the services tell it to the log."""

from __future__ import annotations

from typing import Any

from services.audit_logging.worker import index, review
from shared.service_kit.testing import Client, RunningService

Fact = dict[str, Any]


def look(
    log: RunningService, staff: str, *subjects: str, what: str = "case", purpose: str = "casework", **rest: Any
) -> Fact:
    """A look; `rest` are members of the envelope, or `break_glass`."""
    data = {"what": what, "subjects": list(subjects), "purpose": purpose, "break_glass": rest.pop("break_glass", None)}
    return log.fact("look.v1", data, f"look:{what}", actor=f"person:{staff}", **rest)


def refused(log: RunningService, staff: str, subject: str, why: str, **rest: Any) -> Fact:
    """A record that somebody tried to open, and may not."""
    data = {"method": "GET", "route": "/cases/<case_no>", "permission": "case.read", "problem": "out-of-scope"}
    return log.fact("refusal.v1", {**data, "subject": subject, "why": why}, "refusal", actor=f"person:{staff}", **rest)


def restricted(log: RunningService, case_no: str, kind: str = "shielded", **rest: Any) -> Fact:
    """A restriction approved for a case."""
    data = {"restriction_id": f"r-{case_no}", "kind": kind, "staff": None, "lifts": None, "from": "2026-11-01"}
    both = {"proposer": "person:demo-supervisor", "approver": "person:demo-head"}
    return log.fact("restriction.approved.v1", {**data, "to": None, **both, **rest}, f"case:{case_no}")


def auditor(log: RunningService, person: str = "demo-auditor") -> Client:
    """An auditor at the log's door."""
    return log.client(person=person, roles=["auditor"])


def take(log: RunningService, *facts: Fact, producer: str = "case_management", stream: str = "looks") -> None:
    """Let the log take these facts and look for unusual ones."""
    log.deliver(producer, list(facts), stream)
    index(log.runtime)
    review(log.runtime)
