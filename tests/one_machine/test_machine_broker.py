"""The broker of the wheel keeps what it was given and lets nobody in without the password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from infra.one_machine.broker import Broker
from infra.one_machine.folders import Folders, folders
from infra.one_machine.locks import FolderLock
from infra.one_machine.ports import Ports
from infra.one_machine.processes import Supervisor


@pytest.fixture
def layout(tmp_path: Path) -> Folders:
    """A data folder with a space in its name, which redis.conf has to quote."""
    made = folders(tmp_path / "my var")
    made.make()
    return made


@pytest.fixture
def running(layout: Folders) -> Iterator[tuple[Supervisor, Broker]]:
    """A broker under a parent."""
    lock = FolderLock(layout.run)
    ports = Ports(layout.run / "ports.json", ["broker"])
    broker = Broker(layout, ports["broker"], {})
    supervisor = Supervisor(lock.children)
    child = broker.child()
    assert child is not None
    supervisor.start(child)
    supervisor.wait_ready(broker.ready, 10)
    yield supervisor, broker
    supervisor.stop(["broker"], 3)
    supervisor.close()
    lock.release()
    ports.release()


def test_a_page_survives_the_broker_being_killed(running: tuple[Supervisor, Broker]) -> None:
    supervisor, broker = running
    with redis.Redis.from_url(broker.url) as client:
        client.rpush("queue", "page")
        client.execute_command("WAIT", 0, 10)
        kept = {name: client.config_get(name)[name] for name in ("appendonly", "appendfsync", "maxmemory-policy")}
        assert kept == {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
        before = supervisor.pid("broker")
        supervisor.kill("broker")
    supervisor.wait_ready(lambda: ["broker"] if supervisor.pid("broker") == before else broker.ready(), 10)
    with redis.Redis.from_url(broker.url) as client:
        assert client.lrange("queue", 0, -1) == [b"page"]


def test_nobody_gets_in_without_the_password(running: tuple[Supervisor, Broker]) -> None:
    url = running[1].url
    with redis.Redis.from_url("redis://" + url.split("@")[1]) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_a_broker_that_the_caller_names_is_used_and_none_is_started(layout: Folders) -> None:
    broker = Broker(layout, 1, {"KURASHI_BROKER_URL": "amqp://guest:guest@127.0.0.1:5672//"})
    assert broker.child() is None
    assert broker.url == "amqp://guest:guest@127.0.0.1:5672//"
