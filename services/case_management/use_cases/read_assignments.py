"""Read the register of assignments: what waits, the history of a person, what a person holds on a day."""

from dataclasses import dataclass
from datetime import date

from services.case_management.adapters import assignments as register
from services.case_management.domain.assignments import Held, held_by
from shared.contracts.permissions import CASEWORKER
from shared.service_kit.clock import end_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HeldOn:
    """What a person holds at the end of a day."""

    person: str
    on: date
    held: Held


@dataclass(frozen=True, slots=True)
class DistrictsOf:
    """A caseworker (地区担当員) with the districts of which they are in charge, now or from a later day on."""

    person: str
    districts: list[str]


def list_caseworkers(work: UnitOfWork) -> list[DistrictsOf]:
    """Return the caseworkers whose assignment is not over, by id: to them a case may go, from some day on."""
    today, districts = work.clock.today(), dict[str, set[str]]()
    for assignment in (entry.assignment for entry in register.approved(work)):
        is_over = assignment.stopped_on(today) or (assignment.last_day is not None and assignment.last_day < today)
        if assignment.role == CASEWORKER and not is_over:
            districts.setdefault(assignment.person, set()).update(assignment.districts)
    return [DistrictsOf(person, sorted(own)) for person, own in sorted(districts.items())]


def list_waiting_proposals(work: UnitOfWork) -> list[register.ProposalEntries]:
    """Return the proposals that nobody has approved, oldest first."""
    return [register.proposal_entries(work, proposed.proposal_id) for proposed in register.waiting(work)]


def list_assignments(
    work: UnitOfWork, person: str | None, on: date | None, known_on: date | None
) -> list[register.Entry]:
    """Return approved assignments with their whole history, or those held on a day; as known at the end of another."""
    known_at = end_of(known_on) if known_on else None
    return [
        entry
        for entry in register.approved(work, known_at, person)
        if (person is None or entry.assignment.person == person) and (on is None or entry.assignment.held_on(on))
    ]


def read_held(work: UnitOfWork, person: str, on: date | None) -> HeldOn:
    """Return what a person holds at the end of a day, by assignment and by substitution; nothing where all has ended.

    Raises:
        Problem: not-found where the register never had anything of the person.
    """
    day = on or work.clock.today()
    known = [entry.assignment for entry in register.approved(work, person=person)]
    if not any(assignment.person == person for assignment in known):
        raise Problem("not-found", field="person")
    return HeldOn(person, day, held_by(person, known, day))
