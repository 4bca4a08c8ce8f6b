"""What lies around the routes: messages on the wire, headers of proxies, switches, documents, lines of the log."""

import io
import json
import logging
import sys
from dataclasses import replace
from typing import Any

import pytest
import structlog
from gunicorn.http.parser import RequestParser

from services.payments.app import service as payments
from services.ui_gateway.app import service as ui_gateway
from shared.service_kit.observability import logs
from shared.service_kit.processes.application import make_app
from shared.service_kit.processes.web import Web, read_kept
from shared.service_kit.runtime import Runtime
from shared.service_kit.settings import Settings
from shared.service_kit.testing import Services
from tests.architecture.test_walls import ROOT, SERVICES
from tests.service_kit.toy.app import service as toy

LOOPBACK = ("127.0.0.1", 50_000)


def read(message: bytes) -> Any:
    """The first request of a message, as the web process of a service reads it from its own machine."""
    config = Web(toy, toy.runtime(Settings(env="test"))).cfg
    return next(RequestParser(config, iter([message]), LOOPBACK))


@pytest.mark.database
def test_what_cannot_be_kept_in_memory_keeps_nothing_else_out(services: Services) -> None:
    runtime, read = services.open(toy).runtime, list[str]()

    def fail(_: Runtime) -> None:
        raise OSError("away")

    read_kept(replace(toy, kept=[fail, lambda each: read.append(each.name)]), runtime)
    assert read == [toy.name]


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: 5\r\n folded\r\n",
        b"Content-Length: 5\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_a_message_whose_length_can_be_read_in_two_ways_is_refused(lines: bytes) -> None:
    with pytest.raises(Exception, match=r"."):
        read(b"POST /marks HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n0\r\n\r\nGET /marks/a HTTP/1.1\r\n\r\n")


def test_no_header_names_the_scheme_or_a_part_of_the_address_even_from_this_machine() -> None:
    lines = b"SCRIPT_NAME: /marks\r\nPATH_INFO: /other\r\nX-Forwarded-Proto: https\r\nKurashi_Csrf: x\r\n"
    told = read(b"GET /marks/a HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
    assert told.scheme == "http"
    assert [name for name, _ in told.headers if "_" in name] == []


@pytest.mark.database
def test_a_query_that_names_one_thing_twice_is_bad_input(services: Services) -> None:
    machine = services.open(toy).client(machine="audit_logging")
    assert machine.get("/figures?month=2026-12").status_code == 200
    assert machine.get("/figures?month=2026-12&month=2026-11").status_code == 400


@pytest.mark.parametrize("service", [payments, ui_gateway], ids=lambda one: one.name)
def test_no_service_hands_out_its_document_a_folder_or_a_debugger(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = make_app(service, service.runtime(Settings(env="test", issuer_url="http://127.0.0.1:1")))
    assert not app.debug
    paths = ("/openapi.json", "/docs", "/static/", "/assets/", "/.git/config", "/metrics", "/console", "/catalog.toml")
    assert {path: app.test_client().get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_every_answer_names_no_referrer_and_is_not_framed() -> None:
    for service in (payments, ui_gateway):
        app = make_app(service, service.runtime(Settings(env="test", issuer_url="http://127.0.0.1:1")))
        for path in ("/health/live", "/nowhere"):
            headers = app.test_client().get(path).headers
            assert headers["Referrer-Policy"] == "no-referrer", path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path


@pytest.mark.parametrize("name", SERVICES)
def test_no_answer_declares_a_whole_account_number_or_its_holder(name: str) -> None:
    document = (ROOT / "services" / name / "openapi.yaml").read_text(encoding="utf-8")
    assert '"account_number"' not in document
    assert '"holder' not in document


@pytest.mark.database
def test_a_field_that_is_not_declared_changes_nothing(services: Services) -> None:
    running = services.open(toy)
    given = "00000000-0000-4000-8000-000000000000"
    sent = {"subject": "a", "value": 7, "fact_id": given, "mark_id": given, "actor": "person:demo-head"}
    assert running.client(person="demo-accountant", roles=["accountant"]).post("/marks", sent).status_code == 201
    ((fact_id, *rest),) = running.execute("SELECT fact_id, subject, value FROM marks")
    assert str(fact_id) != given
    assert rest == ["a", 7]
    assert [fact["actor"] for fact in running.facts()] == ["person:demo-accountant"]


def test_a_line_of_the_log_is_one_line_whatever_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    written, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(sys, "stderr", written)
    level = root.level
    try:
        logs.start_logs("payments.web")
        logging.getLogger("a.library").error('%s\r\n{"event": "forged"}\u2028\x1b[2J', "first")
    finally:
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["event"].startswith("first")
    assert "\x1b" not in line
