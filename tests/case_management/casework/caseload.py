"""A ward with cases in two districts, and who works on them."""

from datetime import date
from typing import Any

from shared.service_kit.testing import Client, RunningService
from tests.decisions.ward import Office, Ward, ok

TODAY = date(2026, 12, 1)
CASE, ELSEWHERE = "00000001", "00000002"
SAID: dict[str, Any] = {"met": "架空 花子(世帯主)", "seen": "室内は片付いている。", "said": "求職の面接が来週ある。"}
VISIT: dict[str, Any] = {"kind": "contact", "contact": "visit", "held_on": "2026-11-30", "content": SAID}
POLICY: dict[str, Any] = {"kind": "policy", "held_on": "2026-12-01", "content": {"plan": "就労支援を続ける。"}}
PROMISE: dict[str, Any] = {"kind": "promise", "due_on": "2026-12-05", "content": {"what": "家賃の領収書を持参する"}}
DECLARATION: dict[str, Any] = {
    "kind": "declaration_income",
    "due_on": "2026-12-10",
    "covers_from": "2026-11-01",
    "covers_to": "2026-11-30",
    "content": {},
}


class Caseload:
    """Case 1 of district 01, in charge of worker-1; case 2 of district 02."""

    def __init__(self, running: RunningService) -> None:
        self.running = running
        self.office = Office(running)
        running.clock.set(today=TODAY)
        ward = Ward().add(1, district="01", caseworker="worker-1").add(2, district="02", caseworker="worker-2")
        self.office.load(ward)
        self.worker: Client = running.client(person="worker-1", roles=["caseworker"], districts=["01"])
        self.colleague: Client = running.client(person="worker-9", roles=["caseworker"], districts=["01"])
        self.elsewhere: Client = running.client(person="worker-2", roles=["caseworker"], districts=["02"])
        self.supervisor: Client = running.client(person="supervisor-1", roles=["supervisor"], districts=["01"])
        self.head: Client = running.client(person="head-1", roles=["head"])

    def note(self, body: dict[str, Any] = VISIT, by: Client | None = None, **changes: Any) -> dict[str, Any]:
        """Record a note of case 1; gives its number and entry."""
        return ok((by or self.worker).post(f"/cases/{CASE}/notes", {**body, **changes}), 201)

    def notes(self, by: Client | None = None, **asked: str) -> dict[str, Any]:
        """The notes of case 1."""
        query = "".join(f"&{name}={value}" for name, value in asked.items())
        return ok((by or self.worker).get(f"/cases/{CASE}/notes?purpose=casework{query}"))

    def task(self, body: dict[str, Any] = PROMISE, by: Client | None = None, **changes: Any) -> dict[str, Any]:
        """Record what is to be done in case 1; gives its number and entry."""
        return ok((by or self.worker).post(f"/cases/{CASE}/tasks", {**body, **changes}), 201)

    def tasks(self, by: Client | None = None) -> list[dict[str, Any]]:
        """What is to be done in case 1, and what is ended."""
        return list(ok((by or self.worker).get(f"/cases/{CASE}/tasks?purpose=casework"))["items"])

    def due(self, by: Client | None = None) -> dict[str, Any]:
        """What is due for somebody."""
        return ok((by or self.worker).get("/tasks?purpose=casework"))
