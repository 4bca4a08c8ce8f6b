"""Positions: how far this service has taken the streams that it listens to, and which history that was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import id_bytes
from shared.service_kit.subscriptions.locks import lock_subscription
from shared.service_kit.subscriptions.pages import Dropped, Page
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.subscriptions.tables import cursors, lost_facts
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

EPOCH: Final = "epoch"
HISTORY: Final = "history"
"""A producer with another epoch or history was restored: the subscription stands still until a person lets it go on."""


@dataclass(frozen=True)
class Cursor:
    """How far a stream was taken: the last number, and the history up to it; none until a page has named it."""

    epoch: str
    number: int
    history: bytes | None

    def refuse_another(self, page: Page) -> None:
        """Refuse a page that goes on from another history than was taken, as far as it reaches to where we are.

        Raises:
            Dropped: the producer was restored, with a new epoch or without one.
        """
        if page.epoch != self.epoch:
            raise Dropped(EPOCH)
        if self.history is not None and page.first - 1 <= self.number <= page.through:
            overlap = page.facts[: self.number - page.first + 1]
            if history.histories(page.known, map(id_bytes, overlap))[-1] != self.history:
                raise Dropped(HISTORY)


def read_cursor(runtime: Runtime, subscription: Subscription) -> Cursor | None:
    """Where the subscription stands: its effects are committed up to there; None before the first fact."""
    with runtime.engine.connect() as connection:
        row = connection.execute(_select(subscription)).one_or_none()
    return Cursor(row.epoch, row.number, row.history) if row else None


def lock_cursor(work: UnitOfWork, subscription: Subscription, page: Page) -> Cursor:
    """Return where the subscription stands, held for this transaction; the beginning of the page's epoch at first.

    Raises:
        Dropped: the page is of another epoch or history.
    """
    lock_subscription(work, subscription.producer, subscription.stream)
    row = work.connection.execute(_select(subscription)).one_or_none()
    if row is None:
        first = {"producer": subscription.producer, "stream": subscription.stream, "epoch": page.epoch, "number": 0}
        work.connection.execute(
            upsert(cursors).values({**first, "history": history.BEGINNING}).on_conflict_do_nothing()
        )
    cursor = Cursor(row.epoch, row.number, row.history) if row else Cursor(page.epoch, 0, history.BEGINNING)
    cursor.refuse_another(page)
    return cursor


def move_cursor(work: UnitOfWork, producer: str, stream: str, **moved: object) -> None:
    """Move a cursor in the transaction of the effects: its ``number`` and ``history``, in another ``epoch`` too."""
    work.connection.execute(update(cursors).where(_of_stream(producer, stream)).values(**moved))


def name_history(runtime: Runtime, subscription: Subscription, cursor: Cursor, page: Page) -> None:
    """A cursor from before there were histories gets that of its place; the page ends where it stands."""
    if cursor.history is None and page.first - 1 == cursor.number:
        with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
            nameless = (cursors.c.number == cursor.number) & cursors.c.history.is_(None)
            here = _of_stream(subscription.producer, subscription.stream) & nameless
            work.connection.execute(update(cursors).where(here).values(history=page.known))


def set_cursors(connection: Connection, places: Mapping[tuple[str, str], Cursor]) -> None:
    """Let the subscriptions go on after these places, which are named by producer and stream."""
    for (producer, stream), cursor in places.items():
        moved = {"epoch": cursor.epoch, "number": cursor.number, "history": cursor.history}
        row = {"producer": producer, "stream": stream, **moved}
        connection.execute(
            upsert(cursors).values(row).on_conflict_do_update(index_elements=["producer", "stream"], set_=moved)
        )


def all_cursors(connection: Connection) -> dict[tuple[str, str], Cursor]:
    """Return where this service's subscriptions stand, by producer and stream."""
    rows = connection.execute(select(cursors)).all()
    return {(row.producer, row.stream): Cursor(row.epoch, row.number, row.history) for row in rows}


def cursor_positions(work: UnitOfWork) -> dict[str, int]:
    """Return where this service's subscriptions stand: ``{"producer.stream": number}``."""
    rows = work.connection.execute(select(cursors)).all()
    return {f"{row.producer}.{row.stream}": row.number for row in rows}


def number_taken(producer: ColumnElement[str], stream: ColumnElement[str]) -> ColumnElement[int]:
    """Return, as an SQL expression, up to which number a stream was taken; 0 where nothing of it was."""
    number = select(cursors.c.number).where(_of_stream(producer, stream)).scalar_subquery()
    return func.coalesce(number, 0)


def epoch_taken(work: UnitOfWork, producer: str, stream: str) -> str:
    """Return the epoch in which this service takes a stream; something of it was taken, or just is."""
    return str(work.connection.execute(select(cursors.c.epoch).where(_of_stream(producer, stream))).scalar_one())


class Standing(BaseModel):
    """Where one subscription of this service stands; the history in hex, none until a page of the producer names it.

    ``lost`` is how many facts it has taken that its producer, restored since, no longer knows.
    """

    producer: str
    stream: str
    epoch: str
    number: int
    history: str | None
    lost: int


class Cursors(BaseModel):
    """Where all of them stand."""

    items: list[Standing]


def read_cursors(work: UnitOfWork) -> Cursors:
    """Where this service's subscriptions stand, for whoever compares it with what their producers have told."""
    of = (lost_facts.c.producer == cursors.c.producer) & (lost_facts.c.stream == cursors.c.stream)
    lost = select(func.count()).select_from(lost_facts).where(of).scalar_subquery()
    rows = work.connection.execute(select(cursors, lost.label("lost")).order_by(cursors.c.producer, cursors.c.stream))
    columns = ({**row, "history": row["history"].hex() if row["history"] else None} for row in rows.mappings())
    return Cursors(items=[Standing(**values) for values in columns])


def _of_stream(producer: str | ColumnElement[str], stream: str | ColumnElement[str]) -> ColumnElement[bool]:
    return and_(cursors.c.producer == producer, cursors.c.stream == stream)


def _select(subscription: Subscription) -> Select[Any]:
    return select(cursors).where(_of_stream(subscription.producer, subscription.stream))
