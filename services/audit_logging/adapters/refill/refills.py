"""Queries of refills: what came back from the published log, and what the log's own streams had published before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, select, text

from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.refill.tables import refills
from shared.service_kit.streams import numbering
from shared.service_kit.streams.history import BEGINNING
from shared.service_kit.subscriptions.positions import Cursor
from shared.service_kit.subscriptions.taken import lose, note_ids, taken_until
from shared.service_kit.unit_of_work import UnitOfWork

Places = dict[tuple[str, str], Cursor]
"""Where each producer's stream was taken up to."""

_PUBLISHED_OTHERWISE = text("""
SELECT e.stream || ' ' || e.number FROM events e
JOIN entries n ON n.producer = :own AND n.stream = e.stream AND n.number = e.number
WHERE n.index >= :first AND n.fact_id <> e.fact_id ORDER BY 1 LIMIT 1
""")
_REFILLED_SUBJECT = text("""
SELECT EXISTS (
    SELECT FROM (SELECT fact_id, subject FROM outbox UNION ALL SELECT fact_id, subject FROM events) published
    JOIN entries USING (fact_id) WHERE index >= :first AND subject = :subject
)
""")


def refills_of(connection: Connection) -> list[RowMapping]:
    """All refills, oldest first."""
    return list(connection.execute(select(refills).order_by(refills.c.first)).mappings())


def refilled_at(connection: Connection, index: int) -> datetime | None:
    """When this entry came back from the published log; None where it did not."""
    at: datetime | None = connection.scalar(
        select(refills.c.refilled_at).where(refills.c.first <= index, refills.c.last >= index)
    )
    return at


def refilled_lately(connection: Connection) -> tuple[int, datetime | None]:
    """How many entries came back without their openings, and when the last ones did."""
    row = connection.execute(
        select(func.sum(refills.c.last - refills.c.first + 1), func.max(refills.c.refilled_at))
    ).one()
    return int(row[0] or 0), row[1]


def note_again(work: UnitOfWork, places: Places, leaves: Sequence[Mapping[str, Any]]) -> None:
    """Note as taken what came back, in its order, and move the places on.

    A stream that began again in a new epoch left facts behind as lost. A place without a history (from before there
    were any) goes on without one.
    """
    for (producer, stream, epoch), facts in _by_stream(leaves):
        first, ids = int(facts[0]["number"]), [UUID(leaf["id"]).bytes for leaf in facts]
        stood = places.get((producer, stream), Cursor(epoch, 0, BEGINNING))
        if stood.epoch != epoch:
            known = taken_until(work, producer, stream, first - 1)
            lose(work, producer, stream, stood.epoch, first - 1)
            stood = Cursor(epoch, first - 1, known)
        after = note_ids(work, (producer, stream), first, stood.history, ids) if stood.history else None
        places[producer, stream] = Cursor(epoch, int(facts[-1]["number"]), after)


def _by_stream(leaves: Sequence[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str, str], list[Mapping[str, Any]]]]:
    """The leaves by producer, stream and epoch, each in its order."""
    streams: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for leaf in leaves:
        streams.setdefault((leaf["producer"], leaf["stream"], leaf["epoch"]), []).append(leaf)
    return iter(streams.items())


def published_otherwise(connection: Connection, own: str, first: int) -> str | None:
    """Stream and number that the log gave to another fact of its own than it had published under it."""
    place: str | None = connection.scalar(_PUBLISHED_OTHERWISE, {"own": own, "first": first})
    return place


def published_before(connection: Connection, subject: str, first: int) -> bool:
    """Whether a fact of the log's own about this subject is among the entries from `first` on."""
    return bool(connection.scalar(_REFILLED_SUBJECT, {"subject": subject, "first": first}))


def count_on(connection: Connection, own: str, places: Places, first: int) -> str | None:
    """Let the log's own streams count on where they had come: no number is given twice, no fact published twice.

    Returns the stream that counts under another epoch (its database was made anew and has published since); else None.
    """
    numbering.forget_waiting(connection, select(entries.c.fact_id).where(entries.c.index >= first))
    for (producer, stream), stood in places.items():
        if producer == own and not numbering.count_on(connection, stream, stood.epoch, stood.number, stood.history):
            return stream
    return None
