"""Two acts at once: the first is held at its commit until the second waits for it, is refused, or runs past it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, event, text

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds after which an act that neither waits nor ends fails the test."""
_LOOK = 0.02
"""Seconds between two looks at who waits for whom."""
_WRITES = text("SELECT pg_backend_pid() WHERE pg_current_xact_id_if_assigned() IS NOT NULL")
_HOLDS = text("SELECT pid FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted LIMIT 1")
_WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE :holder = ANY(pg_blocking_pids(pid))")


@dataclass(frozen=True)
class AtOnce(Generic[T]):
    """What became of two acts at once.

    Attributes:
        first: what the first act returned, or the error that it raised.
        second: the same of the second.
        waited: True where the second waited for a lock of the first's transaction.
    """

    first: T | BaseException
    second: T | BaseException
    waited: bool


def at_once(engine: Engine, first: Callable[[], T], second: Callable[[], T]) -> AtOnce[T]:
    """Run two acts on one database; the second begins when the first has done all and is about to commit.

    The first is held at its first commit that wrote a row, locked one, or holds an advisory lock. Both run in threads
    of their own, each with the transactions that it opens on ``engine``.

    Raises:
        TimeoutError: an act neither ends nor waits for the other, or the first never came to such a commit.
    """
    hold = _Hold(engine, second)
    with ThreadPoolExecutor(2, "at_once") as pool:
        hold.pool = pool
        event.listen(engine, "commit", hold.at_commit)
        try:
            done = pool.submit(hold.run_first, first)
            became = _outcome(done)
        finally:
            event.remove(engine, "commit", hold.at_commit)
        if hold.following is None:
            if isinstance(became, BaseException):
                raise became
            raise TimeoutError("the first act committed nothing that another could wait for")
        return AtOnce(became, _outcome(hold.following), hold.waited)


class _Hold(Generic[T]):
    """Holds the first act at its commit."""

    pool: ThreadPoolExecutor

    def __init__(self, engine: Engine, second: Callable[[], T]) -> None:
        self._engine, self._second = engine, second
        self._thread = 0
        self.following: Future[T] | None = None
        self.waited = False

    def run_first(self, act: Callable[[], T]) -> T:
        self._thread = threading.get_ident()
        return act()

    def at_commit(self, connection: Connection) -> None:
        if threading.get_ident() != self._thread or self.following is not None:
            return
        holder = connection.scalar(_WRITES) or connection.scalar(_HOLDS)
        if holder is not None:
            self.following = self.pool.submit(self._second)
            self.waited = self._wait_until_it_waits(self.following, holder)

    def _wait_until_it_waits(self, following: Future[T], holder: int) -> bool:
        ended = threading.Event()
        following.add_done_callback(lambda _: ended.set())
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            for _ in range(int(PATIENCE / _LOOK)):
                if ended.wait(_LOOK):
                    return False
                if looking.scalar(_WAITS, {"holder": holder}):
                    return True
        raise TimeoutError("the second act neither ends nor waits for the first")


def _outcome(future: "Future[Any]") -> Any:
    try:
        return future.result(timeout=PATIENCE)
    except TimeoutError:
        raise
    except Exception as error:
        return error
