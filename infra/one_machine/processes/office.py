"""A running stack as seen from outside: its addresses, and ways in as staff or as the command line itself."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import requests

from infra.issuer.login import ClientCredentials, browser_session, machine_token, person_token
from infra.one_machine.folders import Folders
from infra.one_machine.processes.client import Client
from infra.one_machine.processes.environment import CALLBACK_OF_ONE_MACHINE, GATEWAY
from infra.one_machine.processes.locks import is_held
from infra.one_machine.processes.postgres import write_secret

CLIENT = "one_machine"
NOTE = "office.json"
HURRIED_PATIENCE, HURRIED_TIMEOUT = 3.0, 8.0
"""Seconds in which a failed question is repeated, and for one answer: figures of a large office take their time."""


@dataclass(frozen=True)
class Office:
    """Addresses of a running stack. `urls` are the web processes by service, `worker_urls` the workers' health.

    `patience` and `timeout` are the seconds of its clients.
    """

    folders: Folders
    urls: Mapping[str, str]
    worker_urls: Mapping[str, str]
    issuer_url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: float = 60.0
    timeout: float = 120.0

    def in_hurry(self) -> "Office":
        """The same office for one who asks how it is now: a service that does not answer is not waited for."""
        return replace(self, patience=HURRIED_PATIENCE, timeout=HURRIED_TIMEOUT)

    def client(
        self,
        service: str,
        staff: str | None = None,
        headers: Mapping[str, str] | None = None,
        approves: Sequence[str] = (),
    ) -> Client:
        """Return a way to one service, as a member of staff or, without one, as the command line itself.

        With `approves`, the SHA-256 of what is approved, the member of staff confirms them (step-up).
        """
        token = self.token_for(service, staff, approves)
        all_headers = {**self.headers, **(headers or {})}
        return Client(self.urls[service], token, all_headers, self.patience, self.timeout)

    def token_for(self, service: str, staff: str | None = None, approves: Sequence[str] = ()) -> Callable[[], str]:
        """Return a function that gets a fresh access token for one service."""
        if staff is None:
            return partial(machine_token, self.issuer_url, self.credentials(), service)
        return partial(person_token, self.issuer_url, staff, self.credentials(), service, approves)

    def browser(self, staff: str, first: str = "/") -> requests.Session:
        """Return a session of the pages, logged in as a member of staff, for whom the page `first` was opened."""
        return browser_session(f"{self.urls[GATEWAY]}/login?back={first}", staff)

    def note(self) -> None:
        """Write down the addresses, for a command that is called while the stack runs."""
        addresses = {"urls": self.urls, "worker_urls": self.worker_urls, "issuer_url": self.issuer_url}
        write_secret(self.folders.run / NOTE, json.dumps(addresses))

    def credentials(self) -> ClientCredentials:
        """Return what the command line proves itself with at the issuer."""
        secret = (self.folders.secrets / CLIENT / "kurashi_client_secret").read_text()
        return ClientCredentials(CLIENT, secret, CALLBACK_OF_ONE_MACHINE)


def running_office(folders: Folders) -> Office | None:
    """Return the stack that runs on a data folder and is ready, None where there is none."""
    note: Path = folders.run / NOTE
    if not is_held(folders.run) or not note.exists():
        return None
    return Office(folders, **json.loads(note.read_text()))
