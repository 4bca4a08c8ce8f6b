"""The register of assignments of staff (職員の担当・権限台帳)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.case_management.adapters.assignment_views import (
    Assignments,
    AssignmentView,
    EndAssignment,
    HeldView,
    Proposals,
    ProposalView,
    ProposeAssignments,
)
from services.case_management.use_cases import look_at_assignments
from services.case_management.use_cases.approve_assignments import approve_assignments
from services.case_management.use_cases.end_assignment import end_assignment
from services.case_management.use_cases.propose_assignments import get_proposal, propose_assignments
from shared.decisions.api.schemas import Approve, Day, Staff
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("assignments")


class OnQuery(BaseModel):
    """Which day; today unless named."""

    on: date | None = None


class ListQuery(BaseModel):
    """Whose assignments, held on which day, as known at the end of which day; all of each unless named."""

    person: Staff | None = None
    on: date | None = None
    known_on: Day | None = None


@routes.post("/assignment-proposals", permission="assignment.propose", status=201)
def propose_all(work: UnitOfWork, body: ProposeAssignments) -> ProposalView:
    """Propose assignments as one; nothing is in force yet."""
    return propose_assignments(work, body)


@routes.post("/assignment-proposals/<proposal_id>/approval", permission="assignment.approve", approval=True)
def approve_all(work: UnitOfWork, proposal_id: UUID, body: Approve) -> ProposalView:
    """Approve what the hash names."""
    return approve_assignments(work, proposal_id, body.sha256)


@routes.get("/assignment-proposals", permission="assignment.read")
def read_waiting(work: UnitOfWork) -> Proposals:
    """Proposals that wait for approval."""
    return look_at_assignments.waiting_proposals(work)


@routes.get("/assignment-proposals/<proposal_id>", permission="assignment.read")
def read_proposal(work: UnitOfWork, proposal_id: UUID) -> ProposalView:
    """One proposal."""
    return get_proposal(work, proposal_id)


@routes.post("/assignments/<assignment_id>/end", permission="assignment.end")
def end_one(work: UnitOfWork, assignment_id: UUID, body: EndAssignment) -> AssignmentView:
    """End an assignment early."""
    return end_assignment(work, assignment_id, body.reason, body.last_day)


@routes.get("/assignments", permission="assignment.read", query=ListQuery)
def read_assignments(work: UnitOfWork, query: ListQuery) -> Assignments:
    """Assignments with their history."""
    return look_at_assignments.list_assignments(work, query.person, query.on, query.known_on)


@routes.get("/assignments/<person>", permission="assignment.read", query=OnQuery)
def read_held(work: UnitOfWork, person: str, query: OnQuery) -> HeldView:
    """What a person holds on a day."""
    return look_at_assignments.held(work, person, query.on)
