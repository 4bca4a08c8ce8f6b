"""Streams of this service: facts get their numbers without gaps, and are read in signed pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, func, select, text, update

from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import STREAMS
from shared.service_kit.streams.signing import Signer
from shared.service_kit.streams.tables import events, outbox, stream_heads

PAGE = 2_000
"""Facts on one page at most."""
PAGE_BYTES = 8 * 1024 * 1024
"""Bytes after which a page takes no further fact."""

NUMBERING = declare("kit.numbering")
"""Who gives numbers to the facts of a stream."""
_NUMBER = text("""
WITH moved AS (
  DELETE FROM outbox WHERE stream = :stream AND row_id = ANY (CAST(:rows AS bigint[]))
  RETURNING row_id, fact_id, subject, body
), placed AS (
  SELECT row_number() OVER (ORDER BY row_id) AS place, fact_id, subject, body FROM moved
)
INSERT INTO events (stream, number, fact_id, subject, body, before)
SELECT :stream, :head + place, fact_id, subject, body,
       substring(CAST(:before AS bytea) FROM CAST(:size * (place - 1) + 1 AS integer) FOR :size)
FROM placed
""")
"""The histories come as one value, 32 bytes a fact: to hash row by row in SQL takes a step of recursion for each."""


@dataclass(frozen=True)
class Page:
    """Consecutive facts of one stream, as sent: signed bytes."""

    body: bytes
    key_id: str
    signature: str
    through: int


def number_waiting(connection: Connection, stream: str, most: int = 20_000) -> int:
    """Give numbers to committed facts of ``stream``, one batch at a time. Returns how many.

    Row ids do not commit in order, so what is visible now is numbered now; what commits later gets a later number.
    """
    NUMBERING.each(stream).hold(connection)
    head = connection.execute(select(stream_heads).where(stream_heads.c.stream == stream)).one()
    waiting = select(outbox.c.row_id, outbox.c.fact_id).where(outbox.c.stream == stream).order_by(outbox.c.row_id)
    rows = connection.execute(waiting.limit(most)).all()
    if not rows:
        return 0
    *before, after = history.histories(head.history, (row.fact_id.bytes for row in rows))
    values = {"stream": stream, "head": head.number, "size": history.SIZE, "before": b"".join(before)}
    connection.execute(_NUMBER, {**values, "rows": [row.row_id for row in rows]})
    moved = {"number": head.number + len(rows), "history": after}
    connection.execute(update(stream_heads).where(stream_heads.c.stream == stream).values(moved))
    return len(rows)


def positions(connection: Connection) -> dict[str, object]:
    """What has been told by now: ``{"epoch": …, "history": …, "facts": n, "looks": n}``; waiting facts are numbered."""
    for stream in STREAMS:
        while number_waiting(connection, stream):
            pass
    rows = connection.execute(select(stream_heads)).all()
    named = {
        "epoch": {row.stream: row.epoch for row in rows},
        "history": {row.stream: row.history.hex() for row in rows},
    }
    return {**named, **{row.stream: row.number for row in rows}}


def read_page(connection: Connection, signer: Signer, producer: str, stream: str, after: int, most: int = PAGE) -> Page:
    """The signed page of the facts that follow ``after``; empty where there are none.

    Raises:
        Problem: wrong-state where ``after`` was never told here: a restored service would give numbers out again, and
            its readers pass over their facts in silence. events-expired where what follows is no longer kept here: a
            restored reader comes back by a later backup or the published log, and nothing is passed over.
    """
    head = connection.execute(select(stream_heads).where(stream_heads.c.stream == stream)).one()
    if after > head.number:
        raise Problem("wrong-state", field="after", detail="この番号までの事実はここにありません")
    oldest = connection.scalar(select(func.min(events.c.number)).where(events.c.stream == stream)) or head.number + 1
    if after < oldest - 1:
        detail = "この番号の次からの事実は、保存期間が過ぎてここにはありません"
        raise Problem("events-expired", field="after", detail=detail, extra={"oldest": oldest})
    rows = _following(connection, stream, after, min(most, PAGE))
    through = rows[-1].number if rows else after
    place = {"producer": producer, "stream": stream, "epoch": head.epoch, "from": after + 1, "through": through}
    place["head"] = head.number
    place["before"] = (rows[0].before if rows else head.history).hex()
    body = (json.dumps(place)[:-1] + ', "facts": [' + ",".join(row.body for row in rows) + "]}").encode()
    return Page(body=body, key_id=signer.key_id, signature=signer.sign(body), through=through)


def _following(connection: Connection, stream: str, after: int, most: int) -> Sequence[Any]:
    """The facts after a number, up to as many, and up to as many bytes; one at least, where there is one."""
    size = func.sum(func.octet_length(events.c.body)).over(order_by=events.c.number)
    rows = (
        select(events.c.number, events.c.body, events.c.before, size.label("size"))
        .where(events.c.stream == stream, events.c.number.between(after + 1, after + most))
        .subquery()
    )
    kept = (rows.c.size <= PAGE_BYTES) | (rows.c.number == after + 1)
    return connection.execute(select(rows).where(kept).order_by(rows.c.number)).all()


def forget_waiting(connection: Connection, fact_ids: Select[tuple[UUID]]) -> None:
    """Publish no more what waits for its number and has one of these ids: it was published before a restore."""
    connection.execute(delete(outbox).where(outbox.c.fact_id.in_(fact_ids)))


def count_on(connection: Connection, stream: str, epoch: str, number: int, known: bytes | None) -> bool:
    """Let a stream of a restored service count on from where it had come, so that no number is given twice.

    Returns False where it has published since under another epoch; its history stays where none is ``known``.
    """
    here = stream_heads.c.stream == stream
    head = connection.execute(select(stream_heads).where(here).with_for_update()).one()
    if head.epoch != epoch and head.number:
        return False
    if head.number < number:
        moved = {"epoch": epoch, "number": number, "published": number}
        history_of = {"history": known} if known else {}
        connection.execute(update(stream_heads).where(here).values({**moved, **history_of}))
    return True


def waiting(connection: Connection) -> dict[str, int]:
    """Facts without a number, by stream; the lag of the relay."""
    rows = connection.execute(select(outbox.c.stream, func.count()).group_by(outbox.c.stream)).all()
    return dict.fromkeys(STREAMS, 0) | {row[0]: row[1] for row in rows}
