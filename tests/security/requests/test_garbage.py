"""Garbage on real sockets, at real processes of every service and of the issuer: told as bad input, no fault of ours.

An answer of 500 says that we are at fault. Nothing of ours is, whatever comes.
"""

import importlib
import json
import os
import re
import secrets
import signal
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

import pytest
import requests

from infra.issuer.clients import secret_digest
from infra.one_machine.processes.forking import Forked
from shared.contracts.permissions import PERMISSIONS, SERVICE
from shared.service_kit.http.routing import Route
from shared.service_kit.service import Service
from shared.service_kit.testing import Services, make_token
from tests.architecture.test_access_matrix import operations, path_of
from tests.architecture.test_walls import SERVICES
from tests.security.requests.garbage import bodies, queries, to_read, to_write
from tests.service_kit.processes.toy_processes import Process, _free_port, process_of, until

pytestmark = pytest.mark.database
NOBODY = "http://127.0.0.1:1"
MANY = "1000000"
UNLIMITED = {f"KURASHI_{name}_A_MINUTE": MANY for name in ("REFUSALS", "PERSON", "MACHINE", "FAILED_LOGINS")}
FORMS = ("/authorize", "/token", "/end_session", "/logins/end")
PAGES = ("/login", "/callback", "/logout", "/session", "/", "/months/2026-12", "/assets/x.css")
ALLOWED = {501, 503, 505}
"""What is no fault of ours: an encoding or version that nobody speaks here; another service that is away."""


def status(port: int, sent: bytes) -> int:
    """The status of the answer; 0 where the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.settimeout(20)
        data = b""
        with suppress(ConnectionError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                data += part
    return int(data.split(b" ", 2)[1]) if data.startswith(b"HTTP/") else 0


def faults(port: int, messages: Sequence[bytes]) -> list[tuple[int, bytes]]:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda sent: status(port, sent), messages))
    wrong = [(one, sent) for one, sent in zip(answers, messages, strict=True) if one >= 500 and one not in ALLOWED]
    return [(one, re.sub(rb"Bearer ey[^\r]*", b"Bearer ...", sent)[:300]) for one, sent in wrong]


def token(service: Service, route: Route) -> bytes:
    role = min(PERMISSIONS[str(route.permission)])
    kind = "machine" if role == SERVICE else "person"
    scope = f"kurashi:{str(route.permission).replace('.', ':')}"
    told = make_token("somebody", [role], service.name, kind, districts=["01"], scope=scope)
    return f"Authorization: Bearer {told}".encode()


def for_routes(service: Service) -> Iterator[bytes]:
    """For each route what only it can get wrong; heads, lengths, chunks once for each kind of route."""
    kinds = set()
    for number, route in enumerate(operations(service)):
        own, path, kind = token(service, route), path_of(route).encode(), (route.method, route.upload)
        if not route.writes:
            yield from queries(path, own) if kind in kinds else to_read(path, own)
        else:
            sent = bodies(path, own) if kind in kinds else to_write(path, own)
            for place, one in enumerate(sent):
                yield one.replace(own, own + b"\r\nIdempotency-Key: garbage-%d-%d" % (number, place), 1)
        kinds.add(kind)


def for_pages() -> Iterator[bytes]:
    for path in PAGES:
        yield from queries(path.encode(), b"Cookie: kurashi=x")
    for path in ("/backchannel-logout", "/logout"):
        yield from to_write(path.encode(), b"Cookie: kurashi=x", b"Kurashi-Csrf: x")


def unhandled(log: Path) -> list[str]:
    """Lines of the log of a fault that nobody foresaw."""
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if re.search(r"request\.failed|Traceback|Error handling request", line)]


@pytest.mark.parametrize("name", SERVICES)
def test_garbage_is_never_a_fault_of_a_service(services: Services, tmp_path: Path, name: str) -> None:
    service = importlib.import_module(f"services.{name}.app").service
    running = services.open(service, peers=dict.fromkeys(SERVICES, NOBODY))
    messages = [*for_routes(service), *(for_pages() if name == "ui_gateway" else ())]
    log = tmp_path / "log"
    with process_of(running, "web", f"services.{name}.app", log, **UNLIMITED) as process:
        wrong = faults(process.port, messages)
        assert process.get("/health/ready").status_code == 200
    assert (wrong, unhandled(log)) == ([], [])


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[tuple[Process, str, Path]]:
    """A real process of the issuer, one of its clients with the secret, and its log."""
    port, secret = _free_port(), secrets.token_urlsafe(16)
    (tmp_path / "clients.json").write_text(json.dumps({"ui_gateway": secret_digest(secret)}))
    environment = {
        "PATH": os.environ["PATH"],
        "KURASHI_ENV": "test",
        "KURASHI_SECRETS_DIR": str(tmp_path),
        "KURASHI_PORT": str(port),
        "KURASHI_ISSUER_URL": f"http://127.0.0.1:{port}",
        "KURASHI_REDIRECT_URIS": json.dumps({"ui_gateway": ["http://127.0.0.1:1/callback"]}),
    }
    log = tmp_path / "log"
    with open(os.devnull) as nothing:
        popen = Forked("issuer", ["infra.issuer"], environment, log, nothing.fileno())
    process = Process(popen, port)
    try:
        until(lambda: _is_up(process), 30)
        yield process, secret, log
    finally:
        popen.send_signal(signal.SIGTERM)
        popen.wait(10)


def _is_up(process: Process) -> bool:
    try:
        return process.get("/health/live", 1).ok
    except requests.RequestException:
        return False


def test_garbage_is_never_a_fault_of_the_issuer(issuer: tuple[Process, str, Path]) -> None:
    process, secret, log = issuer
    basic = requests.Request("POST", "http://x", auth=("ui_gateway", secret)).prepare().headers["Authorization"]
    own = f"Authorization: {basic}".encode()
    messages = [one for path in (*FORMS, "/jwks") for make in (to_read, to_write) for one in make(path.encode(), own)]
    messages += list(odd_grants(own))
    wrong = faults(process.port, messages)
    assert process.get("/jwks").status_code == 200
    assert (wrong, unhandled(log)) == ([], [])


def test_half_requests_stop_no_issuer(issuer: tuple[Process, str, Path]) -> None:
    process, _, _ = issuer
    begun = (b"", b"GE", b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
    with ExitStack() as stack:
        for begin in begun * 12:
            one = stack.enter_context(socket.create_connection(("127.0.0.1", process.port), 5))
            one.sendall(begin)
        assert process.get("/jwks", 1.8).status_code == 200
        assert process.get("/health/live", 1.8).status_code == 200


ODD_GRANTS = (
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:token-exchange",
)
ODD_NAMES = ("code", "refresh_token", "subject_token", "scope", "code_verifier", "redirect_uri")
_DEEP = "W" * 3_000
ODD_VALUES = (
    "",
    "%00",
    "%ff",
    "a.b.c",
    f"{_DEEP}.{_DEEP}.x",
    "%E5%A4%9C",
    "W10.W10.W10",
    "e30.e30.",
    "bnVsbA.bnVsbA.x",
)
ODD_DETAILS = (
    "%00",
    "%ff",
    "[]",
    "[1]",
    "{}",
    "null",
    "NaN",
    "[" * 2_000,
    '[{"type":"kurashi_approval","sha256":[1]}]',
)


def odd_forms() -> Iterator[tuple[bytes, str]]:
    """Forms that name a grant, with tokens and parameters that are none, by the path that they are sent to."""
    kind = "subject_token_type=urn:ietf:params:oauth:token-type:access_token"
    for grant, name, value in product(ODD_GRANTS, ODD_NAMES, ODD_VALUES):
        yield b"/token", f"grant_type={grant}&{name}={value}&audience=payments&{kind}"
    base = (
        "client_id=ui_gateway&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&response_type=code"
        f"&code_challenge_method=S256&code_challenge={'a' * 43}&acr_values=step-up&login_hint=demo-head"
    )
    for one in ODD_DETAILS:
        yield b"/authorize", f"{base}&authorization_details={one}&state=%0d%0aX:y&nonce=%00"


def odd_grants(own: bytes) -> Iterator[bytes]:
    """The odd forms as requests of a client."""
    fixed = [b"Host: x", b"Connection: close", own, b"Content-Type: application/x-www-form-urlencoded"]
    for path, form in odd_forms():
        body = form.encode()
        head = [b"POST " + path + b" HTTP/1.1", *fixed, b"Content-Length: %d" % len(body)]
        yield b"\r\n".join([*head, b"", body])
