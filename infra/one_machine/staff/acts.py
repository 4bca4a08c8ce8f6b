"""The acts of an office's month by synthetic staff: files are handed to the services, the rest is done at the pages.

Every act has a key made of the month's correlation, of what is done and of how often it was: repeated, it is answered
as the first time, and what was withdrawn is followed by a new one.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.client import Client
from infra.one_machine.processes.office import Office
from infra.one_machine.staff.staff_session import PATIENCE_SECONDS, Answer, StaffSession, answered
from shared.contracts.correlation import month_correlation

CASEWORKER, HEAD = "demo-caseworker", "demo-head"
ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER = "demo-accountant", "demo-head-of-accounting", "demo-treasurer"
PROPOSERS: Final = {"case_management": CASEWORKER, "support_benefits": CASEWORKER, "payments": ACCOUNTANT}
APPROVERS: Final = {"case_management": HEAD, "support_benefits": HEAD, "payments": HEAD_OF_ACCOUNTING}
DECIDING: Final = ("case_management", "support_benefits")
AGAIN_SECONDS: Final = 0.5
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
        self._sessions: dict[str, StaffSession] = {}

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
        """Approve an import by its hash, which the approver confirms at the issuer; one that came back, once more."""
        path, sha256 = f"/imports/{proposed['import_id']}/approval", str(proposed["sha256"])
        came_back = proposed.get("problem") or {}
        key = _key(IMPORTS, service, "approve", proposed["import_id"], *filter(None, [came_back.get("returned_at")]))
        with self._office.client(service, APPROVERS[service], self._headers, approves=[sha256]) as client:
            return answered(service, path, lambda: client.post(path, key=key, json={"sha256": sha256}))

    def propose_determinations(self, reason: str) -> dict[str, Answer]:
        """The collective determination (一括決定) of the month in every deciding service, opened where none stands."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            by_service = self._board(HEAD)["determinations"]
            standing = {service: _newest(by_service[service]["items"]) for service in DECIDING}
            if all(standing.values()):
                return {service: act for service, act in standing.items() if act}
            if time.monotonic() > deadline:
                raise MachineError(
                    f"{', '.join(service for service in DECIDING if not standing[service])} opens no act"
                )
            after = [f"{service} after {len(by_service[service]['items'])}" for service in DECIDING]
            opened = self._act(CASEWORKER, f"/months/{self.month}/determinations", *after, reason=reason)
            named = {service: opened.get(service) or standing[service] for service in DECIDING}
            if all(named.values()):
                return {service: act for service, act in named.items() if act}

    def determinations(self, opened: Mapping[str, Answer]) -> dict[str, Answer]:
        """How far the collective determinations are, by service; `unknown` where a service does not answer."""
        board = self._session(HEAD).get(f"/months/{self.month}")["determinations"]
        ids = {act["collective_id"] for act in opened.values()}
        acts_now = {
            service: act for service in opened for act in board[service]["items"] if act["collective_id"] in ids
        }
        return {service: acts_now.get(service, {"state": "unknown"}) for service in opened}

    def approve_determinations(self, proposed: Mapping[str, Answer]) -> Answer:
        """Approve collective determinations by their hashes."""
        hashes = {f"{service}_sha256": str(act["sha256"]) for service, act in proposed.items()}
        acts = [str(act["collective_id"]) for act in proposed.values()]
        return self._act(HEAD, f"/months/{self.month}/determinations/approval", *acts, **hashes)

    def open_run(self) -> Answer:
        """The regular payment run (定例支給) of the month, opened where none stands."""
        runs = self._board(HEAD_OF_ACCOUNTING)["runs"]
        standing = _newest([run for run in runs if run["run_kind"] == "regular"])
        return standing or self._act(ACCOUNTANT, f"/months/{self.month}/runs", f"after {len(runs)}", run_kind="regular")

    def run(self, run_id: str) -> Answer:
        """How far a payment run is."""
        return self._session(ACCOUNTANT).get(f"/runs/{run_id}")

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
        for session in self._sessions.values():
            session.close()

    def _board(self, staff: str) -> Answer:
        """The month's page once every service that it shows answers.

        Raises:
            MachineError: one does not for a minute.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            board = self._session(staff).get(f"/months/{self.month}")
            away = [service for service, part in board["determinations"].items() if "problem" in part]
            if not away and "runs_problem" not in board:
                return board
            if time.monotonic() > deadline:
                raise MachineError(f"{', '.join(away or ['payments'])} does not answer (status 503)")
            time.sleep(AGAIN_SECONDS)

    def _act(self, staff: str, path: str, *named: str, **fields: str) -> Answer:
        said = (f"{name}={value}" for name, value in sorted(fields.items()))
        key = _key(UUID(self.correlation), path, *named, *said)
        return self._session(staff).act(path, key, fields)

    def _post(self, service: str, staff: str, path: str, key: str, **content: Any) -> Answer:
        client = self._client(service, staff)
        return answered(service, path, lambda: client.post(path, key=key, **content))

    def _session(self, staff: str) -> StaffSession:
        return self._sessions.setdefault(staff, StaffSession(self._office, staff))

    def _client(self, service: str, staff: str) -> Client:
        if (service, staff) not in self._clients:
            self._clients[service, staff] = self._office.client(service, staff, self._headers)
        return self._clients[service, staff]


def _newest(items: Sequence[Answer]) -> Answer | None:
    """The newest of acts or runs that counts: neither withdrawn nor failed."""
    return next((item for item in reversed(items) if item["state"] not in ("withdrawn", "failed")), None)


def _key(namespace: UUID, *words: str) -> str:
    return str(uuid5(namespace, "\n".join(words)))
