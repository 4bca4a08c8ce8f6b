"""People and services at a service's HTTP door."""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any


class Reply:
    """An answer of a service to a test."""

    def __init__(self, response: Any) -> None:
        self.status_code: int = response.status_code
        self.content: bytes = response.data
        self.headers: Mapping[str, str] = response.headers

    @property
    def json(self) -> Any:
        """The answer's JSON."""
        return json.loads(self.content)


class Client:
    """A person or machine at a service's door; with ``confirm`` it steps up to what it approves, as a page does."""

    def __init__(self, app: Any, headers: dict[str, str], confirm: Callable[[str], str] | None = None) -> None:
        self._client = app.test_client()
        self._headers, self._confirm = headers, confirm

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        """Read."""
        return Reply(self._client.get(path, headers={**self._headers, **(headers or {})}))

    def post(
        self,
        path: str,
        json: Any = None,
        key: str | None = None,
        files: dict[str, bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Write; without ``key`` a fresh Idempotency-Key is taken, with "" none is sent."""
        from io import BytesIO

        value = secrets.token_hex(16) if key is None else key
        confirmed = self._confirmed(json)
        sent = {**self._headers, **confirmed, **({"Idempotency-Key": value} if value else {}), **(headers or {})}
        if files is not None:
            data = {name: (BytesIO(content), name) for name, content in files.items()}
            answer = self._client.post(path, data=data, headers=sent)
            answer.request.environ["wsgi.input"].close()  # Werkzeug keeps a large form in a file
            return Reply(answer)
        return Reply(self._client.post(path, json=json, headers=sent))

    def _confirmed(self, json: Any) -> dict[str, str]:
        if self._confirm is None or not isinstance(json, dict) or "sha256" not in json:
            return {}
        return {"Authorization": f"Bearer {self._confirm(json['sha256'])}"}
