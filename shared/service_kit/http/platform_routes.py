"""The operations that every service offers: health, metrics, streams, parked facts, figures."""

from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import text

from shared.service_kit.http.guard import Guard
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.jobs import chunks, failures
from shared.service_kit.observability import telemetry
from shared.service_kit.retention import expiry
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import epochs, parking, positions
from shared.service_kit.subscriptions.subscription import Subscription, subscription_to
from shared.service_kit.unit_of_work import UnitOfWork

Figures = Callable[[UnitOfWork, str | None], dict[str, Any]]
"""Returns a service's own figures, of a month or of all months, in yen and counts."""


class EventsQuery(BaseModel):
    """Which stream, after which number, and how many facts at most."""

    stream: Literal["facts", "looks"]
    after: int = Field(ge=0, le=2**62)
    most: int = Field(numbering.PAGE, ge=1, le=numbering.PAGE)


class MonthQuery(BaseModel):
    """A month "YYYY-MM" of 1950 to 2199; figures of all months without it."""

    month: str | None = Field(None, pattern=r"^(19[5-9]|2[01][0-9])[0-9]-(0[1-9]|1[0-2])$")


def platform_routes(subscriptions: Sequence[Subscription], figures: Figures | None, guard: Guard) -> Routes:
    """Declare what every service offers: its streams, what is parked, its figures."""
    routes = Routes("kit")
    _declare_streams(routes, subscriptions)
    _declare_parked(routes, subscriptions, guard)

    @routes.get("/figures", permission="figures.read", query=MonthQuery)
    def read_figures(work: UnitOfWork, query: MonthQuery) -> dict[str, Any]:
        """This service's own figures, for the checks across services, and how many items are parked in it."""
        own = figures(work, query.month) if figures else {}
        return {**own, "parked": len(_parked(work))}

    return routes


def _declare_streams(routes: Routes, subscriptions: Sequence[Subscription]) -> None:
    @routes.get("/events", permission="events.read", query=EventsQuery)
    def read_events(work: UnitOfWork, query: EventsQuery) -> Answer:
        """A signed page of the facts that follow ``after``."""
        expiry.note_reader(work, query.stream, query.after)
        numbering.number_waiting(work.connection, query.stream)
        name, signer = work.runtime.name, work.runtime.signer
        page = numbering.read_page(work.connection, signer, name, query.stream, query.after, query.most)
        return Answer(page.body, headers={"Kurashi-Key-Id": page.key_id, "Kurashi-Signature": page.signature})

    @routes.get("/events/positions", permission="events.read")
    def read_positions(work: UnitOfWork) -> dict[str, Any]:
        """How far each stream of this service has been told by now."""
        return numbering.positions(work.connection)

    @routes.get("/events/cursors", permission="events.read")
    def read_cursors(work: UnitOfWork) -> positions.Cursors:
        """How far this service has taken the streams that it listens to, and which history that was."""
        return positions.read_cursors(work)

    @routes.post("/subscriptions/<producer>/<stream>/adoption", permission="epoch.adopt")
    def adopt_epoch(work: UnitOfWork, producer: str, stream: str) -> epochs.Adopted:
        """Go on with the new epoch of a producer that was restored."""
        return epochs.adopt(work, subscriptions, producer, stream)


def _declare_parked(routes: Routes, subscriptions: Sequence[Subscription], guard: Guard) -> None:
    def handle_of(producer: str, stream: str) -> parking.Handler:
        subscription = subscription_to(subscriptions, producer, stream)
        if subscription is None:
            raise LookupError(f"nothing listens to {producer}.{stream} any more")
        return subscription.handle

    @routes.get("/parked", permission="parked.read")
    def read_parked(work: UnitOfWork) -> dict[str, Any]:
        """What stands still until a person has looked: facts, chunks and tasks, with their reasons."""
        items = _parked(work)
        if records := sorted({parked["subject"] for parked in items if guard.record.fullmatch(parked["subject"])}):
            work.look("parked", records, "operation")
        return {"items": items}

    @routes.post("/parked/<fact_id>/release", permission="parked.release")
    def release_parked(work: UnitOfWork, fact_id: UUID) -> dict[str, Any]:
        """Apply a parked fact, and those of its subject behind it; open a chunk again, or have a task tried at once."""
        if chunks.resume(work, fact_id) or failures.release(work, fact_id):
            return {"released": 1}
        return {"released": parking.release(work, fact_id, handle_of)}


def _parked(work: UnitOfWork) -> list[dict[str, Any]]:
    return [*parking.list_parked(work), *chunks.list_parked(work), *failures.list_parked(work)]


def health(runtime: Runtime, *, broker: bool = False) -> Blueprint:
    """Live and ready: open, and without personal data.

    Args:
        broker: not ready while the broker is away. A worker's: its tasks come from there. A web process is asked for
            its facts over HTTP just then.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health/live")
    def live() -> dict[str, str]:
        return {"status": "live", "service": runtime.name}

    @blueprint.get("/health/ready")
    def ready() -> Response:
        with telemetry.quiet(), runtime.engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM stream_heads LIMIT 1"))
        if broker and not runtime.broker.answers():
            return Response('{"status": "broker away"}', 503, content_type="application/json")
        return Response('{"status": "ready"}', content_type="application/json")

    return blueprint


def metrics() -> Blueprint:
    """The metrics of this process, for a port that no browser reaches."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def tell() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
