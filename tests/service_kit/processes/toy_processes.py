"""Real processes of the toy service: web or worker, on free ports, ended with the test."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from infra.one_machine.processes.forking import Forked
from shared.service_kit.testing import RunningService

READY_SECONDS = 90.0


@dataclass
class Process:
    """A process of a service; ``port`` answers its requests or, of a worker, its health and metrics."""

    popen: Forked
    port: int

    def get(self, path: str, seconds: float = 5) -> requests.Response:
        """Ask it, on a connection of its own."""
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=seconds)

    def metric(self, name: str) -> float:
        """The sum of a metric as it tells it."""
        lines = self.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@contextmanager
def process_of(
    running: RunningService,
    role: str,
    module: str = "tests.service_kit.toy",
    log: Path = Path(os.devnull),
    port: int | str = 0,
    **more: str,
) -> Iterator[Process]:
    """A process of the service from when it is live; SIGKILL at the end where it does not stop."""
    settings, port = running.runtime.settings, int(port or _free_port())
    environment = {
        "PATH": os.environ["PATH"],
        "KURASHI_ENV": "test",
        "KURASHI_DATABASE_URL": settings.database_url,
        "KURASHI_ISSUER_URL": settings.issuer_url,
        "KURASHI_ISSUER_JWKS": settings.issuer_jwks,
        "KURASHI_SIGNING_KEY": settings.signing_key,
        "KURASHI_SEALING_KEYS": settings.sealing_keys,
        "KURASHI_PRODUCER_KEYS_FILE": str(settings.producer_keys_file),
        "KURASHI_BROKER_URL": settings.broker_url,
        "KURASHI_PEERS": json.dumps(settings.peers),
        "KURASHI_PORT" if role == "web" else "KURASHI_WORKER_PORT": str(port),
        **more,
    }
    with open(os.devnull) as nothing:
        popen = Forked(f"{module}.{role}", [module, role], environment, log, nothing.fileno())
    process = Process(popen, port)
    try:
        until(lambda: popen.poll() is not None or _answers(process), READY_SECONDS)
        assert popen.poll() is None, "the process ended at its start"
        yield process
    finally:
        popen.send_signal(signal.SIGCONT)
        popen.send_signal(signal.SIGTERM)
        try:
            popen.wait(10)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until it holds.

    Raises:
        AssertionError: it does not within so many seconds.
    """
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)


def _answers(process: Process) -> bool:
    try:
        return process.get("/health/live", 1).status_code == 200
    except requests.RequestException:
        return False


def _free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
