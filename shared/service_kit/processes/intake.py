"""How requests come in: a thread gets one that is there, and no client can keep a thread, or the process, by waiting.

The loop collects each head, and a small body, without a thread; what does not come in time is closed, and where too
many wait the oldest goes. It answers for liveness itself. A large body is read in a thread, by few at a time and not
below a slowest pace; an answer is not sent below it either.
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem

HEAD_SECONDS: Final = 10.0
"""From the first byte that may come to the end of the head; for a small body as long again."""
SILENT_SECONDS: Final = 15.0
"""Longest pause within a large body or an answer, and how long before a pace is asked of it."""
SLOWEST: Final = 20_000
"""Bytes a second, below which nobody is waited for: 1 MiB in a minute and a quarter."""
MOST_HEAD: Final = 64 * 1024
COLLECTED: Final = 64 * 1024
"""Bytes of a body that the loop collects; a larger one is read after the token was looked at."""
MOST_ARRIVING: Final = 128
MOST_LEAVING: Final = 64
MOST_IDLE: Final = 256
MOST_WAITING: Final = 256
"""Requests in threads and before them; all four together are fewer than `worker_connections`: it always accepts."""
LEAVING_SECONDS: Final = 2.0
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_AT_ONCE = re.compile(rb"\r\n(transfer-encoding|expect):", re.IGNORECASE)
_LIVE = re.compile(rb"GET /health/live[ ?]")


def _answer(status: str, body: bytes = b"") -> bytes:
    head = f"HTTP/1.1 {status}\r\nServer: kurashi\r\nConnection: close\r\nCache-Control: no-store\r\n"
    kind = "Content-Type: application/json\r\n" if body else ""
    return f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Paced:
    """A client's socket as a thread uses it: no wait without an end, and few threads that wait at a time.

    Args:
        slots: one for each thread that may wait for a body.
    """

    def __init__(self, sock: socket.socket, slots: threading.Semaphore) -> None:
        self._sock, self._slots = sock, slots
        self._holds, self._at_once = False, False
        self._begun, self._taken = 0.0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def recv(self, size: int) -> bytes:
        """What is there; else what comes, within a slot.

        Raises:
            Problem: too-slow; unavailable where too many wait already.
            TimeoutError: nothing is there, within `at_once`.
        """
        self._sock.settimeout(0)
        with suppress(BlockingIOError):
            return self._counted(self._sock.recv(size))
        if self._at_once:
            raise TimeoutError
        self._claim()
        self._sock.settimeout(_patience(self._begun, self._taken))
        try:
            return self._counted(self._sock.recv(size))
        except TimeoutError:
            telemetry.HALF_REQUESTS.labels("body").inc()
            raise Problem("too-slow") from None

    def sendall(self, data: bytes) -> None:
        """Send all.

        Raises:
            TimeoutError: the client takes it too slowly.
        """
        begun, sent, view = time.monotonic(), 0, memoryview(data)
        while sent < len(view):
            self._sock.settimeout(_patience(begun, sent))
            sent += self._sock.send(view[sent : sent + 262_144])

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Wait for nothing within."""
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False

    def release(self) -> None:
        """The request is over: another thread may wait."""
        if self._holds:
            self._holds = False
            self._slots.release()

    def _claim(self) -> None:
        if self._holds:
            return
        if not self._slots.acquire(blocking=False):
            telemetry.HALF_REQUESTS.labels("slots").inc()
            raise Problem("unavailable", retry_after=5)
        self._holds, self._begun, self._taken = True, time.monotonic(), 0

    def _counted(self, data: bytes) -> bytes:
        self._taken += len(data)
        return data


def _patience(begun: float, done: int) -> float:
    """Seconds for which more is waited for."""
    left = begun + SILENT_SECONDS + done / SLOWEST - time.monotonic()
    return max(0.001, min(left, SILENT_SECONDS))


@dataclass
class _Arriving:
    data: bytearray
    until: float
    expected: int = 0
    """Bytes to collect, once the head is there."""


class Intake(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, whose threads get requests that are there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[Any, _Arriving] = {}
        self._leaving: dict[Any, float] = {}
        self._slots = threading.Semaphore(max(1, self.cfg.threads // 2))
        self.live: bytes = getattr(self.app, "live", b'{"status": "live"}')

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its first request without a thread."""
        try:
            sock, address = listener.accept()
        except OSError:
            return
        self.nr_conns += 1
        self._arrive(TConn(self.cfg, Paced(sock, self._slots), address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """The next request of a connection that was kept begins."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._arrive(conn)
        self._more(conn, client)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """A thread is done with a request."""
        conn.sock.release()
        if fs.cancelled() or fs.exception() or not fs.result():
            self._leave(conn)
        elif begun := conn.parser.unreader.take_buffered():
            self._arrive(conn, begun)
        else:
            self._keep(conn)

    def murder_pending(self) -> None:
        """Close what did not come in time; at the end what has not begun."""
        now = time.monotonic()
        for conn, arriving in list(self._arriving.items()):
            if now >= arriving.until:
                self._refuse(conn, "408 Request Timeout", "head" if not arriving.expected else "body")
            elif not (self.alive or arriving.data):
                self._end(conn)
        for conn, until in list(self._leaving.items()):
            if now >= until or not self.alive:
                self._end(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        with conn.sock.at_once():
            return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + 1))

    def _keep(self, conn: Any) -> None:
        if len(self.keepalived_conns) >= MOST_IDLE:
            self._end(self.keepalived_conns.popleft())
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + LEAVING_SECONDS)
        self.keepalived_conns.append(conn)
        self._watch(conn, self.on_client_socket_readable)

    def _arrive(self, conn: Any, begun: bytes = b"") -> None:
        if len(self._arriving) >= MOST_ARRIVING:
            telemetry.HALF_REQUESTS.labels("crowd").inc()
            self._end(next(iter(self._arriving)))
        self._arriving[conn] = _Arriving(bytearray(begun), time.monotonic() + HEAD_SECONDS)
        self._watch(conn, self._more)
        if begun:
            self._look(conn)

    def _more(self, conn: Any, _client: Any) -> None:
        data = _read(conn)
        if data:
            self._arriving[conn].data += data
            self._look(conn)
        elif data is not None:
            self._end(conn)

    def _look(self, conn: Any) -> None:
        arriving = self._arriving[conn]
        end = arriving.data.find(b"\r\n\r\n") + 4
        if end < 4:
            if len(arriving.data) > MOST_HEAD:
                self._refuse(conn, "431 Request Header Fields Too Large", "head")
            return
        if _LIVE.match(arriving.data):
            self._tell(conn, _answer("200 OK", self.live))
            return
        if not arriving.expected:
            arriving.expected, arriving.until = _expected(arriving.data, end), time.monotonic() + HEAD_SECONDS
        if len(arriving.data) >= arriving.expected:
            self._hand_over(conn, bytes(arriving.data))

    def _hand_over(self, conn: Any, data: bytes) -> None:
        waiting = self.nr_conns - len(self._arriving) - len(self._leaving) - len(self.keepalived_conns)
        if waiting >= MOST_WAITING:
            self._refuse(conn, "503 Service Unavailable", "threads")
            return
        del self._arriving[conn]
        self.poller.unregister(conn.sock)
        conn.init()
        conn.data_ready = True
        conn.parser.unreader.unread(data)
        self.enqueue_req(conn)

    def _refuse(self, conn: Any, status: str, why: str) -> None:
        telemetry.HALF_REQUESTS.labels(why).inc()
        self._tell(conn, _answer(status))

    def _tell(self, conn: Any, answer: bytes) -> None:
        """Answer from the loop; a few bytes fit into any socket."""
        del self._arriving[conn]
        self.poller.unregister(conn.sock)
        with suppress(OSError):
            conn.sock.setblocking(False)
            conn.sock.send(answer)
        self._leave(conn)

    def _leave(self, conn: Any) -> None:
        """Close, once the client has read what was said; the loop does not stand still for it."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(conn)
            return
        if len(self._leaving) >= MOST_LEAVING:
            self._end(next(iter(self._leaving)))
        self._leaving[conn] = time.monotonic() + LEAVING_SECONDS
        self._watch(conn, self._last)

    def _last(self, conn: Any, _client: Any) -> None:
        if _read(conn) == b"":
            self._end(conn)

    def _watch(self, conn: Any, then: Callable[[Any, Any], None]) -> None:
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(then, conn))

    def _end(self, conn: Any) -> None:
        self._arriving.pop(conn, None)
        self._leaving.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


def _read(conn: Any) -> bytes | None:
    """What has come; None where nothing has, empty where the client is gone."""
    try:
        with conn.sock.at_once():
            return bytes(conn.sock.recv(COLLECTED))
    except TimeoutError:
        return None
    except OSError:
        return b""


def _expected(data: bytearray, end: int) -> int:
    """How many bytes to collect before a thread gets the request: its head, and a small body of known length."""
    head = bytes(data[:end])
    length = _LENGTH.search(head)
    if length is None or _AT_ONCE.search(head) or int(length[1]) > COLLECTED:
        return end
    return end + int(length[1])
