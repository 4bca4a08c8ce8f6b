"""What this service has taken of each stream, fact by fact: its own memory, with which a restored producer is met."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import ReceivedFact, id_bytes
from shared.service_kit.subscriptions.tables import lost_facts, taken
from shared.service_kit.unit_of_work import UnitOfWork


def note_taken(work: UnitOfWork, facts: list[ReceivedFact], before: bytes) -> bytes:
    """Note what was taken of a stream, in order, after the history ``before``. Returns the history after it."""
    ids = [id_bytes(fact.body) for fact in facts]
    return note_ids(work, (facts[0].producer, facts[0].stream), facts[0].number, before, ids)


def note_ids(work: UnitOfWork, of: tuple[str, str], first: int, before: bytes, ids: list[bytes]) -> bytes:
    """Note which facts a producer's stream had, from the number ``first`` on. Returns the history after them."""
    place = {"producer": of[0], "stream": of[1], "first": first}
    work.connection.execute(insert(taken).values(**place, before=before, ids=b"".join(ids)))
    return history.histories(before, ids)[-1]


def first_known(work: UnitOfWork, producer: str, stream: str) -> int | None:
    """The lowest number at which this service can tell what it has taken of a stream; None where it took nothing."""
    rows = select(taken.c.first).where(_of(producer, stream)).order_by(taken.c.first).limit(1)
    first: int | None = work.connection.scalar(rows)
    return None if first is None else first - 1


def taken_until(work: UnitOfWork, producer: str, stream: str, number: int) -> bytes | None:
    """The history at ``number`` as this service has taken it; None where it cannot tell."""
    row = _holding(work, producer, stream, number + 1)
    count = number + 1 - row.first if row else 0
    if row is None or len(row.ids) < history.ID * count:
        return None
    return history.histories(row.before, history.split_ids(row.ids[: history.ID * count]))[-1]


def lose(work: UnitOfWork, producer: str, stream: str, epoch: str, after: int) -> int:
    """What was taken after a number is no longer told: it is set down as lost. Returns how many facts that are."""
    here = _of(producer, stream)
    straddling = _holding(work, producer, stream, after + 1)
    rows = work.connection.execute(select(taken).where(here, taken.c.first > after)).all()
    parts = [*((row.first, row.ids) for row in rows)]
    if straddling is not None and straddling.first <= after:
        kept = history.ID * (after + 1 - straddling.first)
        parts.append((after + 1, straddling.ids[kept:]))
        shorter = update(taken).where(here, taken.c.first == straddling.first)
        work.connection.execute(shorter.values(ids=straddling.ids[:kept]))
    work.connection.execute(delete(taken).where(here, taken.c.first > after))
    lost = [
        {"fact_id": UUID(bytes=fact_id), "producer": producer, "stream": stream, "epoch": epoch, "number": number}
        for first, ids in parts
        for number, fact_id in enumerate(history.split_ids(ids), first)
    ]
    if lost:
        work.connection.execute(insert(lost_facts), lost)
    return len(lost)


def is_lost(work: UnitOfWork, producer: str, stream: str, number: int) -> bool:
    """Whether a restored producer has forgotten what this service took under a number."""
    here = (lost_facts.c.producer == producer) & (lost_facts.c.stream == stream) & (lost_facts.c.number == number)
    return work.connection.scalar(select(lost_facts.c.number).where(here).limit(1)) is not None


def _holding(work: UnitOfWork, producer: str, stream: str, number: int) -> Any:
    """The page on which a number was taken, or the last before it."""
    rows = select(taken).where(_of(producer, stream), taken.c.first <= number).order_by(taken.c.first.desc())
    return work.connection.execute(rows.limit(1)).one_or_none()


def _of(producer: str, stream: str) -> Any:
    return (taken.c.producer == producer) & (taken.c.stream == stream)
