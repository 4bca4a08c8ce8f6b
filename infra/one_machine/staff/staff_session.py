"""One member of staff at the gateway's pages, asked for JSON; what is sent is sent again until it is answered."""

import time
from collections.abc import Callable
from typing import Any, Final

import requests

from infra.issuer.login import LoginFailed, confirmed
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office

PATIENCE_SECONDS: Final = 60.0
LONGEST_PAUSE_SECONDS: Final = 2.0
TIMEOUT_SECONDS: Final = 120
NOT_LOGGED_IN: Final = 401
Answer = dict[str, Any]


class Refused(MachineError):
    """A service refused; `problem` is its answer (RFC 9457)."""

    def __init__(self, service: str, path: str, problem: Answer) -> None:
        said = ": ".join(str(problem[part]) for part in ("title", "detail") if problem.get(part))
        super().__init__(f"{service} refuses {path}: {said or problem}")
        self.problem = problem


def answered(
    service: str, path: str, send: Callable[[], requests.Response], patience: float = PATIENCE_SECONDS
) -> Answer:
    """Send, again with growing pauses while service or login is away or fails, and return what is answered.

    Raises:
        Refused: it refuses, or failed for `patience` seconds.
    """
    deadline, pause = time.monotonic() + patience, 0.2
    while True:
        try:
            response = send()
            if response.status_code < 500 or time.monotonic() > deadline:
                return _content(service, path, response)
        except (requests.RequestException, LoginFailed):
            if time.monotonic() > deadline:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


class StaffSession:
    """One person's session at the pages, opened when it is needed."""

    def __init__(self, office: Office, staff: str) -> None:
        self._office, self._staff = office, staff
        self._session: requests.Session | None = None

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return answered("ui_gateway", path, lambda: self._send("GET", path))

    def act(self, path: str, key: str, fields: dict[str, str]) -> Answer:
        """Send a page's form; `key` names the act for ever."""
        headers = {"Idempotency-Key": key}
        return answered("ui_gateway", path, lambda: self._send("POST", path, data=fields, headers=headers))

    def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        for _ in range(2):
            url = self._office.urls["ui_gateway"] + path
            session = self._logged_in()
            response = session.request(method, url, timeout=TIMEOUT_SECONDS, **content)
            if page := _confirmation_page(response):
                return session.get(confirmed(page, self._staff), timeout=TIMEOUT_SECONDS)
            if response.status_code != NOT_LOGGED_IN:
                break
            self.close()
        return response

    def _logged_in(self) -> requests.Session:
        if self._session is None:
            session = self._office.browser(self._staff, first="/session")  # no first page that nobody reads
            session.headers["Accept"] = "application/json"
            response = session.get(f"{self._office.urls['ui_gateway']}/session", timeout=TIMEOUT_SECONDS)
            if not response.ok:
                session.close()
                response.raise_for_status()
            session.headers["Kurashi-Csrf"] = response.json()["csrf"]
            self._session = session
        return self._session


def _confirmation_page(response: requests.Response) -> str:
    """Where the issuer asks the person, if an act has to be confirmed there first; the way back does the act."""
    if response.status_code != NOT_LOGGED_IN:
        return ""
    problem = response.json()
    return str(problem.get("confirm_at", "")) if problem.get("type") == "/problems/step-up-required" else ""


def _content(service: str, path: str, response: requests.Response) -> Answer:
    try:
        content = dict(response.json())
    except ValueError:
        content = {"title": f"status {response.status_code}"}
    if not response.ok:
        raise Refused(service, path, content)
    return content
