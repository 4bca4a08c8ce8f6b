"""Subscriptions: a cursor moved in the transaction of the effects; pages overlap, repeat and go missing at will."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, Field
from requests import Response
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit.database.engine import is_transient
from shared.service_kit.database.locks import declare
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import history, numbering
from shared.service_kit.streams.envelope import FIELDS, ReceivedFact, id_bytes
from shared.service_kit.subscriptions import parking, taken
from shared.service_kit.subscriptions.parking import Handler
from shared.service_kit.subscriptions.tables import cursors, lost_facts
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

SCHEDULE: Final = declare("kit.schedule")
"""Who sends what is due; held by a worker as long as it lives."""
EPOCH: Final = "epoch"
HISTORY: Final = "history"
"""A producer with another epoch or history was restored: the subscription stands still until a person lets it go on."""
EXPIRED: Final = "events-expired"
MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of a page that are looked at; ours end far below (`streams.PAGE_BYTES`, and one fact)."""


@dataclass(frozen=True)
class Subscription:
    """What a service listens to, and the use case that applies it.

    Args:
        park: False for a service that may skip nothing: it stops and alarms instead.
    """

    producer: str
    stream: str
    handle: Handler
    park: bool = True


class Page(BaseModel):
    """Consecutive facts of one stream as they came, and the history (`history`) before the first of them."""

    model_config = ConfigDict(strict=True, frozen=True)

    producer: str
    stream: str
    epoch: str
    first: int = Field(alias="from", ge=1, le=2**62)
    through: int = Field(ge=0, le=2**62)
    before: str = Field(pattern=r"^[0-9a-f]{64}$")
    facts: list[dict[str, Any]] = Field(max_length=numbering.PAGE)

    @property
    def known(self) -> bytes:
        """The history before the first fact."""
        return bytes.fromhex(self.before)


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


class Dropped(Exception):
    """A page that is not believed: its signature, epoch, history or form fails."""


class Gap(Exception):
    """Facts are missing between the cursor and the page; ``after`` is where to pull from."""

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(f"facts after {after} are missing")


def take_page(runtime: Runtime, subscription: Subscription, body: bytes, key_id: str, signature: str) -> int:
    """Apply a page as it came; pulls what is missing. Returns the number of facts applied.

    A page that fails on content is applied fact by fact under savepoints, and what fails is parked; a lost
    connection, deadlock or time-out is raised to the caller, who tries again.
    """
    try:
        page = _believe(runtime, subscription, body, key_id, signature)
        return _apply(runtime, subscription, page)
    except Gap as gap:
        return pull(runtime, subscription, gap.after)
    except Dropped as dropped:
        _note_dropped(subscription, dropped)
        return 0


def pull(runtime: Runtime, subscription: Subscription, after: int | None = None) -> int:
    """Ask the producer for what follows the cursor, page by page, until there is nothing more.

    Raises:
        Dropped: what the producer itself answers is not believed, or is of another epoch or history: the subscription
            stands still for a person.
        Problem: events-expired where facts are missing that the producer no longer keeps: it stands still as well.
    """
    total = 0
    while True:
        cursor = read_cursor(runtime, subscription)
        position = (cursor.number if cursor else 0) if after is None else after
        after = None
        try:
            page = ask(runtime, subscription, position)
            if cursor and not page.facts:
                cursor.refuse_another(page)
                _name_history(runtime, subscription, cursor, page)
            applied = _apply(runtime, subscription, page) if page.facts else 0
        except Dropped as dropped:
            _note_dropped(subscription, dropped)
            raise
        total += applied
        if not page.facts or page.through <= position:
            return total


def _note_dropped(subscription: Subscription, dropped: Dropped) -> None:
    telemetry.PAGES_DROPPED.labels(subscription.producer, str(dropped)).inc()
    log().error("page.dropped", producer=subscription.producer, stream=subscription.stream, why=str(dropped))


def ask(runtime: Runtime, subscription: Subscription, after: int, most: int = numbering.PAGE) -> Page:
    """The producer's own page of what follows a number.

    Raises:
        Dropped: it is not believed.
        Problem: as the producer answers.
    """
    answer = _ask(runtime, subscription, after, most)
    signed = (answer.headers.get(f"Kurashi-{name}", "") for name in ("Key-Id", "Signature"))
    return _believe(runtime, subscription, answer.content, *signed)


def _name_history(runtime: Runtime, subscription: Subscription, cursor: Cursor, page: Page) -> None:
    """A cursor from before there were histories gets that of its place; the page ends where it stands."""
    if cursor.history is None and page.first - 1 == cursor.number:
        with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
            here = _row(subscription) & (cursors.c.number == cursor.number) & cursors.c.history.is_(None)
            work.session.execute(update(cursors).where(here).values(history=page.known))


def _ask(runtime: Runtime, subscription: Subscription, after: int, most: int) -> Response:
    """What the producer has after a number.

    Raises:
        Problem: as the producer says it; where it no longer keeps what follows, the subscription stands still.
    """
    try:
        with telemetry.quiet():
            params = {"stream": subscription.stream, "after": after, "most": most}
            return runtime.clients.client(subscription.producer).raw("/events", params)
    except Problem as problem:
        if problem.name == EXPIRED:
            name = {"producer": subscription.producer, "stream": subscription.stream}
            log().error("stream.expired", **name, after=after, oldest=problem.extra.get("oldest"))
        raise


def read_cursor(runtime: Runtime, subscription: Subscription) -> Cursor | None:
    """Where the subscription stands: its effects are committed up to there; None before the first fact."""
    with runtime.engine.connect() as connection:
        row = connection.execute(select(cursors).where(_row(subscription))).one_or_none()
    return Cursor(row.epoch, row.number, row.history) if row else None


def _row(subscription: Subscription) -> Any:
    return (cursors.c.producer == subscription.producer) & (cursors.c.stream == subscription.stream)


def cursor_positions(work: UnitOfWork) -> dict[str, int]:
    """Where this service's subscriptions stand: ``{"producer.stream": number}``."""
    rows = work.session.execute(select(cursors)).all()
    return {f"{row.producer}.{row.stream}": row.number for row in rows}


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
    rows = work.session.execute(select(cursors, lost.label("lost")).order_by(cursors.c.producer, cursors.c.stream))
    columns = ({**row, "history": row["history"].hex() if row["history"] else None} for row in rows.mappings())
    return Cursors(items=[Standing(**values) for values in columns])


def pause_subscriptions(work: UnitOfWork) -> bool:
    """Keep this service's worker from its streams until this transaction is over; False where one is at work now."""
    held = SCHEDULE.try_to_hold(work.session)
    for producer, stream in work.runtime.catalog.streams_of(work.runtime.name) if held else ():
        parking.lock_subscription(work, producer, stream)
    return held


def _believe(
    runtime: Runtime,
    subscription: Subscription,
    body: bytes,
    key_id: str,
    signature: str,
) -> Page:
    if len(body) > MOST_BYTES:
        raise Dropped("size")
    if not runtime.verifier.holds(subscription.producer, key_id, signature, body):
        raise Dropped("signature")
    try:
        page = Page.model_validate(orjson.loads(body))
        ids = [id_bytes(fact) for fact in page.facts if fact.keys() >= FIELDS]
    except (ValueError, TypeError, KeyError):
        raise Dropped("form") from None
    if (page.producer, page.stream) != (subscription.producer, subscription.stream):
        raise Dropped("stream")
    if len(set(ids)) != page.through - page.first + 1:
        raise Dropped("form")
    return page


def _apply(runtime: Runtime, subscription: Subscription, page: Page) -> int:
    facts = [
        ReceivedFact(subscription.producer, subscription.stream, number, body)
        for number, body in enumerate(page.facts, page.first)
    ]
    with telemetry.span(
        f"take {subscription.producer}.{subscription.stream}",
        kind=SpanKind.CONSUMER,
        new_trace=True,
        correlation=[fact.correlation for fact in facts],
        links=[fact.traceparent for fact in facts],
        attributes={"kurashi.from": page.first, "kurashi.through": page.through},
    ):
        try:
            return _in_one(runtime, subscription, page, facts, one_by_one=False)
        except (Gap, Dropped):
            raise
        except Exception as error:
            if is_transient(error):
                raise
            log().warning("page.one_by_one", producer=subscription.producer, why=error_location(error))
            if not subscription.park:
                raise
            return _in_one(runtime, subscription, page, facts, one_by_one=True)


def _in_one(
    runtime: Runtime,
    subscription: Subscription,
    page: Page,
    facts: list[ReceivedFact],
    *,
    one_by_one: bool,
) -> int:
    correlation = facts[0].correlation if facts else ""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation=correlation) as work:
        cursor = _lock_cursor(work, subscription, page)
        fresh = [fact for fact in facts if fact.number > cursor.number]
        if not fresh:
            return 0
        if fresh[0].number != cursor.number + 1:
            raise Gap(cursor.number)
        apply = _each if one_by_one else _all
        apply(work, subscription, fresh)
        passed = (id_bytes(fact) for fact in page.facts[: -len(fresh)])
        after = taken.note_taken(work, fresh, history.histories(page.known, passed)[-1])
        moved = {"number": fresh[-1].number, "history": after}
        work.session.execute(update(cursors).where(_row(subscription)).values(moved))
    telemetry.FACTS_APPLIED.labels(subscription.producer, subscription.stream).inc(len(fresh))
    return len(fresh)


def _all(work: UnitOfWork, subscription: Subscription, facts: list[ReceivedFact]) -> None:
    held = parking.held_subjects(work, subscription.producer, subscription.stream) if subscription.park else set()
    for fact in facts:
        if fact.subject in held:
            parking.park(work, fact, "behind")
    open_facts = [fact for fact in facts if fact.subject not in held]
    if open_facts:
        subscription.handle(work, open_facts)


def _each(work: UnitOfWork, subscription: Subscription, facts: list[ReceivedFact]) -> None:
    held = parking.held_subjects(work, subscription.producer, subscription.stream)
    for fact in facts:
        if fact.subject in held:
            parking.park(work, fact, "behind")
            continue
        if reason := parking.attempt(work, partial(subscription.handle, work, [fact])):
            parking.park(work, fact, reason)
            held.add(fact.subject)


def _lock_cursor(work: UnitOfWork, subscription: Subscription, page: Page) -> Cursor:
    parking.lock_subscription(work, subscription.producer, subscription.stream)
    row = work.session.execute(select(cursors).where(_row(subscription))).one_or_none()
    if row is None:
        first = {"producer": subscription.producer, "stream": subscription.stream, "epoch": page.epoch, "number": 0}
        work.session.execute(upsert(cursors).values({**first, "history": history.BEGINNING}).on_conflict_do_nothing())
    cursor = Cursor(row.epoch, row.number, row.history) if row else Cursor(page.epoch, 0, history.BEGINNING)
    cursor.refuse_another(page)
    return cursor
