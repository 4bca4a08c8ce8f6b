"""Requests that do not come, answers that nobody takes: they stop no process, and whoever is slow but honest is served.

Real sockets against a real process of the toy service.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
import pytest
import requests

from shared.service_kit.testing import RunningService, Services, make_token
from tests.service_kit.processes.toy_processes import Process, process_of, until
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
SECONDS = 2.0
THREADS = 8
NO_BROKER = "redis://127.0.0.1:1/0"
"""Nobody listens there: a worker lives on without its broker."""


@pytest.fixture(scope="module")
def running(services_of_file: Services) -> RunningService:
    return services_of_file.open(service)


@pytest.fixture(scope="module")
def web(running: RunningService) -> Iterator[Process]:
    with process_of(running, "web", TOY_SECONDS=str(SECONDS)) as process:
        yield process


@pytest.fixture(scope="module")
def worker(running: RunningService) -> Iterator[Process]:
    with process_of(running, "relay", TOY_SECONDS=str(SECONDS), KURASHI_BROKER_URL=NO_BROKER) as process:
        yield process


@contextmanager
def connections(process: Process, count: int, *begin: bytes) -> Iterator[list[socket.socket]]:
    """So many connections, of which each has sent so much and waits."""
    with ExitStack() as stack:
        opened = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", process.port), 5))
            for part in begin:
                connection.sendall(part)
            opened.append(connection)
        yield opened


def token() -> str:
    return "Bearer " + make_token("demo-accountant", ["accountant"], service.name)


def head(length: int, *lines: str) -> bytes:
    headers = [f"Authorization: {token()}", "Content-Type: application/json", "Idempotency-Key: 12345678", *lines]
    return "\r\n".join(["POST /marks HTTP/1.1", "Host: x", f"Content-Length: {length}", *headers, "", ""]).encode()


def said(connection: socket.socket, seconds: float = 5) -> bytes:
    """All that comes until the other side closes."""
    connection.settimeout(seconds)
    data = b""
    while part := connection.recv(65_536):
        data += part
    return data


def one_answer(connection: socket.socket) -> bytes:
    """One JSON answer on a connection that stays."""
    data = b""
    while not data.endswith(b"}"):
        data += connection.recv(65_536)
    return data


def is_served(process: Process, seconds: float = 1.8) -> bool:
    """An ordinary request is answered as fast as ever."""
    address = f"http://127.0.0.1:{process.port}/marks/a"
    return requests.get(address, headers={"Authorization": token()}, timeout=seconds).status_code == 200


BEGUN = pytest.mark.parametrize(
    "begin",
    [
        pytest.param(b"GE", id="a begun word"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /marks/a HTTP/1.1\r\nHost: x\r\n", id="a head without end"),
        pytest.param(head(100) + b'{"subject"', id="half a small body"),
        pytest.param(b"POST /marks HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n", id="a body, and no token"),
        pytest.param(head(900_000) + b'{"subject"', id="half a large body"),
        pytest.param(head(0, "Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b""), id="no first chunk"),
        pytest.param(b"GET /marks/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", id="closed on one side alone"),
        pytest.param(b"GET /marks/a HTTP/1.1\r\nHost: x\r\n\r\nGE", id="a second request begun behind the first"),
    ],
)


@BEGUN
def test_requests_that_do_not_come_stop_no_process(web: Process, begin: bytes) -> None:
    with connections(web, 3 * THREADS, begin):
        assert is_served(web)
        assert web.get("/health/live", 1.8).status_code == 200
        assert web.get("/health/ready", 1.8).status_code == 200


def test_every_request_that_does_not_come_is_closed_in_the_end(web: Process) -> None:
    with ExitStack() as stack:
        begins = [parameter.values[0] for parameter in BEGUN.args[1]]
        for connection in [stack.enter_context(connections(web, 1, begin))[0] for begin in begins]:
            said(connection)


def test_more_connections_than_a_process_can_hold_push_out_the_oldest_and_nobody_else(web: Process) -> None:
    with connections(web, 300, b"GE"):
        assert is_served(web)
        assert web.get("/health/live", 1.8).status_code == 200


def test_a_head_that_comes_byte_by_byte_is_closed_in_time(web: Process) -> None:
    with connections(web, 1, b"GET /marks/a HTTP/1.1\r\nX: ") as (connection,):
        begun = time.monotonic()
        with suppress(OSError):
            while time.monotonic() < begun + 4 * SECONDS:
                connection.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() - begun < 3 * SECONDS


def test_a_late_head_is_answered_with_408(web: Process) -> None:
    with connections(web, 1, b"GE") as (connection,):
        assert said(connection).startswith(b"HTTP/1.1 408 ")


def test_a_head_without_measure_is_refused(web: Process) -> None:
    with connections(web, 1, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000) as (connection,):
        assert said(connection).startswith(b"HTTP/1.1 431 ")


def test_idle_connections_keep_nobody_away(web: Process) -> None:
    request = f"GET /marks/a HTTP/1.1\r\nHost: x\r\nAuthorization: {token()}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(280):
            (idle,) = stack.enter_context(connections(web, 1, request))
            assert one_answer(idle).startswith(b"HTTP/1.1 200 ")
        assert is_served(web)
        idle.sendall(request)
        assert one_answer(idle).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("padding", [10, 70_000, 300_000])
def test_an_upload_that_is_slow_but_honest_is_taken(web: Process, padding: int) -> None:
    body = json.dumps({"subject": "a", "value": 7}).encode() + b" " * padding
    parts = 8
    size = len(body) // parts + 1
    with connections(web, 1, head(len(body)).replace(b"12345678", b"upload-%d" % padding)) as (connection,):
        for number in range(parts):
            connection.sendall(body[number * size : (number + 1) * size])
            time.sleep(SECONDS / parts / 2)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201 ")


def test_a_small_body_may_come_as_slowly_as_its_time_allows_and_no_more(web: Process) -> None:
    with connections(web, 1, head(30) + b'{"subject": ') as (connection,):
        assert said(connection).startswith(b"HTTP/1.1 408 ")


def test_who_asks_before_sending_may_go_on(web: Process) -> None:
    body = json.dumps({"subject": "a", "value": 7}).encode()
    with connections(web, 1, head(len(body), "Expect: 100-continue").replace(b"12345678", b"expectant")) as (
        connection,
    ):
        connection.settimeout(5)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201 ")


def test_liveness_is_answered_while_every_thread_waits_for_the_database(running: RunningService, web: Process) -> None:
    owner = psycopg.connect(running.runtime.settings.owner_database_url)
    body = json.dumps({"subject": "a", "value": 7}).encode()
    with owner, owner.transaction(force_rollback=True):
        owner.execute("LOCK TABLE marks")
        with connections(web, 2 * THREADS, head(len(body)) + body):
            assert web.get("/health/live", 1.8).json() == {"status": "live", "service": service.name}
    until(lambda: is_served(web))


def test_silent_connections_keep_nobody_from_a_workers_health(worker: Process) -> None:
    for begin in (b"", b"GE", b"GET /health/live HTTP/1.1\r\nX: "):
        with connections(worker, 50, begin) as silent:
            assert worker.get("/health/live", 1.8).status_code == 200
            for connection in silent:
                said(connection)
