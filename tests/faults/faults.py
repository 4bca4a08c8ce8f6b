"""The faults of the campaign: what each does to a running office. Every one is over when its function returns.

What is drawn comes from the run's seed alone, so that a failure is seen again with `--runs 1 --seed` of its seed.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
import redis

from tests.faults.host import Host

SERVICES: Final = ("case_management", "support_benefits", "payments", "audit_logging", "ui_gateway")
SERVERS: Final = ("postgres", "broker", "issuer", "witness")
DATABASES: Final = tuple(f"kurashi_{service}" for service in SERVICES)


@dataclass(frozen=True)
class Scene:
    """An office under way, and what a run draws from."""

    host: Host
    dice: random.Random
    skew_file: Path


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
    """Every connection to one database, or to all, is cut some times."""
    databases = scene.dice.choice([[scene.dice.choice(DATABASES)], list(DATABASES)])
    for _ in range(scene.dice.randint(1, 6)):
        _each_session(scene, "pg_terminate_backend", databases)
        time.sleep(0.3)


def cancel_statements(scene: Scene) -> None:
    """For some seconds no statement of one database comes to its end."""
    databases = [scene.dice.choice(DATABASES)]
    until = time.monotonic() + scene.dice.uniform(1, 10)
    while time.monotonic() < until:
        _each_session(scene, "pg_cancel_backend", databases)
        time.sleep(0.02)


FAULTS: Final[dict[str, Fault]] = {
    one.__name__: one
    for one in (
        kill_a_worker,
        kill_a_web_process,
        kill_a_server,
        kill_the_parent,
        empty_the_broker,
        cut_connections,
        cancel_statements,
    )
}


def _kill(scene: Scene, names: list[str]) -> None:
    chosen = scene.dice.choice([[scene.dice.choice(names)], names])
    for name in chosen:
        os.kill(scene.host.pid(name), signal.SIGKILL)


def _each_session(scene: Scene, function: str, databases: list[str]) -> None:
    statement = f"SELECT {function}(pid) FROM pg_stat_activity WHERE datname = ANY (%s)"
    with psycopg.connect(scene.host.admin_url, autocommit=True) as admin:
        admin.execute(statement, (databases,))
