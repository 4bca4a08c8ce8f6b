"""What a self-check has to know before its unit of work opens: what is due, and what others say meanwhile.

Producers are asked, and what is published is read, while no transaction is open. Where the log stands is read before
that: so it can be ahead of a producer only where the producer went back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Row

from services.audit_logging.adapters.log.object_store import ObjectStore
from services.audit_logging.adapters.office import is_open
from services.audit_logging.adapters.refill.refills import refilled_lately
from services.audit_logging.adapters.self_check.checks import newest_check, newest_result, try_lock_checking
from services.audit_logging.adapters.self_check.producers import ask_producers
from services.audit_logging.domain.log.checkpoint import LogKey
from services.audit_logging.domain.self_check.faults import Numbers
from services.audit_logging.use_cases.self_check.measure_checks import measure_checks
from services.audit_logging.use_cases.self_check.verify_canary import (
    PublishedCanary,
    find_canary,
    read_published_canary,
)
from shared.service_kit.runtime import Runtime
from shared.service_kit.subscriptions.positions import cursor_positions
from shared.service_kit.unit_of_work import UnitOfWork

SETTLED: Final = timedelta(minutes=5)
"""How long a canary gets: what takes over a minute is alarmed by `log.lag` already, and a day has time."""
AGAIN: Final = timedelta(minutes=10)
"""After how long a check that found faults is made again."""


class Step(NamedTuple):
    """What is due: to write the canary of the day, or to check this one."""

    verb: Literal["write", "check"]
    canary: str


@dataclass(frozen=True)
class Prepared:
    """What the log held before anybody was asked.

    Args:
        taken: the last number taken of each stream.
        index: of the canary's entry; None where search does not find it.
    """

    step: Step
    taken: Numbers
    index: int | None


@dataclass(frozen=True)
class Reports:
    """How far the other producers have published, and what the world sees of the canary; None where nothing is."""

    published: Numbers
    canary: PublishedCanary | None


def prepare_check(work: UnitOfWork) -> Prepared | None:
    """What is due, and where the log stands; None where nothing is due, or another process does it.

    This process gets its time to settle too: one that began a moment ago has taken and published nothing yet.
    """
    started = work.runtime.started_at
    if not try_lock_checking(work.connection):
        return None
    step = due_step(work, started)
    if step is None:
        measure_checks(work)
        return None
    index = find_canary(work, step.canary) if step.verb == "check" else None
    return Prepared(step, cursor_positions(work), index)


def collect_reports(runtime: Runtime, prepared: Prepared, key: LogKey, store: ObjectStore | None) -> Reports:
    """Ask the producers, and read what is published; needs no unit of work."""
    published = ask_producers(runtime)
    if store is None or prepared.index is None:
        return Reports(published, None)
    return Reports(published, read_published_canary(key, store, prepared.index))


def due_step(work: UnitOfWork, started: datetime) -> Step | None:
    """What is due now in a process that began at this instant."""
    day = work.clock.today()
    canary = newest_check(work.connection, day)
    if is_open(day) and (canary is None or canary.day < day):
        return Step("write", "")
    if canary is not None and _is_over(work, started, SETTLED) and _is_due(work, canary):
        return Step("check", canary.canary)
    return None


def _is_due(work: UnitOfWork, canary: Row[Any]) -> bool:
    result = newest_result(work.connection, canary.day)
    if result is None:
        written_again = refilled_lately(work.connection)[1] or canary.written_at
        return _is_over(work, max(canary.written_at, written_again), SETTLED)
    return bool(result.faults) and _is_over(work, result.at, AGAIN)


def _is_over(work: UnitOfWork, since: datetime, wait: timedelta) -> bool:
    """Whether so much time is over; nothing waits for an instant that lies ahead: a clock wrote it that was wrong."""
    now = work.clock.now()
    return now - since >= wait or now < since
