"""Collective determinations (一括決定)."""

from uuid import UUID

from services.support_benefits.adapters.law import LAW
from services.support_benefits.adapters.tables import decisions
from shared.decisions.api.schemas import (
    Approve,
    Collectives,
    CollectivesQuery,
    CollectiveView,
    OpenCollective,
    Withdraw,
)
from shared.decisions.use_cases.collectives import approve_collective, read_collectives
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("collective-determinations")


@routes.post("/collective-determinations", permission="determination.propose", status=202)
def open_one(work: UnitOfWork, body: OpenCollective) -> CollectiveView:
    """Determine the office as one act."""
    return approve_collective.open_collective(work, decisions, body, LAW.reaches)


@routes.post(
    "/collective-determinations/<collective_id>/approval", permission="determination.approve", status=202, approval=True
)
def approve_one(work: UnitOfWork, collective_id: UUID, body: Approve) -> CollectiveView:
    """Approve every determination that the hash covers."""
    return approve_collective.approve_collective(work, decisions, collective_id, body.sha256)


@routes.post("/collective-determinations/<collective_id>/withdrawal", permission="determination.withdraw")
def withdraw_one(work: UnitOfWork, collective_id: UUID, body: Withdraw) -> CollectiveView:
    """Take an act back before it is approved (取下げ), or return it to its proposer (差戻し)."""
    return approve_collective.withdraw_collective(work, decisions, collective_id, body)


@routes.get("/collective-determinations/<collective_id>", permission="determination.read")
def read_one(work: UnitOfWork, collective_id: UUID) -> CollectiveView:
    """One collective determination."""
    return read_collectives.get_collective(work, decisions, collective_id)


@routes.get("/collective-determinations", permission="determination.read", query=CollectivesQuery)
def read_month(work: UnitOfWork, query: CollectivesQuery) -> Collectives:
    """The collective determinations of a month, or what is open of any."""
    return read_collectives.collectives_of(work, decisions, query)
