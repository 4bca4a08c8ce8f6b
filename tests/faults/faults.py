"""The faults of the campaign: what each does to a running office. Every one is over when its function returns.

What is drawn comes from the run's seed alone, so that a failure is seen again with `--runs 1 --seed` of its seed.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import psycopg
import redis

from tests.faults.dumps import restore
from tests.faults.scene import DATABASES, SERVICES, Scene

STOPPED_SECONDS: Final = 65.0
"""Longer than any lease of ours, and than a server waits for a client that says nothing."""
SERVERS: Final = ("postgres", "broker", "issuer", "witness")
Fault = Callable[[Scene], None]


def kill_a_worker(scene: Scene) -> None:
    """One worker, or all of them at once."""
    _kill(scene, [f"{service}.worker" for service in SERVICES])


def kill_a_web_process(scene: Scene) -> None:
    """One web process, or all of them at once."""
    _kill(scene, [f"{service}.web" for service in SERVICES])


def kill_a_server(scene: Scene) -> None:
    """PostgreSQL, broker, issuer or witness, or all of them."""
    _kill(scene, list(SERVERS))


def kill_the_parent(scene: Scene) -> None:
    """The parent of all processes (SIGKILL): they end with it; the office is started again."""
    scene.host.kill()


def empty_the_broker(scene: Scene) -> None:
    """FLUSHALL, again and again for some seconds."""
    with redis.Redis.from_url(scene.host.broker_url) as broker:
        for _ in range(scene.dice.randint(1, 20)):
            broker.flushall()
            time.sleep(0.1)


def cut_connections(scene: Scene) -> None:
    """Every connection to one database, or to all, and to the broker is cut some times."""
    databases = scene.dice.choice([[scene.dice.choice(DATABASES)], list(DATABASES)])
    for _ in range(scene.dice.randint(1, 6)):
        _each_session(scene, "pg_terminate_backend", databases)
        with redis.Redis.from_url(scene.host.broker_url) as broker:
            broker.client_kill_filter(_type="normal", skipme=True)
        time.sleep(0.3)


def cancel_statements(scene: Scene) -> None:
    """For some seconds no statement of one database comes to its end."""
    databases = [scene.dice.choice(DATABASES)]
    until = time.monotonic() + scene.dice.uniform(1, 10)
    while time.monotonic() < until:
        _each_session(scene, "pg_cancel_backend", databases)
        time.sleep(0.02)


def starve_the_broker(scene: Scene) -> None:
    """For some seconds the broker takes nothing that is sent."""
    with redis.Redis.from_url(scene.host.broker_url) as broker:
        broker.config_set("maxmemory", 1)
        time.sleep(scene.dice.uniform(1, 8))
        broker.config_set("maxmemory", "256mb")


def break_the_brokers_file(scene: Scene) -> None:
    """What a broker kept is garbage when it starts again."""
    folder = scene.host.folder / "redis"
    for name in ("appendonly.aof", "dump.rdb"):
        (folder / name).write_bytes(scene.dice.randbytes(200))
    os.kill(scene.host.pid("broker"), signal.SIGKILL)


def stop_a_worker_for_a_minute(scene: Scene) -> None:
    """A worker is stopped, if it can be as it hands over a file; another takes over; then the first goes on."""
    service = scene.dice.choice(("payments", "payments", "case_management", "support_benefits"))
    if service == "payments":
        _wait_for_a_hand_over(scene)
    stopped = scene.host.pid(f"{service}.worker")
    os.kill(stopped, signal.SIGSTOP)
    second = scene.host.another(f"{service}.worker")
    try:
        time.sleep(STOPPED_SECONDS)
    finally:
        os.kill(stopped, signal.SIGCONT)
        time.sleep(5)
        second.terminate()
        second.wait(30)


def turn_the_clock(scene: Scene) -> None:
    """The clock of all services goes two minutes ahead and back, again and again, and is right at the end."""
    try:
        for _ in range(scene.dice.randint(2, 12)):
            scene.skew_file.with_suffix(".new").write_text(str(scene.dice.uniform(-120, 120)))
            scene.skew_file.with_suffix(".new").replace(scene.skew_file)
            time.sleep(0.7)
    finally:
        scene.skew_file.unlink(missing_ok=True)


def fill_the_disk(scene: Scene) -> None:
    """The disk of the whole office is full for some seconds."""
    filler = scene.host.folder / "filler"
    until = time.monotonic() + scene.dice.uniform(2, 15)
    try:
        with filler.open("wb") as file:
            while time.monotonic() < until:
                if free := shutil.disk_usage(filler.parent).free:
                    with suppress(OSError):
                        os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), free)
                time.sleep(0.05)
    finally:
        filler.unlink()


def restore_a_service(scene: Scene) -> None:
    """The database of one service, each in its turn, becomes what it was before the month; the others go on."""
    restore(scene.host.admin_url, scene.dumps, DATABASES[scene.turn % len(DATABASES)])


FAULTS: Final[dict[str, Fault]] = {
    one.__name__: one
    for one in (
        kill_a_worker,
        kill_a_web_process,
        kill_a_server,
        kill_the_parent,
        empty_the_broker,
        starve_the_broker,
        break_the_brokers_file,
        cut_connections,
        cancel_statements,
        turn_the_clock,
        fill_the_disk,
        stop_a_worker_for_a_minute,
        restore_a_service,
    )
}
MAY_STAND_STILL: Final = frozenset({"restore_a_service"})
"""After these an office may stand still, as long as `check` says so, until an operator brings the service back."""


def _wait_for_a_hand_over(scene: Scene) -> None:
    until = time.monotonic() + 20
    with psycopg.connect(scene.host.admin_url, dbname="kurashi_payments", autocommit=True) as database:
        while time.monotonic() < until:
            if database.execute("SELECT 1 FROM bank_files WHERE fence > 0 AND written_at IS NULL").fetchone():
                return


def _kill(scene: Scene, names: list[str]) -> None:
    chosen = scene.dice.choice([[scene.dice.choice(names)], names])
    for name in chosen:
        os.kill(scene.host.pid(name), signal.SIGKILL)


def _each_session(scene: Scene, function: str, databases: list[str]) -> None:
    statement = f"SELECT {function}(pid) FROM pg_stat_activity WHERE datname = ANY (%s)"
    with psycopg.connect(scene.host.admin_url, autocommit=True) as admin:
        admin.execute(statement, (databases,))
