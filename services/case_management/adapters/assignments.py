"""The register of assignments in the database: what was known of it at an instant, and what waits for approval."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, insert, select

from services.case_management.adapters.tables import (
    assignment_approvals,
    assignment_ends,
    assignment_proposals,
    assignments,
)
from services.case_management.domain.assignments import Assignment, End
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Entry:
    """An assignment of the register with the people who answer for it; `approver` None: it waits."""

    assignment: Assignment
    proposal_id: UUID
    proposer: str
    approver: str | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed as one."""

    proposal_id: UUID
    proposer: str
    proposed_at: datetime
    reason: str
    sha256: str
    correlation: str


@dataclass(frozen=True, slots=True)
class ProposalEntries:
    """A proposal with its assignments in their order."""

    proposed: Proposed
    entries: list[Entry]

    @property
    def approver(self) -> str | None:
        """Who approved it; None: it waits."""
        return self.entries[0].approver

    @property
    def assignments(self) -> list[Assignment]:
        """What is proposed."""
        return [entry.assignment for entry in self.entries]


_REGISTER = declare("assignments.register")


def lock_register(work: UnitOfWork) -> datetime:
    """Wait until nobody else changes the register; return the instant by the clock, which orders nothing."""
    _REGISTER.hold(work.connection)
    return work.clock.now()


def approved(work: UnitOfWork, known_at: datetime | None = None, person: str | None = None) -> list[Entry]:
    """Return the register as it is, or as known at an instant by the clock of then, oldest first.

    It is that of one person, or of all. Of a person there are also the assignments of those for whom the person
    stands in.
    """
    approved_at = assignment_approvals.c.approved_at
    where = approved_at <= known_at if known_at else approved_at.is_not(None)
    if person is not None:
        others = select(assignments.c.stands_in_for).where(assignments.c.person == person)
        where &= (assignments.c.person == person) | assignments.c.person.in_(others)
    return _entries(work, _joined().where(where), known_at)


def of_proposal(work: UnitOfWork, proposal_id: UUID) -> list[Entry]:
    """Return the assignments of a proposal, in their order, approved or not."""
    return _entries(work, _joined().where(assignments.c.proposal_id == proposal_id), None)


def entry(work: UnitOfWork, assignment_id: UUID) -> Entry:
    """Return one approved assignment.

    Raises:
        Problem: not-found.
    """
    entries = _entries(work, _joined().where(assignment_approvals.c.assignment_id == assignment_id), None)
    if not entries:
        raise Problem("not-found", field="assignment_id")
    return entries[0]


def proposal(work: UnitOfWork, proposal_id: UUID) -> Proposed:
    """Return one proposal.

    Raises:
        Problem: not-found.
    """
    proposals = _proposals(work, assignment_proposals.c.proposal_id == proposal_id)
    if not proposals:
        raise Problem("not-found", field="proposal_id")
    return proposals[0]


def proposal_entries(work: UnitOfWork, proposal_id: UUID) -> ProposalEntries:
    """Return one proposal with its assignments.

    Raises:
        Problem: not-found.
    """
    return ProposalEntries(proposal(work, proposal_id), of_proposal(work, proposal_id))


def waiting(work: UnitOfWork) -> list[Proposed]:
    """Return the proposals that nobody has approved, oldest first."""
    done = select(assignments.c.proposal_id).join(
        assignment_approvals, assignment_approvals.c.assignment_id == assignments.c.assignment_id
    )
    return _proposals(work, assignment_proposals.c.proposal_id.not_in(done))


def _proposals(work: UnitOfWork, where: ColumnElement[bool]) -> list[Proposed]:
    columns = (assignment_proposals.c[name] for name in Proposed.__dataclass_fields__)
    rows = work.connection.execute(select(*columns).where(where).order_by(assignment_proposals.c.number))
    return [Proposed(*row) for row in rows]


def write_proposal(work: UnitOfWork, proposed: Proposed, items: Sequence[Assignment]) -> None:
    """Keep a proposal and its assignments."""
    head = {name: getattr(proposed, name) for name in Proposed.__dataclass_fields__}
    work.connection.execute(insert(assignment_proposals).values(**head))
    columns = ("person", "duty", "role", "stands_in_for", "valid_from", "valid_to")
    rows = [
        {
            **{name: getattr(assignment, name) for name in ("assignment_id", *columns)},
            "districts": list(assignment.districts),
            "programmes": list(assignment.programmes),
            "proposal_id": proposed.proposal_id,
            "proposer": proposed.proposer,
            "place": place,
        }
        for place, assignment in enumerate(items)
    ]
    work.connection.execute(insert(assignments), rows)


def write_approval(
    work: UnitOfWork, proposed: Proposed, items: Sequence[Assignment], approver: str, at: datetime
) -> None:
    """Keep the approval of each assignment of a proposal."""
    shared: dict[str, Any] = {"proposer": proposed.proposer, "approver": approver, "approved_at": at}
    rows = [
        {"assignment_id": assignment.assignment_id, "person": assignment.person, "sha256": proposed.sha256, **shared}
        for assignment in items
    ]
    work.connection.execute(insert(assignment_approvals), rows)


def _joined() -> Select[Any]:
    columns = ("assignment_id", "person", "duty", "role", "districts", "programmes", "stands_in_for", "valid_from")
    return (
        select(
            *(assignments.c[name] for name in (*columns, "valid_to", "proposal_id", "proposer")),
            assignment_approvals.c.approver,
            assignment_approvals.c.approved_at,
        )
        .outerjoin(assignment_approvals, assignment_approvals.c.assignment_id == assignments.c.assignment_id)
        .order_by(assignment_approvals.c.number, assignments.c.place)
    )


def _entries(work: UnitOfWork, statement: Select[Any], known_at: datetime | None) -> list[Entry]:
    rows = work.connection.execute(statement).all()
    ends = _ends(work, [row.assignment_id for row in rows], known_at)
    return [
        Entry(
            Assignment(
                row.assignment_id,
                row.person,
                row.duty,
                row.role,
                tuple(row.districts),
                tuple(row.programmes),
                row.stands_in_for,
                row.valid_from,
                row.valid_to,
                tuple(ends[row.assignment_id]),
            ),
            row.proposal_id,
            row.proposer,
            row.approver,
            row.approved_at,
        )
        for row in rows
    ]


def _ends(work: UnitOfWork, ids: Sequence[UUID], known_at: datetime | None) -> defaultdict[UUID, list[End]]:
    statement = select(assignment_ends).where(assignment_ends.c.assignment_id.in_(ids))
    if known_at:
        statement = statement.where(assignment_ends.c.ended_at <= known_at)
    rows = work.connection.execute(statement.order_by(assignment_ends.c.number))
    ends: defaultdict[UUID, list[End]] = defaultdict(list)
    for row in rows:
        ends[row.assignment_id].append(End(row.last_day, row.at_once, row.ended_at))
    return ends
