"""Who could do what on a day: persons × roles × permissions × scopes, by assignment and by substitution. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.case_management.domain.assignments import Assignment, held_by

Matrix = Mapping[str, Mapping[str, str]]
"""Permission → role → scope."""


@dataclass(frozen=True, slots=True)
class Could:
    """One person could use one permission in one scope, by one assignment; `substitution` where for another person."""

    person: str
    role: str
    permission: str
    scope: str
    assignment_id: UUID
    districts: tuple[str, ...]
    programmes: tuple[str, ...]
    substitution: UUID | None
    stands_in_for: str


def could(all_: Sequence[Assignment], day: date, matrices: Sequence[Matrix]) -> set[Could]:
    """Everything that anybody could do on some part of the day."""
    entries: set[Could] = set()
    for person in {assignment.person for assignment in all_}:
        held = held_by(person, all_, day, whole_day=True)
        for assignment in held.own:
            entries.update(_by(person, assignment, None, matrices))
        for substitution, assigned in held.substituted:
            entries.update(_by(person, assigned, substitution, matrices))
    return entries


def _by(
    person: str, assignment: Assignment, substitution: Assignment | None, matrices: Sequence[Matrix]
) -> Iterator[Could]:
    for matrix in matrices:
        for permission, roles in matrix.items():
            if assignment.role and assignment.role in roles:
                yield Could(
                    person=person,
                    role=assignment.role,
                    permission=permission,
                    scope=roles[assignment.role],
                    assignment_id=assignment.assignment_id,
                    districts=assignment.districts,
                    programmes=assignment.programmes,
                    substitution=substitution.assignment_id if substitution else None,
                    stands_in_for=assignment.person if substitution else "",
                )
