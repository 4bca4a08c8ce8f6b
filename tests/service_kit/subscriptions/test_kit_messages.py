"""Whatever comes from the broker: what cannot be read is dropped, counted, and ends no worker."""

import base64
import gzip
import json
import signal
from collections.abc import Iterator
from statistics import median
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
import redis
from kombu import Connection, Producer, Queue

from shared.service_kit.jobs import chunks
from shared.service_kit.messaging.celery_app import MOST_BYTES, queue_name
from shared.service_kit.processes.relay import queue_for
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.processes.toy_processes import Process, process_of, until
from tests.service_kit.toy.app import count, service

pytestmark = [pytest.mark.database, pytest.mark.broker]
TASKS = Queue(queue_name("payments"), durable=True, auto_delete=False)
PAGES = queue_for("payments", "case_management", "facts")
READABLE = b"[[], {}, {}]"
COUNT = {"headers": {"task": count.name, "id": "1"}}
BODIES: list[bytes] = [
    b"",
    b"null",
    b"{",
    b"[]",
    b"7",
    b"\xff\xfe",
    b"[" * 100_000,
    b"[" * (MOST_BYTES - 1),
    b"x" * (MOST_BYTES + 1),
    b"[[], {}]",
    b"[[], null, {}]",
    b'[[], {"run_id": "1"}, {}]',
    b'[[], {"traceparent": "\\u0000"}, {}]',
    b'[[], {"correlation": 1}, {}]',
    b'{"task": null}',
]
PROPERTIES: list[dict[str, Any]] = [
    {"content_type": "application/x-python-serialize", "content_encoding": "binary"},
    {"content_type": "", "content_encoding": "no-such"},
    {"headers": {"compression": "application/x-gzip"}},
    {"headers": {"compression": "zlib", "task": 7, "id": None}},
    {"headers": {"retries": "x" * 5_000, "eta": "never", "expires": {}}},
]
HEADERS: list[dict[str, Any]] = [
    {},
    {"task": None},
    {"task": 7},
    {"task": "toy.nothing"},
    {"task": "celery.backend_cleanup"},
]
HOSTILE = {"eta": "never", "expires": {}, "retries": "x", "chord": 7, "replaced_task_nesting": "x", "ignore_result": 0}


@pytest.fixture
def running(services: Services, broker_url: str) -> Iterator[RunningService]:
    opened = services.open(service, broker_url=broker_url)
    _empty(broker_url)
    yield opened
    _empty(broker_url)


def _empty(broker_url: str) -> None:
    with Connection(broker_url) as broker:
        for queue in (TASKS, PAGES):
            broker.default_channel.queue_delete(queue.name)


def send(broker_url: str, queue: Any, messages: list[tuple[bytes, dict[str, Any]]]) -> int:
    with Connection(broker_url) as broker:
        producer = Producer(broker)
        queue.bind(producer.channel).declare()
        for body, properties in messages:
            all_properties = {"content_type": "application/json", "content_encoding": "utf-8", **COUNT, **properties}
            producer.publish(body, exchange="", routing_key=queue.name, serializer=None, **all_properties)
    return len(messages)


def push_raw(broker_url: str, queue: Any) -> int:
    """What a program that knows nothing of kombu's form leaves in a list of Redis; nothing on another broker."""
    if not broker_url.startswith("redis"):
        return 0
    properties = {"delivery_tag": "1", "delivery_info": {"exchange": "", "routing_key": queue.name}}
    body = base64.b64encode(b"{}").decode()
    odd: list[Any] = [
        *(None, 7, "x", [], {}, {"properties": None}, {"body": None, "properties": {}}),
        {"body": "#", "properties": {**properties, "body_encoding": "base64"}},
        {"body": body, "properties": {**properties, "body_encoding": "no-such"}},
        {"body": body, "properties": {**properties, "delivery_info": 7, "body_encoding": "base64"}},
        {"body": body, "properties": {**properties, "body_encoding": "base64"}, "headers": 7},
    ]
    raw = [b"", b"{", b"\xff\x00", b"[" * 50_000, *(json.dumps(message).encode() for message in odd)]
    with redis.Redis.from_url(broker_url) as client:
        client.lpush(queue.name, *raw)
    return len(raw)


def garbage(broker_url: str, queue: Any = TASKS) -> int:
    bomb = gzip.compress(READABLE)
    compressed = (bomb, {"headers": {"compression": "application/x-gzip"}})
    plain: list[tuple[bytes, dict[str, Any]]] = [(body, {}) for body in BODIES]
    odd: list[tuple[bytes, dict[str, Any]]] = [(b"{", properties) for properties in PROPERTIES]
    odd += [(READABLE, {"headers": headers}) for headers in HEADERS]
    return send(broker_url, queue, [*plain, *odd, compressed]) + push_raw(broker_url, queue)


def open_chunk(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", str(uuid4()), [{"value": 7}])


def all_done(running: RunningService) -> bool:
    return running.execute("SELECT 1 FROM chunks WHERE state IN ('open', 'done')") == []


def dropped(process: Process) -> float:
    return process.metric("kurashi_messages_dropped_total")


def test_a_message_that_cannot_be_read_ends_no_worker_and_is_dropped_and_counted(
    running: RunningService, broker_url: str
) -> None:
    open_chunk(running)
    waiting = garbage(broker_url)
    send(broker_url, TASKS, [(READABLE, {})])
    with process_of(running, "tasks") as process:  # no schedule here: what is done, the readable message asked for
        until(lambda: all_done(running), 20)
        until(lambda: dropped(process) == waiting, 20)
        more = garbage(broker_url)
        open_chunk(running)
        send(broker_url, TASKS, [(READABLE, {})])
        until(lambda: all_done(running), 20)
        until(lambda: dropped(process) == waiting + more, 20)
        assert process.popen.poll() is None
        process.popen.send_signal(signal.SIGTERM)
        assert process.popen.wait(10) == 0
    with Connection(broker_url) as broker:
        assert TASKS(broker.default_channel).get(no_ack=True) is None, "nothing comes back"


def test_what_a_message_says_beside_its_task_is_left_aside(running: RunningService, broker_url: str) -> None:
    with process_of(running, "tasks") as process:
        open_chunk(running)
        body = b'[["x"], {}, {"callbacks": 7, "chord": "x"}]'
        send(broker_url, TASKS, [(body, {"headers": {**COUNT["headers"], **HOSTILE}, "reply_to": "x"})])
        until(lambda: all_done(running), 20)
        assert (process.popen.poll(), dropped(process)) == (None, 0)


def test_work_that_is_asked_for_while_both_hands_are_full_is_begun_as_soon_as_one_is_free(
    running: RunningService, broker_url: str
) -> None:
    """A month is a chain of short tasks; each of them waited two seconds for the next look at the broker."""
    waited = []
    with process_of(running, "tasks"):
        for _ in range(12):
            open_chunk(running)
            send(broker_url, TASKS, [(READABLE, {})] * 2)
            began = monotonic()
            until(lambda: all_done(running), 20)
            waited.append(monotonic() - began)
    assert median(waited) < 1.5, "each would wait two seconds; the first waits for the worker to start"


def test_a_page_that_cannot_be_read_ends_no_worker(running: RunningService, broker_url: str) -> None:
    fact = running.fact("mark.v1", {"value": 7}, "mark:1")
    with process_of(running, "tasks") as process:
        garbage(broker_url, PAGES)
        body, key_id, signature = running.page("case_management", [fact], 1)
        send(broker_url, PAGES, [(body, {"headers": {"key_id": key_id, "signature": signature}})])
        until(lambda: running.execute("SELECT value FROM marks") == [(7,)], 20)
        assert process.popen.poll() is None


@pytest.mark.parametrize("refused", ["maxmemory", "min-replicas-to-write"])
def test_a_broker_that_refuses_writes_is_waited_for(running: RunningService, broker_url: str, refused: str) -> None:
    if not broker_url.startswith("redis"):
        pytest.skip("elsewhere: another broker refuses in another way")
    with redis.Redis.from_url(broker_url) as client:
        former = client.config_get(refused)[refused]
        client.config_set(refused, 1)
        try:
            with process_of(running, "worker") as process:
                until(lambda: process.metric("kurashi_broker_away") == 1, 20)
                assert process.get("/health/ready").status_code == 503
                client.config_set(refused, former)
                open_chunk(running)
                until(lambda: all_done(running), 20)
                until(lambda: process.get("/health/ready").status_code == 200, 20)
        finally:
            client.config_set(refused, former)
