"""Load on a web process: at a steady rate, or as fast as it answers; over connections that stay open."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from infra.one_machine.problems import MachineError

MOST_AT_ONCE: Final = 32
"""Requests of a steady rate that are under way at a time: more wait, and the wait counts."""
TIMEOUT_SECONDS: Final = 30.0


@dataclass
class Asker:
    """Asks one web process, each thread over a connection of its own; all are closed at its end."""

    url: str
    headers: Mapping[str, str]
    _own: threading.local = field(default_factory=threading.local)
    _all: list[http.client.HTTPConnection] = field(default_factory=list)

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._all:
            connection.close()

    def get(self, path: str) -> bytes:
        """Return the answer to a question; see `send`."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
        """Return the answer.

        Raises:
            MachineError: it is none of status 200.
        """
        connection = self._connection()
        connection.request(method, path, body or None, {**self.headers, **(headers or {})})
        answer = connection.getresponse()
        content: bytes = answer.read()
        if answer.status != http.client.OK:
            raise MachineError(f"{self.url} answers {method} {path.partition('?')[0]} with status {answer.status}")
        return content

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if kept is None:
            kept = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT_SECONDS)
            self._own.connection = kept
            self._all.append(kept)
        return kept


def at_rate(acts: Sequence[Callable[[], object]], rate: float) -> list[float]:
    """Return how long each act took, in seconds from when it was due: `rate` of them are due a second (open loop)."""
    began = time.perf_counter() + 0.2

    def done(number: int) -> float:
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        acts[number]()
        return time.perf_counter() - due

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        return list(pool.map(done, range(len(acts))))


def at_full_speed(acts: Iterator[Callable[[], object]], seconds: float, threads: int) -> float:
    """Return how many acts are done a second by so many threads, each with the next act once its last is done."""
    lock, until = threading.Lock(), time.perf_counter() + seconds

    def work(_: int) -> int:
        count = 0
        while time.perf_counter() < until:
            with lock:
                act = next(acts)
            act()
            count += 1
        return count

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        count = sum(pool.map(work, range(threads)))
    return count / (time.perf_counter() - began)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return the milliseconds within which a half, 95 and 99 of 100 were done, and the longest."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1)

    return {"p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1.0)}
