"""Asking other services: two seconds, no longer than the other is worth it, and never in a circle without an end."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from shared.service_kit import service_client
from shared.service_kit.catalog import Catalog
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings
from shared.service_kit.testing import RunningService, Services, make_token
from tests.service_kit.processes.toy_processes import _free_port, process_of
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database


@pytest.fixture
def silent() -> Iterator[str]:
    """A service that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_client, "REST_SECONDS", 1.0)


def asking(services: Services, url: str, name: str = "case_management") -> RunningService:
    running = services.open(service, peers={name: url})
    running.runtime.clients._tokens._kept[name] = ("a token of this service", float("inf"))
    return running


def test_a_service_that_does_not_answer_is_waited_for_two_seconds_and_then_given_a_rest(
    services: Services, silent: str
) -> None:
    peer = asking(services, silent).runtime.clients.client("case_management")
    took = []
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(Problem, match="unavailable"):
            peer.get("/figures", seconds=0.3)
        took.append(time.monotonic() - began)
    assert min(took[:2]) >= 0.3 > took[2]
    time.sleep(service_client.REST_SECONDS)
    began = time.monotonic()
    with pytest.raises(Problem, match="unavailable"):
        peer.get("/figures", seconds=0.3)
    assert time.monotonic() - began >= 0.3, "it is asked again after its rest"
    assert Settings().question_seconds == 2


def test_nobody_is_asked_whom_the_catalog_does_not_name(services: Services, silent: str) -> None:
    running = asking(services, silent, "ui_gateway")
    with pytest.raises(LookupError, match=r"catalog\.toml"):
        running.runtime.clients.client("ui_gateway")


def test_services_that_ask_each_other_in_a_circle_go_on_answering(services: Services) -> None:
    """A circle of one: each request asks the same process, whose threads all wait for an answer of their own."""
    running, port = services.open(service), _free_port()
    peers_of = json.dumps({"case_management": f"http://127.0.0.1:{port}"})
    token = make_token("demo-accountant", ["accountant"], service.name)

    def ask(_: int) -> int:
        address = f"http://127.0.0.1:{port}/round"
        return requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code

    with process_of(running, "web", port=port, KURASHI_PEERS=peers_of), ThreadPoolExecutor(24) as pool:
        began = time.monotonic()
        answers = list(pool.map(ask, range(24)))
        assert time.monotonic() - began < 30
    assert set(answers) <= {200, 503}
    assert answers.count(200) >= service_client.SHARE


def test_the_catalog_knows_who_stands_in_a_circle() -> None:
    def catalog(**calls: list[str]) -> Catalog:
        return Catalog({name: {"calls": asked, "subscriptions": []} for name, asked in calls.items()})

    assert not any(catalog(a=["b", "c"], b=["c"], c=[]).in_circle(name) for name in "abc")
    around = catalog(a=["b"], b=["c"], c=["a"], d=["a"])
    assert [around.in_circle(name) for name in "abcd"] == [True, True, True, False]


@pytest.mark.parametrize("body", [b"[]", b"null", b"3", b"{", b"<html>", b'{"detail": "no type"}', b"\xff"])
def test_an_answer_that_is_no_problem_is_passed_on_as_one(
    services: Services, silent: str, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    answer = requests.Response()
    answer.status_code, answer._content = 502, body
    peer = asking(services, silent).runtime.clients.client("case_management")
    monkeypatch.setattr(peer.session, "request", lambda *_, **__: answer)
    with pytest.raises(Problem) as refused:
        peer.get("/figures")
    assert (refused.value.name, refused.value.status) == ("unavailable", 502)
