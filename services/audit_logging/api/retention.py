"""Deletion of openings whose period is over, by two people, and the holds that stop it."""

from __future__ import annotations

from uuid import UUID

from services.audit_logging.use_cases.retention.approve_deletion import ApproveDeletion
from services.audit_logging.use_cases.retention.approve_deletion import approve_deletion as approve
from services.audit_logging.use_cases.retention.end_hold import EndHold
from services.audit_logging.use_cases.retention.end_hold import end_hold as end
from services.audit_logging.use_cases.retention.place_hold import PlaceHold
from services.audit_logging.use_cases.retention.place_hold import place_hold as place
from services.audit_logging.use_cases.retention.propose_deletion import ProposeDeletion
from services.audit_logging.use_cases.retention.propose_deletion import propose_deletion as propose
from services.audit_logging.use_cases.retention.read_deletions import (
    Deletions,
    DeletionView,
    get_deletion,
    read_deletions,
)
from services.audit_logging.use_cases.retention.read_holds import Holds, HoldsQuery, HoldView, read_holds
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("deletions")


@routes.post("/log/deletions", permission="deletion.propose", status=201)
def propose_deletion(work: UnitOfWork, body: ProposeDeletion) -> DeletionView:
    """Propose to delete what came into the log before a day; the answer says what falls under it."""
    return propose(work, body)


@routes.post("/log/deletions/<deletion_id>/approval", permission="deletion.approve", approval=True)
def approve_deletion(work: UnitOfWork, deletion_id: UUID, body: ApproveDeletion) -> DeletionView:
    """Approve a deletion by its hash."""
    return approve(work, deletion_id, body.sha256)


@routes.get("/log/deletions", permission="deletion.read")
def list_deletions(work: UnitOfWork) -> Deletions:
    """Deletions with their notices, newest first."""
    return read_deletions(work)


@routes.get("/log/deletions/<deletion_id>", permission="deletion.read")
def read_deletion(work: UnitOfWork, deletion_id: UUID) -> DeletionView:
    """One deletion."""
    return get_deletion(work, deletion_id)


@routes.post("/log/holds", permission="hold.place", status=201)
def place_hold(work: UnitOfWork, body: PlaceHold) -> HoldView:
    """Place a hold: nothing that it covers is deleted."""
    return place(work, body)


@routes.post("/log/holds/<hold_id>/end", permission="hold.end")
def end_hold(work: UnitOfWork, hold_id: UUID, body: EndHold) -> HoldView:
    """End a hold that another person placed."""
    return end(work, hold_id, body)


@routes.get("/log/holds", permission="hold.read", query=HoldsQuery)
def list_holds(work: UnitOfWork, query: HoldsQuery) -> Holds:
    """Holds, newest first."""
    return read_holds(work, query)
