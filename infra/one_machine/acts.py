"""The acts of an office's month by synthetic staff: files are handed to the services, the rest is done at the pages.

Every act has a key made of the month's correlation and what is done: repeated, it is answered as the first time.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from infra.one_machine.client import Client
from infra.one_machine.desk import Answer, Desk, answered
from infra.one_machine.office import Office
from shared.contracts.correlation import month_correlation

CASEWORKER, HEAD = "demo-caseworker", "demo-head"
ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER = "demo-accountant", "demo-head-of-accounting", "demo-treasurer"
PROPOSERS: Final = {"case_management": CASEWORKER, "support_benefits": CASEWORKER, "payments": ACCOUNTANT}
APPROVERS: Final = {"case_management": HEAD, "support_benefits": HEAD, "payments": HEAD_OF_ACCOUNTING}
DECIDING: Final = ("case_management", "support_benefits")
IMPORTS: Final = UUID("0a5a4f0e-5c1c-5a7e-8f0c-3f7f6b6f2f10")
"""Names imports by their content, whatever the month in which they are handed in."""


class Acts:
    """What the staff of one office do in one month. Answers are those of the services."""

    def __init__(self, office: Office, month: str) -> None:
        self._office = office
        self.month = month
        self.correlation = month_correlation(month)
        self._headers = {"Kurashi-Correlation": self.correlation}
        self._clients: dict[tuple[str, str], Client] = {}
        self._desks: dict[str, Desk] = {}

    def propose_import(self, service: str, content: str, files: Mapping[str, bytes]) -> Answer:
        """Hand files in; `content` is their hash, so that the same files are found again in another month."""
        parts = {name: (name, data, "text/csv") for name, data in files.items()}
        key = _key(IMPORTS, service, "import", content)
        return self._post(service, PROPOSERS[service], "/imports", key, files=parts)

    def imported(self, service: str, import_id: str) -> Answer:
        """How far an import is."""
        client, path = self._client(service, APPROVERS[service]), f"/imports/{import_id}"
        return answered(service, path, lambda: client.get(path))

    def approve_import(self, service: str, proposed: Answer) -> Answer:
        """Approve an import by its hash, which the approver confirms at the issuer."""
        path, sha256 = f"/imports/{proposed['import_id']}/approval", str(proposed["sha256"])
        key = _key(IMPORTS, service, "approve", proposed["import_id"])
        with self._office.client(service, APPROVERS[service], self._headers, approves=[sha256]) as client:
            return answered(service, path, lambda: client.post(path, key=key, json={"sha256": sha256}))

    def propose_determinations(self, reason: str) -> dict[str, Answer]:
        """Open the collective determination (一括決定) of the month in every deciding service."""
        return self._act(CASEWORKER, f"/months/{self.month}/determinations", reason=reason)

    def determinations(self, opened: Mapping[str, Answer]) -> dict[str, Answer]:
        """How far the collective determinations are, by service; `unknown` where a service does not answer."""
        board = self._desk(HEAD).get(f"/months/{self.month}")["determinations"]
        wanted = {one["collective_id"] for one in opened.values()}
        found = {room: one for room in opened for one in board[room]["items"] if one["collective_id"] in wanted}
        return {room: found.get(room, {"state": "unknown"}) for room in opened}

    def approve_determinations(self, proposed: Mapping[str, Answer]) -> Answer:
        """Approve collective determinations by their hashes."""
        hashes = {f"{service}_sha256": str(one["sha256"]) for service, one in proposed.items()}
        return self._act(HEAD, f"/months/{self.month}/determinations/approval", **hashes)

    def open_run(self, run_kind: str = "regular") -> Answer:
        """Open the payment run (支給処理)."""
        return self._act(ACCOUNTANT, f"/months/{self.month}/runs", run_kind=run_kind)

    def run(self, run_id: str) -> Answer:
        """How far a payment run is."""
        return self._desk(ACCOUNTANT).get(f"/runs/{run_id}")

    def approve_run(self, proposed: Answer) -> Answer:
        """Approve a payment run by its hash."""
        return self._act(HEAD_OF_ACCOUNTING, f"/runs/{proposed['run_id']}/approval", sha256=proposed["sha256"])

    def accept_run(self, approved: Answer) -> Answer:
        """Accept the disbursement order (支出命令) by the hash that was approved."""
        return self._act(TREASURER, f"/runs/{approved['run_id']}/acceptance", sha256=approved["sha256"])

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()
        for desk in self._desks.values():
            desk.close()

    def _act(self, staff: str, path: str, **fields: str) -> Answer:
        key = _key(UUID(self.correlation), path, *(f"{name}={value}" for name, value in sorted(fields.items())))
        return self._desk(staff).act(path, key, fields)

    def _post(self, service: str, staff: str, path: str, key: str, **content: Any) -> Answer:
        client = self._client(service, staff)
        return answered(service, path, lambda: client.post(path, key=key, **content))

    def _desk(self, staff: str) -> Desk:
        return self._desks.setdefault(staff, Desk(self._office, staff))

    def _client(self, service: str, staff: str) -> Client:
        if (service, staff) not in self._clients:
            self._clients[service, staff] = self._office.client(service, staff, self._headers)
        return self._clients[service, staff]


def _key(namespace: UUID, *words: str) -> str:
    return str(uuid5(namespace, "\n".join(words)))
