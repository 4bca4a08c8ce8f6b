"""A deciding service as another service asks it whose case it is."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shared.access import deciding_services
from shared.service_kit.testing import RunningService

OUT_OF_SCOPE = {"type": "/problems/out-of-scope", "title": "担当外", "status": 403}
NO_CASE = {"type": "/problems/not-found", "title": "なし", "status": 404}


class DecidingDoor:
    """Answers every question with the status and the body that were said last; `asked` are the addresses."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 503, dict[str, Any](), list[str]()

    def says(self, status: int, body: dict[str, Any]) -> None:
        """From now on this is the answer."""
        self.status, self.body = status, body

    def lets_in(self, district: str = "01", caseworker: str | None = None, *, shielded: bool = False) -> None:
        """From now on the person may see the case, which is in this district."""
        self.says(200, {"district": district, "caseworker": caseworker, "shielded": shielded})


@contextmanager
def deciding_door(
    running: RunningService, monkeypatch: pytest.MonkeyPatch, name: str = "case_management"
) -> Iterator[DecidingDoor]:
    """A deciding service for the service that asks, which gets a token for it without an identity provider."""
    door = DecidingDoor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            door.asked.append(self.path)
            self.send_response(door.status)
            self.end_headers()
            self.wfile.write(json.dumps(door.body).encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setitem(running.runtime.settings.peers, name, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(deciding_services, "exchange", lambda *args: "a token of the same person")
    yield door
    server.shutdown()
    server.server_close()
