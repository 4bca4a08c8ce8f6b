"""Approve proposed assignments by their hash, as another administrator who is none of the persons (担当の決裁)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.case_management.adapters import assignments as register
from services.case_management.adapters.assignment_views import ProposalView
from services.case_management.domain.assignments import Assignment
from services.case_management.use_cases.propose_assignments import get_proposal, refuse_clashes, rows_of
from shared.approvals.by_hash import approve_by_hash
from shared.approvals.canonical import sha256_of
from shared.approvals.two_people import Proposal
from shared.contracts.facts.case_management import AssignmentApproved
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def approve_assignments(work: UnitOfWork, proposal_id: UUID, named_sha256: str) -> ProposalView:
    """Put the assignments in force from their first days on; their rows are read and hashed anew.

    Raises:
        Problem: not-found; wrong-state where it is approved; same-person; own-assignment; content-moved where the rows
            are not what the hash names; duties-clash where a person has got another duty meanwhile.
    """
    at = register.lock_register(work)
    view = get_proposal(work, proposal_id)
    if view.state != "proposed":
        raise Problem("wrong-state", field="state", detail="この担当は決裁が済んでいます")
    items = [entry.one for entry in register.of_proposal(work, proposal_id)]
    proposal = Proposal(view.proposer, view.sha256)
    approve_by_hash(work, proposal, named_sha256, lambda: sha256_of(rows_of(view.reason, items)))
    put_in_force(work, proposal_id, items, work.actor, at)
    return get_proposal(work, proposal_id)


def put_in_force(work: UnitOfWork, proposal_id: UUID, items: Sequence[Assignment], approver: str, at: datetime) -> None:
    """Write the approvals of a proposal and tell each; raises as `approve_assignments`."""
    known = [entry.one for entry in register.approved(work)]
    for place, one in enumerate(items):
        if approver == f"person:{one.person}":
            raise Problem("own-assignment", field=f"items.{place}.person")
        refuse_clashes(f"items.{place}", one, [*known, *items[:place]])
    proposed = register.proposal(work, proposal_id)
    register.write_approval(work, proposed, items, approver, at)
    for one in items:
        fact = AssignmentApproved(
            assignment_id=one.assignment_id,
            person=one.person,
            duty=one.duty,
            role=one.role,
            districts=list(one.districts),
            programmes=list(one.programmes),
            stands_in_for=one.stands_in_for,
            **{"from": one.valid_from},
            to=one.valid_to,
            proposer=proposed.proposer,
            approver=approver,
        )
        work.fact(fact, subject=f"staff:{one.person}")
