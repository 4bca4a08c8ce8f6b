"""Propose assignments of staff (担当の起案), all or none: nothing is in force before another administrator approves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from services.case_management.adapters import assignments as register
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


@dataclass(frozen=True, slots=True)
class Requested:
    """A role with districts and programmes, or the person for whom this one stands in; days are included."""

    person: str
    role: str | None
    districts: Sequence[str]
    programmes: Sequence[str]
    stands_in_for: str | None
    first: date
    last: date | None


def propose_assignments(work: UnitOfWork, reason: str, requested: Sequence[Requested]) -> register.ProposalEntries:
    """Keep the assignments until another administrator approves them by their hash.

    Raises:
        Problem: invalid-input; own-assignment where the proposer is one of the persons; duties-clash where a
            person would hold two duties on one day.
    """
    register.lock_register(work)
    known = [entry.assignment for entry in register.approved(work)]
    assignments: list[Assignment] = []
    for place, request in enumerate(requested):
        if work.actor == f"person:{request.person}":
            raise Problem("own-assignment", field=f"items.{place}.person")
        others = [*known, *assignments]
        assignment = _assignment(f"items.{place}", request, others)
        refuse_clashes(f"items.{place}", assignment, others)
        assignments.append(assignment)
    proposed = register.Proposed(
        proposal_id=uuid4(),
        proposer=work.actor,
        proposed_at=work.clock.now(),
        reason=reason,
        sha256=sha256_of(rows_of(reason, assignments)),
        correlation=work.correlation,
    )
    register.write_proposal(work, proposed, assignments)
    event = AssignmentsProposed(
        proposal_id=proposed.proposal_id, count=len(assignments), reason=reason, sha256=proposed.sha256
    )
    work.fact(event, subject=f"assignments:{proposed.proposal_id}")
    return register.proposal_entries(work, proposed.proposal_id)


def _assignment(at: str, request: Requested, others: Sequence[Assignment]) -> Assignment:
    """The assignment that is requested; a substitution gets the duty in which it is possible."""
    duty = duty_of(request.role, DUTIES) if request.role else ""
    if duty is None:
        raise Problem("invalid-input", field=f"{at}.role", detail="職員の役割ではありません")
    assignment = Assignment(
        assignment_id=uuid4(),
        person=request.person,
        duty=duty,
        role=request.role,
        districts=tuple(sorted(set(request.districts))),
        programmes=tuple(sorted(set(request.programmes))),
        stands_in_for=request.stands_in_for,
        valid_from=request.first,
        valid_to=request.last,
    )
    if request.last and request.last < request.first:
        raise Problem("invalid-input", field=f"{at}.to", detail="終わりの日が始まりの日より前です")
    return _substitution(at, assignment, others) if assignment.stands_in_for else assignment


def _substitution(at: str, assignment: Assignment, others: Sequence[Assignment]) -> Assignment:
    if assignment.stands_in_for == assignment.person:
        raise Problem("invalid-input", field=f"{at}.stands_in_for", detail="本人の代行はできません")
    if too_long(assignment):
        raise Problem("invalid-input", field=f"{at}.to", detail=f"代行は{SUBSTITUTION_DAYS}日までです")
    duty = duty_to_stand_in(assignment, others, DUTIES)
    if duty is None:
        detail = "この期間に代行できる職務がありません"
        raise Problem("duties-clash", field=f"{at}.stands_in_for", detail=detail)
    return replace(assignment, duty=duty)


def refuse_clashes(at: str, assignment: Assignment, others: Sequence[Assignment]) -> None:
    """Refuse what would give one person two duties on one day.

    Raises:
        Problem: duties-clash, with the assignments that stand against it.
    """
    against = [str(other.assignment_id) for other in clashes(assignment, others)]
    if against:
        raise Problem("duties-clash", field=at, extra={"against": against})


def rows_of(reason: str, assignments: Sequence[Assignment]) -> Iterator[tuple[object, ...]]:
    """Yield the canonical rows that an approval names."""
    yield (reason,)
    yield from map(canonical_row, assignments)
