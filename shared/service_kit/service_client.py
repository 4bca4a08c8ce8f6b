"""Other services over HTTP: a token, the trace, the correlation, a time-out, problems passed on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import has_request_context
from opentelemetry.trace import SpanKind

from shared.service_kit.catalog import Catalog
from shared.service_kit.identity.machine_tokens import MachineTokens
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.settings import Settings

SECONDS = 30.0
"""For acts and bytes: an import is read while one waits, a page of facts is some megabytes."""
CONNECT_SECONDS = 1.0
SHARE = 4
"""Threads of a web process that may ask others at a time, where the others may be asking it."""
SHARE_SECONDS = 0.25
LATE_ONES = 2
REST_SECONDS = 3.0
"""A service that was late so often in a row is not asked for so long."""


class Manners:
    """How one process asks: not those who are late again and again, and in a circle with a share of its threads."""

    def __init__(self, *, in_circle: bool = False) -> None:
        self._share = threading.Semaphore(SHARE) if in_circle else None
        self._late: dict[str, tuple[int, float]] = {}

    @contextmanager
    def asking(self, name: str) -> Iterator[None]:
        """Ask within.

        Raises:
            Problem: unavailable where the service is given a rest, or the share is used up.
        """
        count, at = self._late.get(name, (0, 0.0))
        if count >= LATE_ONES and time.monotonic() < at + REST_SECONDS:
            raise Problem("unavailable", detail=f"{name} の応答が遅れています", retry_after=round(REST_SECONDS))
        share = self._share if has_request_context() else None
        if share and not share.acquire(timeout=SHARE_SECONDS):
            raise Problem("unavailable", detail=f"{name} への問い合わせが混み合っています", retry_after=1)
        try:
            yield
            self._late.pop(name, None)
        except requests.Timeout:
            self._late[name] = (self._late.get(name, (0, 0.0))[0] + 1, time.monotonic())
            raise
        finally:
            if share:
                share.release()


@dataclass
class ServiceClient:
    """One other service, asked in the name of this service or, with ``token``, of a person."""

    name: str
    url: str
    session: requests.Session
    tokens: MachineTokens
    person_token: str = ""
    manners: Manners = field(default_factory=Manners)
    question_seconds: int = 2

    def get(self, path: str, params: dict[str, Any] | None = None, seconds: float = 0) -> dict[str, Any]:
        """Ask for JSON.

        Args:
            seconds: after which no answer is waited for; 0: as long as for a question (`Settings.question_seconds`).

        Raises:
            Problem: as the service answered it, or unavailable where it did not.
        """
        answer: dict[str, Any] = self._send("GET", path, seconds=seconds or self.question_seconds, params=params).json()
        return answer

    def post(self, path: str, *, json: Any = None, key: str, files: Any = None) -> dict[str, Any]:
        """Write; ``key`` is the Idempotency-Key, the same at each repetition."""
        answer = self._send("POST", path, json=json, files=files, headers={"Idempotency-Key": key})
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body

    def raw(self, path: str, params: dict[str, Any] | None = None) -> requests.Response:
        """Ask for bytes."""
        return self._send("GET", path, params=params)

    def _send(
        self, method: str, path: str, headers: dict[str, str] | None = None, seconds: float = SECONDS, **rest: Any
    ) -> requests.Response:
        with telemetry.span(f"{method} {self.name}", kind=SpanKind.CLIENT):
            token = self.person_token or self.tokens.token(self.name)
            all_headers = {
                "Authorization": f"Bearer {token}",
                "traceparent": telemetry.traceparent(),
                telemetry.CORRELATION_HEADER: telemetry.current_correlation(),
                **(headers or {}),
            }
            patience = (CONNECT_SECONDS, seconds)
            try:
                with self.manners.asking(self.name):
                    answer = self.session.request(
                        method, self.url + path, headers=all_headers, timeout=patience, allow_redirects=False, **rest
                    )
            except requests.RequestException as error:
                log().warning("peer.unreachable", peer=self.name, why=error_location(error))
                raise Problem("unavailable", detail=f"{self.name} に接続できません") from None
        if answer.is_redirect:  # no service sends anybody elsewhere, and a token is for this one alone
            raise Problem("unavailable", detail=f"{self.name} が応答できませんでした")
        if answer.status_code >= 400:
            raise _problem(answer, self.name)
        return answer


def _problem(answer: requests.Response, name: str) -> Problem:
    try:
        body = answer.json()
    except ValueError:
        body = None
    unknown = {"type": "/problems/unavailable", "detail": f"{name} が応答できませんでした ({answer.status_code})"}
    return Problem.from_body({**unknown, **(body if isinstance(body, dict) else {}), "status": answer.status_code})


class ServiceClients:
    """The other services by their names in the settings."""

    def __init__(self, settings: Settings, name: str, catalog: Catalog) -> None:
        self._settings, self._name, self._catalog = settings, name, catalog
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between services; to look for one costs a fifth of a question
        self._tokens = MachineTokens(settings, name)
        self._manners = Manners(in_circle=catalog.in_circle(name))

    def client(self, name: str, person_token: str = "") -> ServiceClient:
        """The service ``name``; with ``person_token`` asked in that person's name.

        Raises:
            LookupError: the catalog does not say that this service asks that one, or the settings name no address.
        """
        if name not in self._catalog.asks(self._name):
            raise LookupError(f"catalog.toml does not say that {self._name} asks {name}")
        url = self._settings.peers.get(name)
        if url is None:
            raise LookupError(f"KURASHI_PEERS names no address of {name}")
        patience = self._settings.question_seconds
        return ServiceClient(name, url, self._session, self._tokens, person_token, self._manners, patience)
