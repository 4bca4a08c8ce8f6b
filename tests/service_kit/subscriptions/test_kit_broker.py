"""Pages over a real broker: sent, lost, found again."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Producer

from shared.contracts.facts.payments import RunOpened
from shared.service_kit.processes.relay import Relay, publish, queue_for
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.broker]


@pytest.fixture
def running(services: Services, broker_url: str) -> Iterator[RunningService]:
    opened = services.open(service, broker_url=broker_url)
    _empty(broker_url)
    yield opened
    _empty(broker_url)


def _empty(broker_url: str) -> None:
    with Connection(broker_url) as broker:
        for name in ("audit_logging.payments.facts", "audit_logging.payments.looks"):
            broker.default_channel.queue_delete(name)


def _taken(broker_url: str, seconds: float = 5.0, stream: str = "facts") -> Any:
    with Connection(broker_url) as broker:
        queue = queue_for("audit_logging", "payments", stream)(broker.default_channel)
        queue.declare()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = queue.get(no_ack=True)
            if message:
                return message
            time.sleep(0.05)
    return None


def test_a_committed_fact_is_sent_as_a_signed_page_without_delay(running: RunningService, broker_url: str) -> None:
    relay = Relay(running.runtime)
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    client = running.client(person="demo-accountant", roles=["accountant"])
    mark = client.post("/marks", {"subject": "a", "value": 7}).json["mark_id"]
    message = _taken(broker_url)
    relay.running = False
    thread.join(5)
    assert message is not None
    body = message.body if isinstance(message.body, bytes) else message.body.encode()
    assert mark.encode() in body
    headers = message.headers
    assert running.runtime.verifier.holds("payments", headers["key_id"], headers["signature"], body)


def test_looks_of_one_moment_are_sent_as_one_page(running: RunningService, broker_url: str) -> None:
    relay = Relay(running.runtime)
    thread = threading.Thread(target=relay.run, daemon=True)
    client = running.client(person="demo-accountant", roles=["accountant"])
    thread.start()
    time.sleep(0.5)  # it listens, and has nothing to do
    for subject in ("a", "b", "c"):
        client.get(f"/marks/{subject}")
    message = _taken(broker_url, stream="looks")
    relay.running = False
    thread.join(5)
    assert [look["data"]["subjects"] for look in json.loads(message.body)["facts"]] == [["a"], ["b"], ["c"]]


def test_a_fact_is_not_held_up_by_a_look_of_the_same_commit(
    running: RunningService, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service_kit.processes.relay.LINGER_SECONDS", 20.0)
    relay = Relay(running.runtime)
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    time.sleep(0.5)
    with running.work() as work:
        work.look("mark", ["mark:1"], "casework")
        work.fact(RunOpened(run_id=uuid.uuid4(), month="2026-12", run_kind="regular", positions={}), "mark:1")
    assert _taken(broker_url) is not None
    relay.running = False
    thread.join(5)


def test_a_live_publisher_survives_an_emptied_broker(running: RunningService, broker_url: str) -> None:
    with running.work() as work:
        page = numbering.read_page(work.connection, running.runtime.signer, "payments", "facts", 0)
    queue = queue_for("audit_logging", "payments", "facts")
    with Connection(broker_url) as broker:
        producer = Producer(broker)
        publish(producer, queue, page)
        assert _taken(broker_url) is not None
        _empty(broker_url)
        publish(producer, queue, page)
        assert _taken(broker_url) is not None


def test_a_task_that_cannot_be_sent_is_no_failure(services: Services) -> None:
    away = services.open(service, broker_url="redis://127.0.0.1:1/0")
    with away.work() as work:
        work.wake("count", run_id=str(uuid.uuid4()))
    assert away.facts() == []
