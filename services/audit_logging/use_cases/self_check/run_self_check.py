"""The daily self-check: the log reads back what was written, or says so aloud.

Once a business day a canary goes through the log's own stream, like any look. Soon after it must be found by
search, open its commitments, and be proved by what is published; every producer's facts must be there, each once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from prometheus_client import Gauge
from sqlalchemy import Row, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from services.audit_logging.adapters.log.object_store import ObjectStore
from services.audit_logging.adapters.office import is_open
from services.audit_logging.adapters.refill.refills import refilled_lately
from services.audit_logging.adapters.search.progress import SEARCH, come_to
from services.audit_logging.adapters.self_check.checks import (
    counted,
    last_good,
    newest_check,
    newest_result,
    try_lock_checking,
)
from services.audit_logging.adapters.self_check.tables import self_check_results, self_checks
from services.audit_logging.domain.log.checkpoint import LogKey
from services.audit_logging.domain.self_check.faults import count_faults, first_of_each, position_faults
from services.audit_logging.use_cases.self_check.compare_index import compare_index
from services.audit_logging.use_cases.self_check.verify_canary import verify_canary
from shared.contracts.facts.audit_logging import LogCanary
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.streams import numbering
from shared.service_kit.streams.tables import STREAMS
from shared.service_kit.subscriptions import taken
from shared.service_kit.subscriptions.subscription import cursor_positions
from shared.service_kit.unit_of_work import UnitOfWork

SETTLED: Final = timedelta(minutes=5)
"""How long a canary gets: what takes over a minute is alarmed by `log.lag` already, and a day has time."""
AGAIN: Final = timedelta(minutes=10)
"""After how long a check that found faults is made again."""
FAULTS = Gauge("kurashi_log_self_check_faults", "Faults that the newest daily self-check of the log found")
AGE = Gauge("kurashi_log_self_check_age_seconds", "Time since a daily self-check of the log last found no fault")


def run_self_check(work: UnitOfWork, key: LogKey, store: ObjectStore | None) -> None:
    """Write the day's canary if it is not written, or else look for it once it had time to settle.

    It gets that time of this process too: one that began a moment ago has taken and published nothing yet.
    """
    started = work.runtime.started_at
    if not try_lock_checking(work.session):
        return
    day = work.clock.today()
    canary = newest_check(work.session, day)
    if is_open(day) and (canary is None or canary.day < day):
        _write(work)
    elif canary is not None and _is_over(work, started, SETTLED) and _due(work, canary):
        _check(work, canary, key, store)
    _measure(work)


def _write(work: UnitOfWork) -> None:
    row = {"day": work.clock.today(), "canary": str(uuid4()), "written_at": work.clock.now(), "positions": _told(work)}
    written = upsert(self_checks).values(**row).on_conflict_do_nothing().returning(self_checks.c.canary)
    if work.session.execute(written).one_or_none():
        work.audit_entry(LogCanary.model_validate({"canary": row["canary"]}), subject=f"canary:{row['canary']}")


def _due(work: UnitOfWork, canary: Row[Any]) -> bool:
    result = newest_result(work.session, canary.day)
    if result is None:
        written_again = refilled_lately(work.session)[1] or canary.written_at
        return _is_over(work, max(canary.written_at, written_again), SETTLED)
    return bool(result.faults) and _is_over(work, result.at, AGAIN)


def _is_over(work: UnitOfWork, since: datetime, wait: timedelta) -> bool:
    """Whether so much time is over; nothing waits for an instant that lies ahead: a clock wrote it that was wrong."""
    now = work.clock.now()
    return now - since >= wait or now < since


def _check(work: UnitOfWork, canary: Row[Any], key: LogKey, store: ObjectStore | None) -> None:
    before, taken, told = newest_result(work.session, canary.day), cursor_positions(work), _told(work)
    promised = _not_lost(work, {**(before.figures["told"] if before else {}), **canary.positions})
    silent = [f"silent:{one}" for one in _streams(work) if one not in told]
    counts, size = counted(work.session)
    good, indexed = last_good(work.session), come_to(work.session, SEARCH)
    bad = first_of_each(compare_index(work, good.figures.get("indexed", 0) if good else 0))
    faults = [
        *verify_canary(work, canary.canary, key, store),
        *silent,
        *position_faults(promised, taken, told),
        *count_faults(counts, size),
        *bad,
    ]
    told_of = {"told": told, "taken": taken, "entries": size, "indexed": indexed, "first_bad": bad}
    figures = {**told_of, "refilled": refilled_lately(work.session)[0]}
    row = {"day": canary.day, "at": work.clock.now(), "faults": faults, "figures": figures}
    work.session.execute(insert(self_check_results).values(**row))
    if faults:
        log().error("log.self_check", day=str(canary.day), faults=faults, first_bad=bad)


def _not_lost(work: UnitOfWork, promised: dict[str, int]) -> dict[str, int]:
    """What is still to be expected of a promise: a producer that was restored since takes back what it has lost."""

    def is_lost(one: str) -> bool:
        producer, _, stream = one.partition(".")
        return taken.is_lost(work, producer, stream, promised[one])

    return {one: number for one, number in promised.items() if not is_lost(one)}


def _streams(work: UnitOfWork) -> list[str]:
    """The streams of this service and of those whose address it knows, as `watch` has them."""
    known = {work.runtime.name, *work.runtime.settings.peers}
    own = work.runtime.catalog.streams_of(work.runtime.name)
    return [f"{producer}.{stream}" for producer, stream in own if producer in known]


def _producers(work: UnitOfWork) -> set[str]:
    return {producer for producer, _ in work.runtime.catalog.streams_of(work.runtime.name)}


def _told(work: UnitOfWork) -> dict[str, int]:
    """How far each producer says that it has told by now; without those that do not answer.

    One that starts with the log may be silent while the canary is written: then it has promised nothing that day.
    """
    told: dict[str, int] = {}
    for producer in sorted(_producers(work) & {*work.runtime.settings.peers}):
        if producer != work.runtime.name:
            told |= _asked(work, producer)
    return told | _numbers(work.runtime.name, numbering.positions(work.session))


def _asked(work: UnitOfWork, producer: str) -> dict[str, int]:
    try:
        with telemetry.quiet():
            return _numbers(producer, work.runtime.clients.client(producer).get("/events/positions"))
    except Problem as problem:
        log().warning("log.self_check.silent", producer=producer, why=error_location(problem))
        return {}


def _numbers(producer: str, positions: dict[str, Any]) -> dict[str, int]:
    return {f"{producer}.{stream}": int(positions[stream]) for stream in STREAMS}


def _measure(work: UnitOfWork) -> None:
    result, good = newest_result(work.session), last_good(work.session)
    canary = newest_check(work.session, work.clock.today())
    FAULTS.set(len(result.faults) if result else 0)
    since: datetime | None = good.at if good else canary.written_at if canary else None
    AGE.set((work.clock.now() - since).total_seconds() if since else 0)
