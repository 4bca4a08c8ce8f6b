"""Other services over HTTP: a token, the trace, the correlation, a time-out, problems passed on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from opentelemetry.trace import SpanKind

from shared.service_kit import telemetry
from shared.service_kit.auth import MachineTokens
from shared.service_kit.logs import log
from shared.service_kit.problems import Problem, where

if TYPE_CHECKING:
    from shared.service_kit.service import Service

SECONDS = 30


@dataclass
class Peer:
    """One other service, asked in the name of this service or, with ``token``, of a person."""

    name: str
    url: str
    session: requests.Session
    tokens: MachineTokens
    person_token: str = ""

    def get(self, path: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask for JSON.

        Raises:
            Problem: as the service answered it, or unavailable where it did not.
        """
        answer: dict[str, Any] = self._send("GET", path, params=params).json()
        return answer

    def post(self, path: str, *, json: Any = None, key: str, files: Any = None) -> dict[str, Any]:
        """Write; ``key`` is the Idempotency-Key, the same at each repetition."""
        answer = self._send("POST", path, json=json, files=files, headers={"Idempotency-Key": key})
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body

    def raw(self, path: str, params: dict[str, Any] | None = None) -> requests.Response:
        """Ask for bytes."""
        return self._send("GET", path, params=params)

    def _send(self, method: str, path: str, headers: dict[str, str] | None = None, **rest: Any) -> requests.Response:
        with telemetry.span(f"{method} {self.name}", kind=SpanKind.CLIENT):
            token = self.person_token or self.tokens.token(self.name)
            all_headers = {
                "Authorization": f"Bearer {token}",
                "traceparent": telemetry.traceparent(),
                telemetry.CORRELATION_HEADER: telemetry.current_correlation(),
                **(headers or {}),
            }
            try:
                answer = self.session.request(
                    method, self.url + path, headers=all_headers, timeout=SECONDS, allow_redirects=False, **rest
                )
            except requests.RequestException as error:
                log().warning("peer.unreachable", peer=self.name, why=where(error))
                raise Problem("unavailable", detail=f"{self.name} に接続できません") from None
        if answer.is_redirect:  # no room sends anybody elsewhere, and a token is for this one alone
            raise Problem("unavailable", detail=f"{self.name} が応答できませんでした")
        if answer.status_code >= 400:
            raise _problem(answer, self.name)
        return answer


def _problem(answer: requests.Response, name: str) -> Problem:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    known = {"type", "title", "status", "detail", "field"}
    return Problem(
        str(body.get("type", "/problems/unavailable")).rsplit("/", 1)[-1],
        status=answer.status_code,
        title=body.get("title"),
        detail=body.get("detail", f"{name} が応答できませんでした ({answer.status_code})"),
        field=body.get("field"),
        extra={key: value for key, value in body.items() if key not in known},
    )


class Peers:
    """The other services by their names in the settings."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._session = requests.Session()
        self._tokens = MachineTokens(service.settings, service.name)

    def peer(self, name: str, person_token: str = "") -> Peer:
        """The service ``name``; with ``person_token`` asked in that person's name."""
        url = self._service.settings.peers.get(name)
        if url is None:
            raise LookupError(f"KURASHI_PEERS names no address of {name}")
        return Peer(name, url, self._session, self._tokens, person_token)
