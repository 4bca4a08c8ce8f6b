"""The administrators of an office at the register of assignments."""

from typing import Any

from shared.service_kit.testing import Client, Reply, RunningService
from tests.decisions.ward import ok

FIRST, SECOND = "admin-1", "admin-2"


def item(person: str, role: str = "caseworker", first: str = "2026-12-01", last: str | None = None, **rest: Any) -> Any:
    """A role of a person from the first to the last day."""
    return {"person": person, "role": role, "from": first, "to": last, **rest}


def substitution(person: str, other: str, first: str, last: str | None) -> Any:
    """A person who stands in for another."""
    return {"person": person, "stands_in_for": other, "from": first, "to": last}


class Registry:
    """Two administrators, the issuer and an auditor at the door of case management."""

    def __init__(self, running: RunningService) -> None:
        self.running = running
        self.first, self.second = self.admin(FIRST), self.admin(SECOND)
        self.issuer: Client = running.client(machine="issuer", scope="kurashi:assignment:read")
        self.auditor: Client = running.client(person="auditor-1", roles=["auditor"])

    def admin(self, person: str) -> Client:
        """Some administrator."""
        return self.running.client(person=person, roles=["administrator"])

    def propose(self, *items: Any, by: Client | None = None) -> Reply:
        """Propose assignments as one."""
        return (by or self.first).post("/assignment-proposals", {"reason": "transfer", "items": list(items)})

    def approve(self, proposal: dict[str, Any], by: Client | None = None, sha256: str = "") -> Reply:
        """Approve by the hash."""
        path = f"/assignment-proposals/{proposal['proposal_id']}/approval"
        return (by or self.second).post(path, {"sha256": sha256 or proposal["sha256"]})

    def assign(self, *items: Any) -> list[dict[str, Any]]:
        """Propose and approve; gives the assignments."""
        proposal = ok(self.propose(*items), 201)
        approved: list[dict[str, Any]] = ok(self.approve(proposal))["items"]
        return approved

    def end(self, assignment: dict[str, Any], last_day: str | None = None, by: Client | None = None) -> Reply:
        """End early, at once unless a day is named."""
        body = {"reason": "retirement", **({"last_day": last_day} if last_day else {})}
        return (by or self.first).post(f"/assignments/{assignment['assignment_id']}/end", body)

    def held(self, person: str, on: str) -> dict[str, Any]:
        """What the issuer puts into the person's token on a day."""
        held = ok(self.issuer.get(f"/assignments/{person}?on={on}"))
        return {name: held[name] for name in ("roles", "districts", "stands_in_for")}
