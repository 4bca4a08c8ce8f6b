"""The broker of the wheel lets each service do what its queues need, and has nothing that can be broken."""

import os
import pwd
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from infra.one_machine.folders import Folders, folders
from infra.one_machine.processes.broker import Broker
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.supervisor import Supervisor


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A data folder with a space in its name, below one that only its owner may enter."""
    made = folders(tmp_path_factory.mktemp("office") / "my var")
    made.make()
    return made


@pytest.fixture(scope="module")
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


def test_what_a_broken_file_holds_is_no_hindrance_since_the_broker_has_no_file(
    running: tuple[Supervisor, Broker], layout: Folders
) -> None:
    supervisor, broker = running
    (layout.redis / "appendonly.aof").write_bytes(b"*3\r\n$3\r\nSE\x00 garbage")
    (layout.redis / "dump.rdb").write_bytes(b"garbage")
    with redis.Redis.from_url(broker.url_of("payments")) as client:
        client.lpush("payments.tasks", "task")
    before = supervisor.pid("broker")
    supervisor.kill("broker")
    supervisor.wait_ready(lambda: ["broker"] if supervisor.pid("broker") == before else broker.ready(), 10)
    with redis.Redis.from_url(broker.url_of("payments")) as client:
        assert client.llen("payments.tasks") == 0


def test_nobody_gets_in_without_a_password(running: tuple[Supervisor, Broker]) -> None:
    url = running[1].url
    with redis.Redis.from_url("redis://" + url.split("@")[1]) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_a_service_reaches_its_own_queues_and_those_that_it_fills(running: tuple[Supervisor, Broker]) -> None:
    with redis.Redis.from_url(running[1].url_of("case_management")) as client:
        for queue in ("case_management.tasks", "payments.case_management.facts", "audit_logging.case_management.looks"):
            assert client.lpush(queue, "page") == 1
        for queue in ("payments.tasks", "payments.support_benefits.facts", "_kombu.binding.payments.tasks", "anything"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.lpush(queue, "task")


@pytest.mark.parametrize(
    "command",
    [
        *("EVAL 'return 1' 0", "SCRIPT LOAD x", "FUNCTION LIST", "CONFIG GET *", "DEBUG SLEEP 0", "MODULE LIST"),
        *("REPLICAOF NO ONE", "FLUSHALL", "KEYS *", "SCAN 0", "SHUTDOWN", "ACL LIST", "CLIENT LIST", "MONITOR", "INFO"),
        *("SUBSCRIBE x", "PUBLISH x y", "SAVE", "BGREWRITEAOF"),
    ],
)
def test_a_service_may_do_at_the_broker_what_queues_need_and_nothing_else(
    running: tuple[Supervisor, Broker], command: str
) -> None:
    with (
        redis.Redis.from_url(running[1].url_of("payments")) as client,
        pytest.raises(redis.ResponseError, match=r"no permissions|not allowed"),
    ):
        client.execute_command(*command.split())


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux")
def test_started_by_root_it_is_nobody_and_can_do_nothing_more(running: tuple[Supervisor, Broker]) -> None:
    status = Path(f"/proc/{running[0].pid('broker')}/status").read_text()
    told = dict(line.split(":\t", 1) for line in status.splitlines())
    assert set(told["Uid"].split()) == {str(pwd.getpwnam("nobody").pw_uid)}
    assert {int(told[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}


def test_the_broker_of_the_wheel_is_a_kept_one(running: tuple[Supervisor, Broker]) -> None:
    with redis.Redis.from_url(running[1].url) as client:
        told = client.info("server")
        settings = client.config_get("maxmemory*")
    assert (told["server_name"], int(told["valkey_version"].split(".")[0]) >= 9) == ("valkey", True)
    assert settings["maxmemory-policy"] == "noeviction"


def test_a_broker_that_the_caller_names_is_used_and_none_is_started(layout: Folders) -> None:
    broker = Broker(layout, 1, {"KURASHI_BROKER_URL": "amqp://guest:guest@127.0.0.1:5672//"})
    assert broker.child() is None
    assert broker.url == "amqp://guest:guest@127.0.0.1:5672//"
