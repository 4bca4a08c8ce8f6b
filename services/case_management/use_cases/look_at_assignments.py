"""Read the register of assignments: what waits, the history of a person, what a person holds on a day."""

from datetime import date

from services.case_management.adapters import assignments as register
from services.case_management.adapters.assignment_views import Assignments, AssignmentView, HeldView, Proposals
from services.case_management.domain.assignments import held_by
from services.case_management.use_cases.propose_assignments import get_proposal
from shared.service_kit.clock import end_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def waiting_proposals(work: UnitOfWork) -> Proposals:
    """Proposals that nobody has approved, oldest first."""
    return Proposals(items=[get_proposal(work, one.proposal_id) for one in register.waiting(work)])


def list_assignments(work: UnitOfWork, person: str | None, on: date | None, known_on: date | None) -> Assignments:
    """Approved assignments with their whole history, or those held on a day; as known at the end of another."""
    known_at = end_of(known_on) if known_on else None
    found = [
        entry
        for entry in register.approved(work, known_at, person)
        if (person is None or entry.one.person == person) and (on is None or entry.one.held_on(on))
    ]
    return Assignments(items=[AssignmentView.of(entry) for entry in found])


def held(work: UnitOfWork, person: str, on: date | None) -> HeldView:
    """What a person holds at the end of a day, by assignment and by substitution; nothing where all has ended.

    Raises:
        Problem: not-found where the register never had anything of the person.
    """
    day = on or work.clock.today()
    known = [entry.one for entry in register.approved(work, person=person)]
    if not any(one.person == person for one in known):
        raise Problem("not-found", field="person")
    return HeldView.of(person, day, held_by(person, known, day))
