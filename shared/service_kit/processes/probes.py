"""A small server for health and metrics: no client that waits, or many that do, keeps the next one from its answer."""

import socket
import time
from contextlib import suppress
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask

SECONDS: Final = 5.0
"""How long a connection may last."""
MOST: Final = 32
"""Connections at a time; one more ends the oldest."""


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Probes(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self._open: dict[socket.socket, float] = {}
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, and make service for it."""
        self._open[request] = time.monotonic() + SECONDS
        for oldest in list(self._open)[:-MOST]:
            self._cut(oldest)
        super().process_request(request, client_address)

    def service_actions(self) -> None:
        """Twice a second: end what lasts too long."""
        for request, until in list(self._open.items()):
            if time.monotonic() >= until:
                self._cut(request)

    def shutdown_request(self, request: Any) -> None:
        """One is answered."""
        self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no fault."""

    def _cut(self, request: socket.socket) -> None:
        self._open.pop(request, None)
        with suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)


def serve_probes(bind: str, port: int, app: Flask) -> None:
    """Serve until the process ends."""
    with _Probes((bind, port), _Silent) as server:
        server.set_app(app)
        server.serve_forever()
