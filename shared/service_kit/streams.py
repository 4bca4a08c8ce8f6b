"""Streams of this room: facts get their numbers without gaps, and are read in signed pages."""

import json
from dataclasses import dataclass

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from shared.service_kit.problems import Problem
from shared.service_kit.schema import STREAMS, events, outbox, stream_heads
from shared.service_kit.signing import Signer

PAGE = 2_000
"""Facts on one page at most."""

_NUMBER = text("""
WITH taken AS (
  DELETE FROM outbox WHERE row_id IN (SELECT row_id FROM outbox WHERE stream = :stream ORDER BY row_id LIMIT :most)
  RETURNING row_id, fact_id, subject, body
), kept AS (
  INSERT INTO events (stream, number, fact_id, subject, body)
  SELECT :stream, :head + row_number() OVER (ORDER BY row_id), fact_id, subject, body FROM taken RETURNING number
)
SELECT count(*) FROM kept
""")


@dataclass(frozen=True)
class Page:
    """Consecutive facts of one stream, as sent: signed bytes."""

    body: bytes
    key_id: str
    signature: str
    through: int


def number_waiting(session: Session, stream: str, most: int = 20_000) -> int:
    """Give numbers to committed facts of ``stream``, one batch at a time. Gives how many.

    Row ids do not commit in order, so what is visible now is numbered now; what commits later gets a later number.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('stream:' || :stream))"), {"stream": stream})
    head = session.execute(select(stream_heads.c.number).where(stream_heads.c.stream == stream)).scalar_one()
    count = int(session.execute(_NUMBER, {"stream": stream, "most": most, "head": head}).scalar_one())
    if count:
        session.execute(update(stream_heads).where(stream_heads.c.stream == stream).values(number=head + count))
    return count


def positions(session: Session) -> dict[str, object]:
    """What has been told by now: ``{"epoch": …, "facts": n, "looks": n}``; waiting facts are numbered first."""
    for stream in STREAMS:
        while number_waiting(session, stream):
            pass
    rows = session.execute(select(stream_heads.c.stream, stream_heads.c.number, stream_heads.c.epoch)).all()
    return {"epoch": {row.stream: row.epoch for row in rows}, **{row.stream: row.number for row in rows}}


def read_page(session: Session, signer: Signer, producer: str, stream: str, after: int, most: int = PAGE) -> Page:
    """The signed page of the facts that follow ``after``; empty where there are none.

    Raises:
        Problem: wrong-state where ``after`` was never told here: a restored room would give numbers out again, and
            its readers pass over their facts in silence. events-expired where what follows is no longer kept here: a
            restored reader comes back by a later backup or the published log, and nothing is passed over.
    """
    head = session.execute(select(stream_heads).where(stream_heads.c.stream == stream)).one()
    if after > head.number:
        raise Problem("wrong-state", field="after", detail="この番号までの事実はここにありません")
    oldest = session.scalar(select(func.min(events.c.number)).where(events.c.stream == stream)) or head.number + 1
    if after < oldest - 1:
        detail = "この番号の次からの事実は、保存期間が過ぎてここにはありません"
        raise Problem("events-expired", field="after", detail=detail, extra={"oldest": oldest})
    rows = session.execute(
        select(events.c.number, events.c.body)
        .where(events.c.stream == stream, events.c.number > after)
        .order_by(events.c.number)
        .limit(min(most, PAGE)),
    ).all()
    through = rows[-1].number if rows else after
    place = {"producer": producer, "stream": stream, "epoch": head.epoch, "from": after + 1, "through": through}
    body = (json.dumps(place)[:-1] + ', "facts": [' + ",".join(row.body for row in rows) + "]}").encode()
    return Page(body=body, key_id=signer.key_id, signature=signer.sign(body), through=through)


def waiting(session: Session) -> dict[str, int]:
    """Facts without a number, by stream; the lag of the relay."""
    rows = session.execute(select(outbox.c.stream, func.count()).group_by(outbox.c.stream)).all()
    return dict.fromkeys(STREAMS, 0) | {row[0]: row[1] for row in rows}
