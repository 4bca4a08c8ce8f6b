"""Deletion of openings whose period is over, by two people, and the holds that stop it."""

from __future__ import annotations

from uuid import UUID

from services.audit_logging.api.schemas import (
    ApproveDeletion,
    Deletions,
    DeletionView,
    EndHold,
    Holds,
    HoldView,
    PlaceHold,
    ProposeDeletion,
    PurposeQuery,
)
from services.audit_logging.use_cases.retention.approve_deletion import approve_deletion as approve
from services.audit_logging.use_cases.retention.end_hold import end_hold as end
from services.audit_logging.use_cases.retention.place_hold import place_hold as place
from services.audit_logging.use_cases.retention.propose_deletion import propose_deletion as propose
from services.audit_logging.use_cases.retention.read_deletions import get_deletion, read_deletions
from services.audit_logging.use_cases.retention.read_holds import read_holds
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("deletions")


@routes.post("/log/deletions", permission="deletion.propose", status=201)
def propose_deletion(work: UnitOfWork, body: ProposeDeletion) -> DeletionView:
    """Propose to delete what came into the log before a day; the answer says what falls under it."""
    return DeletionView.model_validate(propose(work, body.kind, body.before))


@routes.post("/log/deletions/<deletion_id>/approval", permission="deletion.approve", approval=True)
def approve_deletion(work: UnitOfWork, deletion_id: UUID, body: ApproveDeletion) -> DeletionView:
    """Approve a deletion by its hash."""
    return DeletionView.model_validate(approve(work, deletion_id, body.sha256))


@routes.get("/log/deletions", permission="deletion.read")
def list_deletions(work: UnitOfWork) -> Deletions:
    """Deletions with their notices, newest first."""
    return Deletions.model_validate({"items": read_deletions(work)})


@routes.get("/log/deletions/<deletion_id>", permission="deletion.read")
def read_deletion(work: UnitOfWork, deletion_id: UUID) -> DeletionView:
    """One deletion."""
    return DeletionView.model_validate(get_deletion(work, deletion_id))


@routes.post("/log/holds", permission="hold.place", status=201)
def place_hold(work: UnitOfWork, body: PlaceHold) -> HoldView:
    """Place a hold: nothing that it covers is deleted."""
    return HoldView.model_validate(place(work, body.reason, body.subjects, body.first_day, body.last_day))


@routes.post("/log/holds/<hold_id>/end", permission="hold.end")
def end_hold(work: UnitOfWork, hold_id: UUID, body: EndHold) -> HoldView:
    """End a hold that another person placed."""
    return HoldView.model_validate(end(work, hold_id, body.reason))


@routes.get("/log/holds", permission="hold.read", query=PurposeQuery)
def list_holds(work: UnitOfWork, query: PurposeQuery) -> Holds:
    """Holds, newest first."""
    return Holds.model_validate({"items": read_holds(work, query.purpose)})
