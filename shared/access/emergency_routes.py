"""The operations of emergency access (緊急閲覧); an ``app.py`` declares them where the records have scopes."""

from functools import partial
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.access import emergencies
from shared.access.emergencies import Alarm, Emergency, Explained, Opened, Use
from shared.access.records import Record, RecordOf
from shared.service_kit.http.routing import Ask, Routes
from shared.service_kit.unit_of_work import UnitOfWork


class SpanQuery(BaseModel):
    """From one instant to another."""

    first: AwareDatetime
    last: AwareDatetime


class Emergencies(BaseModel):
    """Records opened in an emergency, oldest first."""

    items: list[Use]


class Notices(BaseModel):
    """Emergencies of the last days, newest first, without the records."""

    items: list[Alarm]


def emergency_routes(record_of: RecordOf, ask: Ask | None = None) -> Routes:
    """Declare emergency access (緊急閲覧): to open a record, to list and to explain what was opened.

    Args:
        ask: asks other services before the unit of work opens; ``record_of`` gets the answer as ``asked``.
    """
    routes = Routes("emergencies")

    @routes.post("/break-glass", permission="break_glass.use", status=201, ask=ask)
    def break_glass(work: UnitOfWork, body: Emergency, **asked: Record) -> Opened:
        """Open a record out of scope in an emergency (緊急閲覧)."""
        return emergencies.open_in_emergency(work, body, partial(record_of, **asked))

    @routes.get("/break-glass", permission="break_glass.read", query=SpanQuery)
    def read_break_glass(work: UnitOfWork, query: SpanQuery) -> Emergencies:
        """The records opened in an emergency, for the register of who could do what; a look at them."""
        items = emergencies.uses_between(work, query.first, query.last)
        if items:
            work.look("emergencies", sorted({use.subject for use in items}), "review")
        return Emergencies(items=items)

    @routes.get("/break-glass/notices", permission="break_glass.notice")
    def read_notices(work: UnitOfWork) -> Notices:
        """That records were opened in an emergency in the last days: who, when, why; which ones is told to the head."""
        return Notices(items=emergencies.recent_uses(work))

    @routes.get("/break-glass/<break_glass_id>", permission="break_glass.explain")
    def read_explained(work: UnitOfWork, break_glass_id: UUID) -> Explained:
        """What was written of one emergency, for its review (点検); a look at its record."""
        emergency = emergencies.explained(work, break_glass_id)
        work.look("emergency", [emergency.subject], "review")
        return emergency

    return routes
