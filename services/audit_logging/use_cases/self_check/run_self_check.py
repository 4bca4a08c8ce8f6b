"""The daily self-check: the log reads back what was written, or says so aloud.

Once a business day a canary goes through the log's own stream, like any look. Soon after it must be found by
search, open its commitments, and be proved by what is published; every producer's facts must be there, each once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from services.audit_logging.adapters.refill.refills import refilled_lately
from services.audit_logging.adapters.search.progress import SEARCH, come_to
from services.audit_logging.adapters.self_check.checks import (
    counted,
    last_good,
    newest_check,
    newest_result,
    try_lock_checking,
)
from services.audit_logging.adapters.self_check.producers import by_stream
from services.audit_logging.adapters.self_check.tables import self_check_results, self_checks
from services.audit_logging.domain.log.checkpoint import LogKey
from services.audit_logging.domain.self_check.faults import Numbers, count_faults, first_of_each, position_faults
from services.audit_logging.use_cases.self_check.compare_index import compare_index
from services.audit_logging.use_cases.self_check.measure_checks import measure_checks
from services.audit_logging.use_cases.self_check.prepare_check import Prepared, Reports, due_step
from services.audit_logging.use_cases.self_check.verify_canary import verify_canary
from shared.contracts.facts.audit_logging import LogCanary
from shared.service_kit.observability.logs import log
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import taken
from shared.service_kit.unit_of_work import UnitOfWork


def run_self_check(work: UnitOfWork, key: LogKey, prepared: Prepared, reports: Reports) -> None:
    """Write the day's canary or look for it, as it was found due; nothing where another process did it meanwhile.

    Args:
        prepared: what is due, and what the log held before the producers were asked.
        reports: what the producers answered, and what is published.
    """
    if not try_lock_checking(work.connection) or due_step(work, work.runtime.started_at) != prepared.step:
        return
    published = {**reports.published, **by_stream(work.runtime.name, numbering.positions(work.connection))}
    canary = newest_check(work.connection, work.clock.today())
    if prepared.step.verb == "write":
        _write(work, published)
    elif canary is not None:
        faults = verify_canary(work, canary.canary, prepared.index, key, reports.canary)
        _check(work, canary, faults, prepared.taken, published)
    measure_checks(work)


def _write(work: UnitOfWork, published: Numbers) -> None:
    row = {"day": work.clock.today(), "canary": str(uuid4()), "written_at": work.clock.now(), "positions": published}
    written = upsert(self_checks).values(**row).on_conflict_do_nothing().returning(self_checks.c.canary)
    if work.connection.execute(written).one_or_none():
        work.audit_entry(LogCanary.model_validate({"canary": row["canary"]}), subject=f"canary:{row['canary']}")


def _check(
    work: UnitOfWork, canary: Row[Any], canary_faults: Iterable[str], reached: Numbers, published: Numbers
) -> None:
    before = newest_result(work.connection, canary.day)
    promised = _not_lost(work, {**(before.figures["told"] if before else {}), **canary.positions})
    silent = [f"silent:{stream}" for stream in _streams(work) if stream not in published]
    counts, size = counted(work.connection)
    good, indexed = last_good(work.connection), come_to(work.connection, SEARCH)
    bad = first_of_each(compare_index(work, good.figures.get("indexed", 0) if good else 0))
    faults = [
        *canary_faults,
        *silent,
        *position_faults(promised, reached, published),
        *count_faults(counts, size),
        *bad,
    ]
    positions = {"told": published, "taken": reached, "entries": size, "indexed": indexed, "first_bad": bad}
    figures = {**positions, "refilled": refilled_lately(work.connection)[0]}
    row = {"day": canary.day, "at": work.clock.now(), "faults": faults, "figures": figures}
    work.connection.execute(insert(self_check_results).values(**row))
    if faults:
        log().error("log.self_check", day=str(canary.day), faults=faults, first_bad=bad)


def _not_lost(work: UnitOfWork, promised: Numbers) -> Numbers:
    """What is still to be expected of a promise: a producer that was restored since takes back what it has lost."""

    def is_lost(name: str) -> bool:
        producer, _, stream = name.partition(".")
        return taken.is_lost(work, producer, stream, promised[name])

    return {name: number for name, number in promised.items() if not is_lost(name)}


def _streams(work: UnitOfWork) -> list[str]:
    """The streams of this service and of those whose address it knows, as `watch` has them."""
    known = {work.runtime.name, *work.runtime.settings.peers}
    own = work.runtime.catalog.streams_of(work.runtime.name)
    return [f"{producer}.{stream}" for producer, stream in own if producer in known]
