"""Requests of the command line to the services: the right token, and repetition with the same Idempotency-Key."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from infra.issuer.login import direct_session

TOKEN_SECONDS = 240.0
"""How long a token is used; the issuer gives five minutes."""
AWAY = frozenset({502, 503, 504})
NONE: Mapping[str, str] = {}
Files = Mapping[str, tuple[str, bytes, str]]
"""Form field → file name, content, media type."""


class Client:
    """One person's or machine's way to one service.

    Args:
        patience: seconds in which a question that failed is asked again.
        timeout: seconds that one answer is waited for.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        headers: Mapping[str, str] = NONE,
        patience: float = 60.0,
        timeout: float = 120.0,
    ) -> None:
        self._url = url
        self._ask_token = token
        self._patience, self._timeout = patience, timeout
        self._token = ""
        self._token_until = 0.0
        self._session = direct_session()
        self._session.headers.update(headers)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, **query: str) -> requests.Response:
        """Ask; the answer may be a problem."""
        return self._repeated("GET", path, params=query)

    def post(
        self, path: str, *, key: str, json: Any = None, files: Mapping[str, Any] | None = None
    ) -> requests.Response:
        """Do something once, however often it is repeated: `key` names the act for ever."""
        return self._repeated("POST", path, headers={"Idempotency-Key": key}, json=json, files=files)

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def _repeated(self, method: str, path: str, headers: Mapping[str, str] = NONE, **rest: Any) -> requests.Response:
        """Send until a service answers; one that died is started again by the parent."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                authorization = {"Authorization": f"Bearer {self._fresh_token()}"}
                answer = self._session.request(
                    method, self._url + path, headers={**headers, **authorization}, timeout=self._timeout, **rest
                )
                if answer.status_code not in AWAY or time.monotonic() > deadline:
                    return answer
            except (requests.ConnectionError, requests.Timeout):
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def _fresh_token(self) -> str:
        if time.monotonic() > self._token_until:
            self._token = self._ask_token()
            self._token_until = time.monotonic() + TOKEN_SECONDS
        return self._token
