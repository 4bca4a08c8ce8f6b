"""Who has which role when (職員の担当): assignments, substitutions, and the duties that nobody holds together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

SUBSTITUTION_DAYS: Final = 92
"""The most days for which one person stands in for another (代行); longer needs an assignment of its own."""
Duties = Mapping[str, frozenset[str]]
"""Duty → its roles; nobody holds two of them on one day (職務分離)."""


@dataclass(frozen=True, slots=True)
class End:
    """An early end: `last_day` is the last on which it is held; `at_once` where it stopped on that day, at `at`."""

    last_day: date
    at_once: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """One role of one person with districts and programmes, first and last day included; None is open.

    With `stands_in_for` it gives no role of its own, but those of `duty` which that person holds on the day.
    """

    assignment_id: UUID
    person: str
    duty: str
    role: str | None
    districts: tuple[str, ...]
    programmes: tuple[str, ...]
    stands_in_for: str | None
    valid_from: date
    valid_to: date | None
    ends: tuple[End, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day on any part of which it is held; before `valid_from` where it never was. None is open."""
        days = [end.last_day for end in self.ends] + ([self.valid_to] if self.valid_to else [])
        return min(days) if days else None

    def held_on(self, day: date) -> bool:
        """Whether it is held on any part of the day."""
        return self.valid_from <= day and (self.last_day is None or day <= self.last_day)

    def holds_on(self, day: date) -> bool:
        """Whether it is still held at the end of the day, or now where the day is today."""
        return self.held_on(day) and not self.stopped_on(day)

    def stopped_on(self, day: date) -> bool:
        """Whether it was ended at once on the day."""
        return any(end.at_once and end.last_day == day for end in self.ends)

    def meets(self, other: "Assignment") -> bool:
        """Whether both are held on one day."""
        first = max(self.valid_from, other.valid_from)
        lasts = [assignment.last_day for assignment in (self, other) if assignment.last_day]
        return not lasts or first <= min(lasts)


@dataclass(frozen=True, slots=True)
class Held:
    """What a person holds on a day: the own assignments, and for each substitution those of the other person."""

    own: tuple[Assignment, ...]
    substituted: tuple[tuple[Assignment, Assignment], ...]
    """The substitution, and what it gives."""

    @property
    def all(self) -> tuple[Assignment, ...]:
        """All assignments that give a role."""
        return self.own + tuple(assigned for _, assigned in self.substituted)

    @property
    def roles(self) -> list[str]:
        """The roles."""
        return sorted({assignment.role for assignment in self.all if assignment.role})

    @property
    def districts(self) -> list[str]:
        """The districts (地区)."""
        return sorted({district for assignment in self.all for district in assignment.districts})

    @property
    def programmes(self) -> list[str]:
        """The programmes (事業)."""
        return sorted({programme for assignment in self.all for programme in assignment.programmes})

    @property
    def charges(self) -> list[tuple[Assignment, str | None]]:
        """Each assignment that gives a role, with the person for whom this one stands in by it."""
        return [(assignment, None) for assignment in self.own] + [
            (assigned, assigned.person) for _, assigned in self.substituted
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which all of this is held; None where nothing of it ends."""
        parts = [*self.own, *(assignment for pair in self.substituted for assignment in pair)]
        return min((assignment.last_day for assignment in parts if assignment.last_day), default=None)

    @property
    def stands_in_for(self) -> list[str]:
        """The persons for whom this one stands in."""
        return sorted({assigned.person for _, assigned in self.substituted})


def held_by(person: str, all_: Sequence[Assignment], day: date, *, whole_day: bool = False) -> Held:
    """What `person` holds at the end of the day; with `whole_day`, on any part of it.

    A substitution gives what the other holds by own assignment: nobody stands in for one who stands in.
    """

    def holds(assignment: Assignment) -> bool:
        return assignment.held_on(day) if whole_day else assignment.holds_on(day)

    held = [assignment for assignment in all_ if holds(assignment)]
    mine = [assignment for assignment in held if assignment.person == person]
    substituted = [
        (mine_, assigned)
        for mine_ in mine
        for assigned in held
        if mine_.stands_in_for == assigned.person and assigned.role and assigned.duty == mine_.duty
    ]
    return Held(tuple(assignment for assignment in mine if assignment.role), tuple(substituted))


def duty_of(role: str, duties: Duties) -> str | None:
    """The duty to which a role belongs; None where it is a role of no person."""
    return next((duty for duty, roles in duties.items() if role in roles), None)


def clashes(assignment: Assignment, others: Iterable[Assignment]) -> list[Assignment]:
    """Those of the same person under another duty on one of the same days."""
    return [
        other
        for other in others
        if other.person == assignment.person and other.duty != assignment.duty and assignment.meets(other)
    ]


def duty_to_stand_in(assignment: Assignment, all_: Sequence[Assignment], duties: Duties) -> str | None:
    """Return the duty in which `assignment.person` can stand in for the other; None where there is none.

    The other holds it on some of the days, and it clashes with nothing that the person holds.
    """
    for duty in duties:
        standing = [
            other for other in all_ if other.person == assignment.stands_in_for and other.role and other.duty == duty
        ]
        tried = replace(assignment, duty=duty)
        if any(tried.meets(other) for other in standing) and not clashes(tried, all_):
            return duty
    return None


def too_long(assignment: Assignment) -> bool:
    """Whether a substitution has no end, or lasts for more than `SUBSTITUTION_DAYS`."""
    if assignment.stands_in_for is None:
        return False
    return assignment.valid_to is None or assignment.valid_to - assignment.valid_from >= timedelta(SUBSTITUTION_DAYS)


def canonical_row(assignment: Assignment) -> tuple[object, ...]:
    """What an approval names of an assignment."""
    return (
        str(assignment.assignment_id),
        assignment.person,
        assignment.duty,
        assignment.role,
        list(assignment.districts),
        list(assignment.programmes),
        assignment.stands_in_for,
        assignment.valid_from,
        assignment.valid_to,
    )
