"""Propose assignments of staff (担当の起案), all or none: nothing is in force before another administrator approves."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from services.case_management.adapters import assignments as register
from services.case_management.adapters.assignment_views import AssignmentItem, ProposalView, ProposeAssignments
from services.case_management.domain.assignments import (
    SUBSTITUTION_DAYS,
    Assignment,
    canonical_row,
    clashes,
    duty_of,
    duty_to_stand_in,
    too_long,
)
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.case_management import AssignmentsProposed
from shared.contracts.permissions import DUTIES
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def propose_assignments(work: UnitOfWork, body: ProposeAssignments) -> ProposalView:
    """Keep the assignments until another administrator approves them by the hash in the answer.

    Raises:
        Problem: invalid-input; own-assignment where the proposer is one of the persons; duties-clash where a
            person would hold two duties on one day.
    """
    register.lock_register(work)
    known = [entry.one for entry in register.approved(work)]
    items: list[Assignment] = []
    for place, item in enumerate(body.items):
        if work.actor == f"person:{item.person}":
            raise Problem("own-assignment", field=f"items.{place}.person")
        one = _assignment(f"items.{place}", item, [*known, *items])
        refuse_clashes(f"items.{place}", one, [*known, *items])
        items.append(one)
    proposed = register.Proposed(
        proposal_id=uuid4(),
        proposer=work.actor,
        proposed_at=work.clock.now(),
        reason=body.reason,
        sha256=sha256_of(rows_of(body.reason, items)),
        correlation=work.correlation,
    )
    register.write_proposal(work, proposed, items)
    fact = AssignmentsProposed(
        proposal_id=proposed.proposal_id, count=len(items), reason=body.reason, sha256=proposed.sha256
    )
    work.fact(fact, subject=f"assignments:{proposed.proposal_id}")
    return get_proposal(work, proposed.proposal_id)


def _assignment(at: str, item: AssignmentItem, others: Sequence[Assignment]) -> Assignment:
    """The assignment that an item describes; a substitution gets the duty in which it is possible."""
    duty = duty_of(item.role, DUTIES) if item.role else ""
    if duty is None:
        raise Problem("invalid-input", field=f"{at}.role", detail="職員の役割ではありません")
    one = Assignment(
        assignment_id=uuid4(),
        person=item.person,
        duty=duty,
        role=item.role,
        districts=tuple(sorted(set(item.districts))),
        programmes=tuple(sorted(set(item.programmes))),
        stands_in_for=item.stands_in_for,
        valid_from=item.from_,
        valid_to=item.to,
    )
    if item.to and item.to < item.from_:
        raise Problem("invalid-input", field=f"{at}.to", detail="終わりの日が始まりの日より前です")
    return _substitution(at, one, others) if one.stands_in_for else one


def _substitution(at: str, one: Assignment, others: Sequence[Assignment]) -> Assignment:
    if one.stands_in_for == one.person:
        raise Problem("invalid-input", field=f"{at}.stands_in_for", detail="本人の代行はできません")
    if too_long(one):
        raise Problem("invalid-input", field=f"{at}.to", detail=f"代行は{SUBSTITUTION_DAYS}日までです")
    duty = duty_to_stand_in(one, others, DUTIES)
    if duty is None:
        detail = "この期間に代行できる職務がありません"
        raise Problem("duties-clash", field=f"{at}.stands_in_for", detail=detail)
    return replace(one, duty=duty)


def refuse_clashes(at: str, one: Assignment, others: Sequence[Assignment]) -> None:
    """Refuse what would give one person two duties on one day.

    Raises:
        Problem: duties-clash, with the assignments that stand against it.
    """
    found = clashes(one, others)
    if found:
        against = [str(other.assignment_id) for other in found]
        raise Problem("duties-clash", field=at, extra={"against": against})


def rows_of(reason: str, items: Sequence[Assignment]) -> Iterator[tuple[object, ...]]:
    """The canonical rows that an approval names."""
    yield (reason,)
    yield from map(canonical_row, items)


def get_proposal(work: UnitOfWork, proposal_id: UUID) -> ProposalView:
    """One proposal.

    Raises:
        Problem: not-found.
    """
    return ProposalView.of(register.proposal(work, proposal_id), register.of_proposal(work, proposal_id))
