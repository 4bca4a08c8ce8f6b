"""Approve proposed assignments by their hash, as another administrator who is none of the persons (担当の決裁)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.case_management.adapters import assignments as register
from services.case_management.domain.assignments import Assignment
from services.case_management.use_cases.propose_assignments import refuse_clashes, rows_of
from shared.approvals.by_hash import approve_by_hash
from shared.approvals.canonical import sha256_of
from shared.approvals.two_people import Proposal
from shared.contracts.facts.case_management import AssignmentApproved
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def approve_assignments(work: UnitOfWork, proposal_id: UUID, named_sha256: str) -> register.ProposalEntries:
    """Put the assignments in force from their first days on; their rows are read and hashed anew.

    Raises:
        Problem: not-found; wrong-state where it is approved; same-person; own-assignment; content-moved where the rows
            are not what the hash names; duties-clash where a person has got another duty meanwhile.
    """
    at = register.lock_register(work)
    waiting = register.proposal_entries(work, proposal_id)
    if waiting.approver:
        raise Problem("wrong-state", field="state", detail="この担当は決裁が済んでいます")
    proposed, assignments = waiting.proposed, waiting.assignments
    proposal = Proposal(proposed.proposer, proposed.sha256)
    approve_by_hash(work, proposal, named_sha256, lambda: sha256_of(rows_of(proposed.reason, assignments)))
    put_in_force(work, proposed, assignments, work.actor, at)
    return register.proposal_entries(work, proposal_id)


def put_in_force(
    work: UnitOfWork, proposed: register.Proposed, assignments: Sequence[Assignment], approver: str, at: datetime
) -> None:
    """Write the approvals of a proposal and publish each; raises as `approve_assignments`."""
    known = [entry.assignment for entry in register.approved(work)]
    for place, assignment in enumerate(assignments):
        if approver == f"person:{assignment.person}":
            raise Problem("own-assignment", field=f"items.{place}.person")
        refuse_clashes(f"items.{place}", assignment, [*known, *assignments[:place]])
    register.write_approval(work, proposed, assignments, approver, at)
    for assignment in assignments:
        event = AssignmentApproved(
            assignment_id=assignment.assignment_id,
            person=assignment.person,
            duty=assignment.duty,
            role=assignment.role,
            districts=list(assignment.districts),
            programmes=list(assignment.programmes),
            stands_in_for=assignment.stands_in_for,
            **{"from": assignment.valid_from},
            to=assignment.valid_to,
            proposer=proposed.proposer,
            approver=approver,
        )
        work.fact(event, subject=f"staff:{assignment.person}")
