"""The desk of intake (面接相談) and its staff at the door of case management."""

from datetime import date
from typing import Any

from shared.service_kit.testing import Client, RunningService
from tests.decisions.ward import ok

TODAY = date(2026, 12, 1)
SHE: dict[str, Any] = {"name": "架空 花子", "kana": "カクウ ハナコ", "birth": "1979-05", "telephone": "03-0000-0000"}
SAID: dict[str, Any] = {"held_on": "2026-12-01", "channel": "counter", "matter": "livelihood", "content": SHE}
ASKED: dict[str, Any] = {
    "applied_on": "2026-12-01",
    "received_on": "2026-12-01",
    "content": {"applicant": {"name": "架空 花子", "kana": "カクウ ハナコ"}},
}
SPAN = "from=2026-04-01&to=2027-03-31&purpose=casework"


class Desk:
    """An interviewer, a supervisor of district 01, the head."""

    def __init__(self, running: RunningService) -> None:
        self.running = running
        running.clock.set(today=TODAY)
        self.interviewer: Client = running.client(person="interviewer-1", roles=["interviewer"])
        self.other: Client = running.client(person="interviewer-2", roles=["interviewer"])
        self.supervisor: Client = running.client(person="supervisor-1", roles=["supervisor"], districts=["01"])
        self.head: Client = running.client(person="head-1", roles=["head"])

    def consult(self, by: Client | None = None, **changes: Any) -> dict[str, Any]:
        """Record a consultation; gives its number and entry."""
        return ok((by or self.interviewer).post("/consultations", {**SAID, **changes}), 201)

    def apply(self, **changes: Any) -> dict[str, Any]:
        """Receive an application; gives its number and entry."""
        return ok(self.interviewer.post("/applications", {**ASKED, **changes}), 201)

    def consultation(self, number: str) -> dict[str, Any]:
        """A consultation as it is shown."""
        return ok(self.interviewer.get(f"/consultations/{number}?purpose=casework"))

    def application(self, number: str) -> dict[str, Any]:
        """An application as it is shown."""
        return ok(self.interviewer.get(f"/applications/{number}?purpose=casework"))
