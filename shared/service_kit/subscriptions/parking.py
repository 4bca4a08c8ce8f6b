"""Parked facts: what could not be applied waits with its reason, later facts of its subject behind it."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit.database.engine import is_transient
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import ContentError, Problem, error_location
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.subscriptions.locks import lock_subscription
from shared.service_kit.subscriptions.tables import parked
from shared.service_kit.unit_of_work import UnitOfWork

Handler = Callable[[UnitOfWork, Sequence[ReceivedFact]], None]
"""Applies consecutive events of one stream."""
HandleOf = Callable[[str, str], Handler]
"""Returns what applies the events of a producer's stream."""


def held_subjects(work: UnitOfWork, producer: str, stream: str) -> set[str]:
    """Subjects of a stream with a fact that is still parked."""
    rows = work.connection.execute(
        select(parked.c.subject)
        .where(parked.c.producer == producer, parked.c.stream == stream, parked.c.released_at.is_(None))
        .distinct(),
    )
    return set(rows.scalars())


def park(work: UnitOfWork, fact: ReceivedFact, reason: str) -> None:
    """Set a fact aside; the cursor goes on."""
    row = {
        "fact_id": fact.id,
        "producer": fact.producer,
        "stream": fact.stream,
        "number": fact.number,
        "subject": fact.subject,
        "reason": reason[:200],
        "body": json.dumps(fact.body, ensure_ascii=False),
        "parked_at": work.clock.now(),
    }
    work.connection.execute(upsert(parked).values(row).on_conflict_do_nothing())
    telemetry.FACTS_PARKED.labels(fact.producer, fact.stream).inc()
    log().error("fact.parked", producer=fact.producer, stream=fact.stream, number=fact.number, reason=reason[:200])


def parked_below(work: UnitOfWork, producer: str, stream: str, number: int) -> int:
    """How many facts up to ``number`` are parked."""
    return int(
        work.connection.execute(
            select(func.count())
            .select_from(parked)
            .where(
                parked.c.producer == producer,
                parked.c.stream == stream,
                parked.c.number <= number,
                parked.c.released_at.is_(None),
            ),
        ).scalar_one(),
    )


def parked_facts(work: UnitOfWork, type_: str) -> list[ReceivedFact]:
    """Return the facts of a type that are parked now."""
    waiting = select(parked).where(parked.c.released_at.is_(None), parked.c.body.contains(type_))
    facts = [
        ReceivedFact(row.producer, row.stream, row.number, json.loads(row.body))
        for row in work.connection.execute(waiting)
    ]
    return [fact for fact in facts if fact.type == type_]


def list_parked(work: UnitOfWork) -> list[dict[str, Any]]:
    """What is parked now: id, stream, number, subject, type, reason, since."""
    rows = work.connection.execute(select(parked).where(parked.c.released_at.is_(None)).order_by(parked.c.place)).all()
    return [
        {
            "fact_id": str(row.fact_id),
            "producer": row.producer,
            "stream": row.stream,
            "number": row.number,
            "subject": row.subject,
            "type": json.loads(row.body)["type"],
            "reason": row.reason,
            "parked_at": row.parked_at.isoformat(),
        }
        for row in rows
    ]


def release(work: UnitOfWork, fact_id: UUID, handle_of: HandleOf) -> int:
    """Apply a parked fact and those of the same subject behind it, in order, up to the first that fails again.

    Returns how many were applied; the one that failed keeps its new reason, and those behind it wait on.

    Raises:
        Problem: not-found where nothing of that id is parked; wrong-state where an earlier fact of its subject is, or
            the fact itself fails again, with the reason.
    """
    row = work.connection.execute(
        select(parked).where(parked.c.fact_id == fact_id, parked.c.released_at.is_(None)),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", detail="保留中の事実ではありません", field="fact_id")
    lock_subscription(work, row.producer, row.stream)
    waiting = work.connection.execute(_same_subject(row).order_by(parked.c.place).with_for_update()).all()
    if not waiting or waiting[0].fact_id != fact_id:
        raise Problem("wrong-state", detail="同じ対象の先の事実から順に解放してください", field="fact_id")
    count = _apply_in_order(work, waiting, handle_of(row.producer, row.stream))
    payload = work.runtime.released_type(parked_id=fact_id, subject=row.subject, count=count)
    work.fact(payload, subject=f"parked:{fact_id}")
    return count


def _same_subject(row: Any) -> Select[Any]:
    """What is parked of the stream and subject of a row."""
    return select(parked).where(
        parked.c.producer == row.producer,
        parked.c.stream == row.stream,
        parked.c.subject == row.subject,
        parked.c.released_at.is_(None),
    )


def _apply_in_order(work: UnitOfWork, waiting: Sequence[Any], handle: Handler) -> int:
    """Apply up to the first that fails again, which keeps its reason; returns how many were applied.

    Raises:
        Problem: wrong-state where that is the first of all.
    """
    count = 0
    for row in waiting:
        fact = ReceivedFact(row.producer, row.stream, row.number, json.loads(row.body))
        if reason := attempt(work, partial(handle, work, [fact])):
            if not count:
                raise Problem("wrong-state", detail=f"まだ適用できません: {reason}", field="fact_id")
            _note(work, row.fact_id, reason=reason)
            break
        _note(work, row.fact_id, released_at=work.clock.now(), released_by=work.actor)
        count += 1
    return count


def attempt(work: UnitOfWork, apply: Callable[[], None]) -> str:
    """Apply under a savepoint; returns the reason why it cannot be, empty where it was applied.

    Raises:
        Exception: a fault that passes; it is tried again, never parked.
    """
    mark = work.mark()
    try:
        with work.connection.begin_nested():
            apply()
    except Exception as error:
        if is_transient(error):
            raise
        work.forget_since(mark)
        return (str(error) if isinstance(error, ContentError) else error_location(error))[:200]
    return ""


def _note(work: UnitOfWork, fact_id: UUID, **values: object) -> None:
    work.connection.execute(update(parked).where(parked.c.fact_id == fact_id).values(**values))
