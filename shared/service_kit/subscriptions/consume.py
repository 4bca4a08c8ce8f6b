"""Pages applied: the cursor moves in the transaction of the effects; pages overlap, repeat and go missing at will."""

from functools import partial

from opentelemetry.trace import SpanKind

from shared.service_kit.database.engine import is_transient
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import ReceivedFact, id_bytes
from shared.service_kit.subscriptions import parking, taken
from shared.service_kit.subscriptions.pages import Dropped, Page, ask, believe
from shared.service_kit.subscriptions.positions import lock_cursor, move_cursor, name_history, read_cursor
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work


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
        page = believe(runtime, subscription, body, key_id, signature)
        return _apply(runtime, subscription, page)
    except Gap as gap:
        return pull(runtime, subscription, gap.after)
    except Dropped as dropped:
        _note_dropped(subscription, dropped)
        return 0


def pull(runtime: Runtime, subscription: Subscription, after: int | None = None) -> int:
    """Ask the producer for what follows the cursor, page by page, as far as it had come when it was first asked.

    What is published meanwhile comes by the queue, or by the next poll: on a busy morning a pull that goes on until
    there is nothing never ends, and the other subscriptions wait behind it.

    Raises:
        Dropped: what the producer itself answers is not believed, or is of another epoch or history: the subscription
            stands still for a person.
        Problem: events-expired where facts are missing that the producer no longer keeps: it stands still as well.
    """
    total, head = 0, None
    while True:
        cursor = read_cursor(runtime, subscription)
        position = (cursor.number if cursor else 0) if after is None else after
        after = None
        try:
            page = ask(runtime, subscription, position)
            if cursor and not page.facts:
                cursor.refuse_another(page)
                name_history(runtime, subscription, cursor, page)
            applied = _apply(runtime, subscription, page) if page.facts else 0
        except Dropped as dropped:
            _note_dropped(subscription, dropped)
            raise
        total += applied
        head = page.head if head is None else head
        if page.through <= position or page.through >= head:
            return total


def _note_dropped(subscription: Subscription, dropped: Dropped) -> None:
    telemetry.PAGES_DROPPED.labels(subscription.producer, str(dropped)).inc()
    log().error("page.dropped", producer=subscription.producer, stream=subscription.stream, why=str(dropped))


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
        cursor = lock_cursor(work, subscription, page)
        fresh = [fact for fact in facts if fact.number > cursor.number]
        if not fresh:
            return 0
        if fresh[0].number != cursor.number + 1:
            raise Gap(cursor.number)
        apply = _each if one_by_one else _all
        apply(work, subscription, fresh)
        passed = (id_bytes(fact) for fact in page.facts[: -len(fresh)])
        after = taken.note_taken(work, fresh, history.histories(page.known, passed)[-1])
        move_cursor(work, subscription.producer, subscription.stream, number=fresh[-1].number, history=after)
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
