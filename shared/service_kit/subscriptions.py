"""Subscriptions: a cursor moved in the transaction of the effects; pages overlap, repeat and go missing at will."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
from opentelemetry.trace import SpanKind
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit import parking, telemetry
from shared.service_kit.database import passing
from shared.service_kit.envelope import ReceivedFact
from shared.service_kit.logs import log
from shared.service_kit.problems import Problem, where
from shared.service_kit.schema import cursors
from shared.service_kit.work import UnitOfWork

if TYPE_CHECKING:
    from requests import Response

    from shared.service_kit.service import Service

EPOCH: Final = "epoch"
EXPIRED: Final = "events-expired"
Handler = Callable[[UnitOfWork, Sequence[ReceivedFact]], None]


@dataclass(frozen=True)
class Subscription:
    """What a room listens to, and the use case that applies it.

    Args:
        park: False for a room that may skip nothing: it stops and alarms instead.
    """

    producer: str
    stream: str
    handle: Handler
    park: bool = True


class Dropped(Exception):
    """A page that is not believed: its signature, epoch or form fails."""


class Gap(Exception):
    """Facts are missing between the cursor and the page; ``after`` is where to pull from."""

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(f"facts after {after} are missing")


def take_page(service: "Service", subscription: Subscription, body: bytes, key_id: str, signature: str) -> int:
    """Apply a page as it came; pulls what is missing. Gives the number of facts applied.

    A page that fails on content is applied fact by fact under savepoints, and what fails is parked; a lost
    connection, deadlock or time-out is raised to the caller, who tries again.
    """
    try:
        page = _believe(service, subscription, body, key_id, signature)
        return _apply(service, subscription, page)
    except Gap as gap:
        return pull(service, subscription, gap.after)
    except Dropped as dropped:
        telemetry.PAGES_DROPPED.labels(subscription.producer, str(dropped)).inc()
        log().error("page.dropped", producer=subscription.producer, stream=subscription.stream, why=str(dropped))
        return 0


def pull(service: "Service", subscription: Subscription, after: int | None = None) -> int:
    """Ask the producer for what follows the cursor, page by page, until there is nothing more.

    Raises:
        Dropped: the producer itself answers with another epoch: the subscription stands still for a person.
        Problem: events-expired where facts are missing that the producer no longer keeps: it stands still as well.
    """
    total = 0
    while True:
        position = cursor_position(service, subscription) if after is None else after
        after = None
        answer = _ask(service, subscription, position)
        headers = answer.headers
        try:
            page = _believe(
                service,
                subscription,
                answer.content,
                headers.get("Kurashi-Key-Id", ""),
                headers.get("Kurashi-Signature", ""),
            )
            applied = _apply(service, subscription, page) if page["facts"] else 0
        except Dropped as dropped:
            telemetry.PAGES_DROPPED.labels(subscription.producer, str(dropped)).inc()
            log().error("page.dropped", producer=subscription.producer, stream=subscription.stream, why=str(dropped))
            if str(dropped) == EPOCH:
                raise
            return total
        total += applied
        if not page["facts"] or page["through"] <= position:
            return total


def _ask(service: "Service", subscription: Subscription, after: int) -> "Response":
    """What the producer has after a number.

    Raises:
        Problem: as the producer says it; where it no longer keeps what follows, the subscription stands still.
    """
    try:
        with telemetry.quiet():
            return service.peers.peer(subscription.producer).raw(
                "/events", {"stream": subscription.stream, "after": after}
            )
    except Problem as problem:
        if problem.name == EXPIRED:
            name = {"producer": subscription.producer, "stream": subscription.stream}
            log().error("stream.expired", **name, after=after, oldest=problem.extra.get("oldest"))
        raise


def cursor_position(service: "Service", subscription: Subscription) -> int:
    """The number of the last fact whose effects are committed; 0 before the first."""
    with service.engine.connect() as connection:
        found = connection.execute(
            select(cursors.c.number).where(
                cursors.c.producer == subscription.producer,
                cursors.c.stream == subscription.stream,
            ),
        ).scalar_one_or_none()
    return found or 0


def cursor_positions(work: UnitOfWork) -> dict[str, int]:
    """Where this room's subscriptions stand: ``{"producer.stream": number}``."""
    rows = work.session.execute(select(cursors)).all()
    return {f"{row.producer}.{row.stream}": row.number for row in rows}


def hold_still(work: UnitOfWork) -> bool:
    """Keep this room's worker from its streams until this transaction is over; False where one is at work now."""
    held = work.session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('schedule'))"))
    for one in work.service.subscriptions if held else ():
        parking.lock_subscription(work, one.producer, one.stream)
    return bool(held)


def _believe(
    service: "Service",
    subscription: Subscription,
    body: bytes,
    key_id: str,
    signature: str,
) -> dict[str, Any]:
    if not service.verifier.holds(subscription.producer, key_id, signature, body):
        raise Dropped("signature")
    page: dict[str, Any] = orjson.loads(body)
    if (page["producer"], page["stream"]) != (subscription.producer, subscription.stream):
        raise Dropped("stream")
    if len(page["facts"]) != page["through"] - page["from"] + 1:
        raise Dropped("form")
    return page


def _apply(service: "Service", subscription: Subscription, page: dict[str, Any]) -> int:
    facts = [
        ReceivedFact(subscription.producer, subscription.stream, number, body)
        for number, body in enumerate(page["facts"], page["from"])
    ]
    with telemetry.span(
        f"take {subscription.producer}.{subscription.stream}",
        kind=SpanKind.CONSUMER,
        new_trace=True,
        correlation=[fact.correlation for fact in facts],
        links=[fact.traceparent for fact in facts],
        attributes={"kurashi.from": page["from"], "kurashi.through": page["through"]},
    ):
        try:
            return _in_one(service, subscription, page, facts, one_by_one=False)
        except (Gap, Dropped):
            raise
        except Exception as error:
            if passing(error):
                raise
            log().warning("page.one_by_one", producer=subscription.producer, why=where(error))
            if not subscription.park:
                raise
            return _in_one(service, subscription, page, facts, one_by_one=True)


def _in_one(
    service: "Service",
    subscription: Subscription,
    page: dict[str, Any],
    facts: list[ReceivedFact],
    *,
    one_by_one: bool,
) -> int:
    correlation = facts[0].correlation if facts else ""
    with service.work(actor=f"service:{service.name}", correlation=correlation) as work:
        at = _lock_cursor(work, subscription, page["epoch"])
        fresh = [fact for fact in facts if fact.number > at]
        if not fresh:
            return 0
        if fresh[0].number != at + 1:
            raise Gap(at)
        apply = _each if one_by_one else _all
        apply(work, subscription, fresh)
        work.session.execute(
            update(cursors)
            .where(cursors.c.producer == subscription.producer, cursors.c.stream == subscription.stream)
            .values(number=fresh[-1].number),
        )
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


def _lock_cursor(work: UnitOfWork, subscription: Subscription, epoch: str) -> int:
    parking.lock_subscription(work, subscription.producer, subscription.stream)
    row = work.session.execute(
        select(cursors.c.epoch, cursors.c.number).where(
            cursors.c.producer == subscription.producer,
            cursors.c.stream == subscription.stream,
        ),
    ).one_or_none()
    if row is None:
        first = {"producer": subscription.producer, "stream": subscription.stream, "epoch": epoch, "number": 0}
        work.session.execute(upsert(cursors).values(first).on_conflict_do_nothing())
        return 0
    if row.epoch != epoch:
        raise Dropped(EPOCH)
    return int(row.number)
