"""Households under investigation (調査), and the staff around them."""

from datetime import date
from typing import Any

from shared.service_kit.testing import Client, RunningService
from tests.decisions.ward import Office, Ward, ok

TODAY = date(2026, 12, 1)
LOOK = "purpose=investigation"
MEMBER, OTHERS = "0000000100", "0000000200"
ASKED: dict[str, Any] = {
    "person_no": MEMBER,
    "kind": "bank",
    "addressee": "架空銀行 本店",
    "asked": "預貯金の残高と過去1年の取引",
    "sent_on": "2026-12-01",
    "due_on": "2026-12-22",
    "consent": "missing",
}


class Investigators:
    """The staff of district 01, whose caseworker has case 1; a caseworker of 02 with case 2; the head."""

    def __init__(self, running: RunningService) -> None:
        self.running = running
        running.clock.set(today=TODAY)
        Office(running).load(Ward().add(1, caseworker="cw-1").add(2, district="02"))
        self.caseworker: Client = running.client(person="cw-1", roles=["caseworker"], districts=["01"])
        self.colleague: Client = running.client(person="cw-3", roles=["caseworker"], districts=["01"])
        self.other: Client = running.client(person="cw-2", roles=["caseworker"], districts=["02"])
        self.supervisor: Client = running.client(person="sv-1", roles=["supervisor"], districts=["01"])
        self.head: Client = running.client(person="head-1", roles=["head"])

    def ask(self, case: int = 1, by: Client | None = None, **changes: Any) -> str:
        """Keep a request; gives its id."""
        reply = (by or self.caseworker).post(f"/cases/{case:08d}/investigations", {**ASKED, **changes})
        return str(ok(reply, 201)["investigation_id"])

    def agree(self, person_no: str = MEMBER, signed_on: str = "2026-11-30") -> str:
        """A member of case 1 signs a consent; gives its id."""
        body = {"person_no": person_no, "signed_on": signed_on}
        return str(ok(self.caseworker.post("/cases/00000001/consents", body), 201)["consent_id"])

    def shield(self, case: int = 1) -> None:
        """A case becomes a shielded one (支援措置)."""
        body = {"from": "2026-12-01", "reason": "notice", "kind": "shielded"}
        proposed = ok(self.supervisor.post(f"/cases/{case:08d}/restrictions", body), 201)
        path = f"/cases/{case:08d}/restrictions/{proposed['restriction_id']}/approval"
        ok(self.head.post(path, {"sha256": proposed["sha256"]}))
