"""The acts of an office's month, by synthetic staff over HTTP; each is done once however often it is sent."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

import requests

from infra.one_machine.client import Client
from infra.one_machine.office import Office
from infra.one_machine.problems import MachineError
from shared.contracts.correlation import month_correlation

CASEWORKER, HEAD = "demo-caseworker", "demo-head"
ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER = "demo-accountant", "demo-head-of-accounting", "demo-treasurer"
PROPOSERS: Final = {"case_management": CASEWORKER, "support_benefits": CASEWORKER, "payments": ACCOUNTANT}
APPROVERS: Final = {"case_management": HEAD, "support_benefits": HEAD, "payments": HEAD_OF_ACCOUNTING}
DECIDING: Final = ("case_management", "support_benefits")
IMPORTS: Final = UUID("0a5a4f0e-5c1c-5a7e-8f0c-3f7f6b6f2f10")
"""Names imports by their content, whatever the month in which they are handed in."""
TRIES: Final = 5
Answer = dict[str, Any]


class Refused(MachineError):
    """A service refused; `problem` is its answer (RFC 9457)."""

    def __init__(self, service: str, path: str, problem: Answer) -> None:
        said = ": ".join(str(problem[part]) for part in ("title", "detail") if problem.get(part))
        super().__init__(f"{service} refuses {path}: {said or problem}")
        self.problem = problem


class Acts:
    """What the staff of one office do in one month. Answers are those of the services.

    Every act has a key made of the month's correlation and what is done, so that a second run is answered as the first.
    """

    def __init__(self, office: Office, month: str) -> None:
        self._office = office
        self.month = month
        self.correlation = month_correlation(month)
        self._clients: dict[tuple[str, str], Client] = {}

    def propose_import(self, service: str, content: str, files: Mapping[str, bytes]) -> Answer:
        """Hand files in; `content` is their hash, so that the same files are found again in another month."""
        parts = {name: (name, data, "text/csv") for name, data in files.items()}
        key = _key(IMPORTS, service, "import", content)
        return self._post(service, PROPOSERS[service], "/imports", key, files=parts)

    def imported(self, service: str, import_id: str) -> Answer:
        """How far an import is."""
        return self._get(service, APPROVERS[service], f"/imports/{import_id}")

    def approve_import(self, service: str, proposed: Answer) -> Answer:
        """Approve an import by its hash."""
        path = f"/imports/{proposed['import_id']}/approval"
        key = _key(IMPORTS, service, "approve", proposed["import_id"])
        return self._post(service, APPROVERS[service], path, key, json={"sha256": proposed["sha256"]})

    def propose_determination(self, service: str, reason: str) -> Answer:
        """Open the collective determination (一括決定) of the month."""
        body = {"month": self.month, "reason": reason}
        key = self._month_key(service, "determine", reason)
        return self._post(service, CASEWORKER, "/collective-determinations", key, json=body)

    def determination(self, service: str, collective_id: str) -> Answer:
        """How far a collective determination is."""
        return self._get(service, HEAD, f"/collective-determinations/{collective_id}")

    def approve_determination(self, service: str, proposed: Answer) -> Answer:
        """Approve a collective determination by its hash."""
        path = f"/collective-determinations/{proposed['collective_id']}/approval"
        key = self._month_key(service, path, proposed["sha256"])
        return self._post(service, HEAD, path, key, json={"sha256": proposed["sha256"]})

    def runs(self) -> list[Answer]:
        """The payment runs of the month."""
        return list(self._get("payments", ACCOUNTANT, "/runs", month=self.month)["items"])

    def open_run(self, run_kind: str = "regular") -> Answer:
        """Open the payment run (支給処理)."""
        body = {"month": self.month, "run_kind": run_kind}
        return self._post("payments", ACCOUNTANT, "/runs", self._month_key("payments", "run", run_kind), json=body)

    def run(self, run_id: str) -> Answer:
        """How far a payment run is."""
        return self._get("payments", ACCOUNTANT, f"/runs/{run_id}")

    def approve_run(self, proposed: Answer) -> Answer:
        """Approve a payment run by its hash."""
        return self._decide_run(HEAD_OF_ACCOUNTING, proposed, "approval")

    def accept_run(self, approved: Answer) -> Answer:
        """Accept the disbursement order (支出命令) by the hash that was approved."""
        return self._decide_run(TREASURER, approved, "acceptance")

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _decide_run(self, staff: str, run: Answer, act: str) -> Answer:
        path = f"/runs/{run['run_id']}/{act}"
        key = self._month_key("payments", path, run["sha256"])
        return self._post("payments", staff, path, key, json={"sha256": run["sha256"]})

    def _month_key(self, *words: str) -> str:
        return _key(UUID(self.correlation), *words)

    def _get(self, service: str, staff: str, path: str, **query: str) -> Answer:
        client = self._client(service, staff)
        return _answer(service, path, lambda: client.get(path, **query))

    def _post(self, service: str, staff: str, path: str, key: str, **content: Any) -> Answer:
        client = self._client(service, staff)
        return _answer(service, path, lambda: client.post(path, key=key, **content))

    def _client(self, service: str, staff: str) -> Client:
        if (service, staff) not in self._clients:
            headers = {"Kurashi-Correlation": self.correlation}
            self._clients[service, staff] = self._office.client(service, staff, headers)
        return self._clients[service, staff]


def _answer(service: str, path: str, send: Callable[[], requests.Response]) -> Answer:
    """Send, again where the service failed (the same key does it once), and return what it answers.

    Raises:
        Refused: it refuses.
    """
    for attempt in range(1, TRIES + 1):
        response = send()
        if response.status_code < 500 or attempt == TRIES:
            break
        time.sleep(0.2 * 2**attempt)
    try:
        content = dict(response.json())
    except ValueError:
        content = {"title": f"status {response.status_code}"}
    if not response.ok:
        raise Refused(service, path, content)
    return content


def _key(namespace: UUID, *words: str) -> str:
    return str(uuid5(namespace, "\n".join(words)))
