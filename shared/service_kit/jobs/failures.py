"""Work outside chunks: scheduled tasks and single effects. What keeps failing is shown to a person, and tried on.

A failure is counted in a committed row (``task_failures``), and so is an attempt that ended its process. After
``SHOWN_AFTER`` in a row it stands in ``GET /parked``. It is tried again all the while, with growing pauses, since a
full disk or a lost folder comes back; a success clears it, and a person may have it tried at once.

A fault that passes (a time-out, a lock, a service that is away) is tried again without a pause and counts once in
``WAITS_COUNT_EVERY``: a quarter of an hour of nothing else, and it stands there as waiting.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit.database.engine import is_transient
from shared.service_kit.jobs.tables import task_failures
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import ContentError, Problem, error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork

SHOWN_AFTER: Final = 4
"""Failures in a row after which a person sees it."""
PAUSES: Final = (2, 5, 15, 60)
"""Seconds from the first, second … failure to the next attempt; those that end their process come no faster than the
parent starts it again."""
WAITS_COUNT_EVERY: Final = timedelta(minutes=5)
ENDED: Final = "ended its worker"
_IDS: Final = UUID("6b7d6c0e-5a2b-5c57-9b7e-0c1c8a3a5d10")


class Failures:
    """The failures of one service, as one of its processes counts them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lived: set[tuple[str, str]] = set()
        """What this process has begun before and lived through: nothing needs to be written before it begins again."""
        self.passed: set[tuple[str, str]] = set()
        """Chunks whose last attempt here was ended by a fault that passes: the next one is not counted again."""
        self._waits: set[tuple[str, str]] = set()
        """What was ended here by a fault that passes: it is tried again without a pause."""

    def attempt(self, task: str, do: Callable[[], object], subject: str = "") -> bool:
        """Do it and return True; False where it fails (counted and logged, never raised) or failed a moment ago.

        Args:
            task: "<service>.<verb>", as it is shown.
            subject: what one effect is about ("file:…"); empty for a whole task.
        """
        try:
            row = self._row(task, subject)
            if row and self._paused(row):
                return False
            with self._counted(task, subject, row):
                do()
        except Exception as error:
            log().warning("task.again" if _waits(error) else "task.failed", task=task, why=error_location(error))
            return False
        return True

    @contextmanager
    def counted(self, task: str, subject: str = "") -> Iterator[None]:
        """Count what fails within, and raise it."""
        with self._counted(task, subject, self._row(task, subject)):
            yield

    @contextmanager
    def _counted(self, task: str, subject: str, row: Row[Any] | None) -> Iterator[None]:
        begun = (task, subject) not in self._lived
        if begun:
            self._count(task, subject, ENDED)
        try:
            yield
        except Exception as error:
            self._lived.add((task, subject))
            if _waits(error):
                self._note_waiting(task, subject, error, counted=begun)
            else:
                self._waits.discard((task, subject))
                self._note(task, subject, error, counted=begun)
            raise
        self._waits.discard((task, subject))
        if begun or row:
            self._clear(task, subject)

    def _row(self, task: str, subject: str) -> Row[Any] | None:
        with telemetry.quiet(), self._runtime.engine.connect() as connection:
            return connection.execute(select(task_failures).where(_is(task, subject))).one_or_none()

    def _paused(self, row: Row[Any]) -> bool:
        """True within the pause after a failure; never because a clock was turned back."""
        if (row.task, row.subject) in self._waits:
            return False
        seconds: float = (self._runtime.clock.now() - row.tried_at).total_seconds()
        return 0 <= seconds < PAUSES[min(row.failures, len(PAUSES)) - 1]

    def _note(self, task: str, subject: str, error: Exception, *, counted: bool) -> None:
        reason = str(error) if isinstance(error, ContentError) else error_location(error)
        self._log_if_shown(task, subject, reason, self._count(task, subject, reason, by=0 if counted else 1))

    def _note_waiting(self, task: str, subject: str, error: Exception, *, counted: bool) -> None:
        """Count it if the last count is long enough ago; where the database is away itself, nothing is counted."""
        self._waits.add((task, subject))
        reason, now = (
            "; ".join(["waits: " + error_location(error), *getattr(error, "__notes__", ())]),
            self._runtime.clock.now(),
        )
        is_due = (task_failures.c.tried_at <= now - WAITS_COUNT_EVERY) | (task_failures.c.tried_at > now)
        try:
            count = self._count(task, subject, reason, by=0 if counted else 1, only=None if counted else is_due)
        except Exception as fault:
            if not is_transient(fault):
                raise
            log().warning("task.uncounted", task=task, why=error_location(fault))
        else:
            self._log_if_shown(task, subject, reason, count)

    def _log_if_shown(self, task: str, subject: str, reason: str, count: int) -> None:
        if count >= SHOWN_AFTER:
            log().error("task.stands", task=task, subject=subject, failures=count, why=reason)

    def _count(self, task: str, subject: str, reason: str, by: int = 1, only: ColumnElement[bool] | None = None) -> int:
        """The failures in a row with this one; 0 where it is not counted."""
        now = self._runtime.clock.now()
        row = {"task": task, "subject": subject, "failures": 1, "reason": reason[:500], "since": now, "tried_at": now}
        more = {"failures": task_failures.c.failures + by, "reason": reason[:500], "tried_at": now}
        counting = upsert(task_failures).values(row)
        counting = counting.on_conflict_do_update(index_elements=["task", "subject"], set_=more, where=only)
        with telemetry.quiet(), self._runtime.engine.begin() as connection:
            count = connection.execute(counting.returning(task_failures.c.failures)).scalar_one_or_none()
            self._measure(connection, task)
        return int(count or 0)

    def _clear(self, task: str, subject: str) -> None:
        """A success clears, whichever process failed; an effect comes once, and is not remembered."""
        with telemetry.quiet(), self._runtime.engine.begin() as connection:
            connection.execute(delete(task_failures).where(_is(task, subject)))
            self._measure(connection, task)
        if subject:
            self._lived.discard((task, subject))
        else:
            self._lived.add((task, subject))

    def _measure(self, connection: Any, task: str) -> None:
        failed = select(func.coalesce(func.sum(task_failures.c.failures), 0)).where(task_failures.c.task == task)
        telemetry.TASK_FAILURES.labels(task).set(int(connection.execute(failed).scalar_one()))


_by_runtime: WeakKeyDictionary[Runtime, Failures] = WeakKeyDictionary()


def failures_of(runtime: Runtime) -> Failures:
    """Return the failures that this process counts, the same at each call."""
    return _by_runtime.setdefault(runtime, Failures(runtime))


def list_parked(work: UnitOfWork) -> list[dict[str, Any]]:
    """What failed too often in a row, as the list of parked facts shows it; ``number`` counts the failures."""
    return [
        {
            "fact_id": str(_id(row)),
            "producer": work.runtime.name,
            "stream": "tasks",
            "number": row.failures,
            "subject": f"{row.task} {row.subject}".rstrip(),
            "type": "task",
            "reason": row.reason,
            "parked_at": row.since.isoformat(),
        }
        for row in _shown(work)
    ]


def release(work: UnitOfWork, parked_id: UUID) -> bool:
    """Have it tried at once, its failures counted anew, and tell it; False where nothing of that id stands."""
    for row in _shown(work):
        if _id(row) == parked_id:
            gone = delete(task_failures).where(_is(row.task, row.subject)).returning(task_failures.c.task)
            if not work.connection.execute(gone).all():
                return False
            subject = f"{row.task} {row.subject}".rstrip()
            payload = work.runtime.released_type(parked_id=parked_id, subject=subject, count=1)
            work.fact(payload, subject=f"parked:{parked_id}")
            return True
    return False


def _shown(work: UnitOfWork) -> list[Row[Any]]:
    often = select(task_failures).where(task_failures.c.failures >= SHOWN_AFTER)
    return list(work.connection.execute(often.order_by(task_failures.c.since, task_failures.c.task)).all())


def _waits(error: Exception) -> bool:
    """True for what goes away by itself: a passing fault of the database, or of a service that is asked."""
    return is_transient(error) or (isinstance(error, Problem) and error.status >= 500)


def _id(row: Row[Any]) -> UUID:
    return uuid5(_IDS, f"{row.task} {row.subject}")


def _is(task: str, subject: str) -> Any:
    return (task_failures.c.task == task) & (task_failures.c.subject == subject)
