"""A service's page key changes while everybody works: no page is lost, and none is believed under a key taken back."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from werkzeug.serving import make_server

from shared.service_kit.observability import telemetry
from shared.service_kit.processes.listener import _page_came, poll_producers
from shared.service_kit.processes.relay import Relay, queue_for
from shared.service_kit.provisioning import key_files, provision
from shared.service_kit.streams.signing import Signer, Verifier
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.testing import Services, make_token
from tests.service_kit.streams.test_kit_streams import _Marked
from tests.service_kit.toy.app import service, take_marks

pytestmark = [pytest.mark.database, pytest.mark.broker]
PRODUCER = "payments"
SUBSCRIPTION = Subscription(PRODUCER, "facts", take_marks)
QUEUE = queue_for("audit_logging", PRODUCER, "facts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The secrets of an office."""
    key_files.make_keys(tmp_path, ["payments", "audit_logging"])
    return tmp_path


class Offices:
    """A producer and a consumer of one office's keys, with a real broker and the producer's own door between."""

    def __init__(self, services: Services, folder: Path, broker_url: str) -> None:
        self.services, self.folder, self.broker_url = services, folder, broker_url
        keys = {"producer_keys_file": folder / key_files.PUBLIC, "broker_url": broker_url}
        self.producer = services.open(service, signing_key=self.pem(), **keys)
        self.server = make_server("127.0.0.1", 0, lambda *call: self.producer.app(*call))
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        peers = {PRODUCER: f"http://127.0.0.1:{self.server.server_port}"}
        self.consumer = services.open(replace(service, subscriptions=[SUBSCRIPTION]), peers=peers, **keys)
        self.consumer.hand_in(catalog=_Catalog())
        token = make_token("audit_logging", ["service"], PRODUCER, "machine", scope="kurashi:events:read")
        self.consumer.runtime.clients._tokens._kept[PRODUCER] = (token, float("inf"))

    def pem(self) -> str:
        return (self.folder / PRODUCER / key_files.PAGE_KEY).read_text()

    def restart_producer(self) -> None:
        """Its process starts anew, with the key that its folder has now."""
        self.producer.hand_in(signer=Signer(self.pem()))

    def tell(self, value: int) -> None:
        """One fact, committed, numbered, and sent as a signed page."""
        with self.producer.work() as work:
            work._publish("facts", _Marked(value), "case:1", None)
        relay = Relay(self.producer.runtime)
        relay.number()
        self.producer.hand_in(catalog=_Catalog())
        with Connection(self.broker_url) as broker:
            relay._send("facts", broker.Producer())

    def take(self) -> None:
        """The consumer takes what lies in its queue."""
        with Connection(self.broker_url) as broker:
            queue = QUEUE(broker.default_channel)
            queue.declare()
            while message := queue.get(no_ack=True):
                _page_came(self.consumer.runtime, {QUEUE.name: SUBSCRIPTION}, message)

    def values(self) -> list[int]:
        return [row[0] for row in self.consumer.execute("SELECT value FROM marks ORDER BY value")]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        with Connection(self.broker_url) as broker:
            broker.default_channel.queue_delete(QUEUE.name)


class _Catalog:
    def asks(self, name: str) -> set[str]:
        del name
        return {PRODUCER}

    def in_circle(self, name: str) -> bool:
        del name
        return False

    def subscribers(self, producer: str, stream: str) -> list[str]:
        del producer, stream
        return ["audit_logging"]


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service.fact_types, "mark.v1", _Marked)


@pytest.fixture
def offices(services: Services, folder: Path, broker_url: str) -> Iterator[Offices]:
    opened = Offices(services, folder, broker_url)
    yield opened
    opened.close()


def change(offices: Offices, *words: str) -> None:
    """The operator's command."""
    provision.main(["--secrets", str(offices.folder), *words])


def dropped() -> float:
    return float(telemetry.PAGES_DROPPED.labels(PRODUCER, "signature")._value.get())


def test_pages_signed_before_during_and_after_a_change_are_all_believed(offices: Offices) -> None:
    before = dropped()
    offices.tell(1)
    offices.take()
    offices.tell(2)
    change(offices, "--new-page-key", PRODUCER)
    offices.tell(3)
    offices.take()
    assert offices.values() == [1, 2, 3], "the process that still signs by the former key is believed"
    offices.tell(4)
    offices.restart_producer()
    offices.tell(5)
    offices.take()
    change(offices, "--forget-former", PRODUCER)
    offices.tell(6)
    offices.take()
    assert offices.values() == [1, 2, 3, 4, 5, 6]
    assert dropped() == before, "nothing was dropped, and no consumer was started anew"


def test_a_page_of_a_key_that_was_taken_back_is_dropped_counted_and_pulled_again_as_signed_now(
    offices: Offices,
) -> None:
    before = dropped()
    offices.tell(1)
    change(offices, "--new-page-key", PRODUCER, "--forget-former", PRODUCER)
    offices.restart_producer()
    offices.take()
    assert (offices.values(), dropped()) == ([], before + 1)
    assert poll_producers(offices.consumer.runtime, offices.consumer.service.subscriptions) == 1
    assert offices.values() == [1], "from the producer itself, by the key that holds"


def test_who_has_the_former_key_tells_nothing_any_more(offices: Offices) -> None:
    thief = Signer(offices.pem())
    change(offices, "--new-page-key", PRODUCER)
    offices.restart_producer()
    change(offices, "--forget-former", PRODUCER)
    body, _, _ = offices.producer.page(PRODUCER, [offices.producer.fact("mark.v1", {"value": 9}, "case:1")], 1)
    before = dropped()
    page = (body, thief.key_id, thief.sign(body))
    assert offices.consumer.take(PRODUCER, page) == 0
    assert (offices.values(), dropped()) == ([], before + 1)


def test_making_keys_again_neither_forgets_a_former_one_nor_brings_a_forgotten_one_back(folder: Path) -> None:
    def known() -> set[str]:
        return set(json.loads((folder / key_files.PUBLIC).read_text())[PRODUCER])

    first = known()
    key_files.change_page_key(folder, PRODUCER)
    key_files.make_keys(folder, ["payments", "audit_logging"])
    assert len(known() - first) == 1
    assert known() > first
    key_files.forget_former(folder, PRODUCER)
    key_files.make_keys(folder, ["payments", "audit_logging"])
    assert known() == {Signer((folder / PRODUCER / key_files.PAGE_KEY).read_text()).key_id}
    assert known().isdisjoint(first)


def test_a_list_of_keys_that_cannot_be_read_changes_nothing(folder: Path) -> None:
    path = folder / key_files.PUBLIC
    verifier, signer = Verifier(path), Signer((folder / PRODUCER / key_files.PAGE_KEY).read_text())
    for spoil in (lambda: path.write_text("{"), lambda: path.write_text("[]"), path.unlink):
        _done(spoil)
        assert verifier.holds(PRODUCER, signer.key_id, signer.sign(b"page"), b"page")
    with pytest.raises(OSError, match="producer_keys"):
        Verifier(path)


def _done(act: Callable[[], Any]) -> None:
    act()
    time.sleep(0.01)


def test_private_halves_and_secrets_are_the_owners_alone_after_a_change(folder: Path) -> None:
    key_files.change_page_key(folder, PRODUCER)
    key_files.change_client_secret(folder, PRODUCER)
    for name in (key_files.PAGE_KEY, key_files.SECRET):
        assert os.stat(folder / PRODUCER / name).st_mode & 0o777 == 0o600
    assert os.stat(folder / key_files.CLIENTS).st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in (folder / key_files.PUBLIC).read_bytes()
