"""The register of assignments of staff (職員の担当・権限台帳)."""

from uuid import UUID

from services.case_management.adapters.assignments import proposal_entries
from services.case_management.api.schemas import (
    Assignments,
    AssignmentView,
    Caseworkers,
    CaseworkerView,
    EndAssignment,
    HeldView,
    ListQuery,
    OnQuery,
    Proposals,
    ProposalView,
    ProposeAssignments,
)
from services.case_management.use_cases import approve_assignments as approval
from services.case_management.use_cases import end_assignment as ending
from services.case_management.use_cases import propose_assignments as proposal
from services.case_management.use_cases import read_assignments as register
from shared.decisions.api.schemas import Approve
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("assignments")


@routes.post("/assignment-proposals", permission="assignment.propose", status=201)
def propose_assignments(work: UnitOfWork, body: ProposeAssignments) -> ProposalView:
    """Propose assignments as one; nothing is in force yet."""
    requested = [item.requested() for item in body.items]
    return ProposalView.of(proposal.propose_assignments(work, body.reason, requested))


@routes.post("/assignment-proposals/<proposal_id>/approval", permission="assignment.approve", approval=True)
def approve_assignments(work: UnitOfWork, proposal_id: UUID, body: Approve) -> ProposalView:
    """Approve what the hash names."""
    return ProposalView.of(approval.approve_assignments(work, proposal_id, body.sha256))


@routes.get("/assignment-proposals", permission="assignment.read")
def list_waiting_proposals(work: UnitOfWork) -> Proposals:
    """Proposals that wait for approval."""
    return Proposals(items=[ProposalView.of(waiting) for waiting in register.list_waiting_proposals(work)])


@routes.get("/assignment-proposals/<proposal_id>", permission="assignment.read")
def read_proposal(work: UnitOfWork, proposal_id: UUID) -> ProposalView:
    """One proposal."""
    return ProposalView.of(proposal_entries(work, proposal_id))


@routes.post("/assignments/<assignment_id>/end", permission="assignment.end")
def end_assignment(work: UnitOfWork, assignment_id: UUID, body: EndAssignment) -> AssignmentView:
    """End an assignment early."""
    return AssignmentView.of(ending.end_assignment(work, assignment_id, body.reason, body.last_day))


@routes.get("/assignments", permission="assignment.read", query=ListQuery)
def list_assignments(work: UnitOfWork, query: ListQuery) -> Assignments:
    """Assignments with their history."""
    entries = register.list_assignments(work, query.person, query.on, query.known_on)
    return Assignments(items=[AssignmentView.of(entry) for entry in entries])


@routes.get("/caseworkers", permission="caseworker.list")
def list_caseworkers(work: UnitOfWork) -> Caseworkers:
    """To whom a case may go: the caseworkers of the register with their districts (地区担当員)."""
    return Caseworkers(items=[CaseworkerView.model_validate(item) for item in register.list_caseworkers(work)])


@routes.get("/assignments/<person>", permission="assignment.read", query=OnQuery)
def read_held(work: UnitOfWork, person: str, query: OnQuery) -> HeldView:
    """What a person holds on a day."""
    return HeldView.of(register.read_held(work, person, query.on))
