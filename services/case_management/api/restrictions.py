"""Restrictions on cases (閲覧制限): shielded persons, cases of staff and of their relatives."""

from uuid import UUID

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters import restrictions
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import (
    Approve,
    Lift,
    OnDay,
    ProposeRestriction,
    PurposeQuery,
    Restrictions,
    RestrictionsOnDay,
    RestrictionView,
)
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("restrictions")
record = case_record(decisions, PROGRAMME)


@routes.post("/cases/<case_no>/restrictions", permission="restriction.propose", of=record, status=201)
def restrict(work: UnitOfWork, case_no: str, body: ProposeRestriction) -> RestrictionView:
    """Propose a restriction; nothing is in force yet."""
    return restrictions.propose_restriction(work, decisions, case_no, body)


@routes.post(
    "/cases/<case_no>/restrictions/<restriction_id>/lift", permission="restriction.propose", of=record, status=201
)
def lift(work: UnitOfWork, case_no: str, restriction_id: UUID, body: Lift) -> RestrictionView:
    """Propose to lift a restriction."""
    return restrictions.propose_lift(work, decisions, case_no, restriction_id, body)


@routes.post(
    "/cases/<case_no>/restrictions/<restriction_id>/approval",
    permission="restriction.approve",
    of=record,
    approval=True,
)
def approve_restriction(work: UnitOfWork, case_no: str, restriction_id: UUID, body: Approve) -> RestrictionView:
    """Approve a restriction, or its lifting, by its hash."""
    return restrictions.approve_restriction(work, decisions, case_no, restriction_id, body.sha256)


@routes.get("/cases/<case_no>/restrictions", permission="restriction.read", query=PurposeQuery, of=record)
def read_restrictions(work: UnitOfWork, case_no: str, query: PurposeQuery) -> Restrictions:
    """The restrictions on a case."""
    return restrictions.look_at_restrictions(work, decisions, case_no, query.purpose)


@routes.get("/restrictions", permission="restriction.audit", query=OnDay)
def read_restrictions_of_day(work: UnitOfWork, query: OnDay) -> RestrictionsOnDay:
    """The restrictions that held on a day, for the register of who could do what."""
    return restrictions.restrictions_on(work, decisions, query.on)
