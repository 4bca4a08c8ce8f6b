"""`./kurashi check` and `parked` name who does not answer, within seconds, and wait for nobody."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.one_machine.commands import check, parked
from infra.one_machine.folders import folders
from infra.one_machine.processes.office import Office
from infra.one_machine.processes.postgres import write_secret

SERVICES = ("case_management", "support_benefits", "payments", "audit_logging", "ui_gateway")


class Ready(BaseHTTPRequestHandler):
    """Says that it is ready, gives tokens, and answers no question else until the test is over."""

    over = threading.Event()

    def do_GET(self) -> None:
        if self.path != "/health/ready":
            self.over.wait(60)
        self.answer(b"{}")

    def do_POST(self) -> None:
        self.answer(b'{"access_token": "x"}')

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hanging() -> Iterator[str]:
    """The address of a process that is stopped: it takes connections, and reads nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def ready() -> Iterator[str]:
    Ready.over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ready)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Ready.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def office_at(tmp_path: Path, ready: str, **hung: str) -> Office:
    """An office in which everybody says to be ready but those who hang."""
    where = folders(tmp_path)
    where.make()
    secret = where.secrets / "one_machine"
    secret.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secret(secret / "kurashi_client_secret", "secret")
    urls = {name: hung.get(name, ready) for name in SERVICES}
    return Office(where, urls, {}, hung.get("issuer", ready))


@pytest.mark.parametrize("name", ["payments", "issuer"])
@pytest.mark.parametrize("command", ["check", "parked"])
def test_who_hangs_is_named_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    ready: str,
    name: str,
    command: str,
) -> None:
    main = {"check": check, "parked": parked}[command]
    with hanging() as address:
        office = office_at(tmp_path, ready, **{name: address})
        monkeypatch.setattr(main, "open_office", lambda *_, **__: nullcontext(office))
        monkeypatch.setattr(parked, "_list", lambda *_: [])
        began = time.monotonic()
        assert main.main(["--json"]) == 1
        assert time.monotonic() - began < 60
    read = capsys.readouterr()
    assert json.loads(read.out)["ok"] is False
    assert name in read.out
    assert name in read.err
    assert not any(other in read.out for other in SERVICES if other != name)


def test_who_falls_silent_during_the_check_is_named_too(tmp_path: Path, ready: str) -> None:
    began = time.monotonic()
    (one,) = check.check(office_at(tmp_path, ready))
    assert (one["ok"], list(one["figures"])) == (False, ["case_management"])
    assert time.monotonic() - began < 60
