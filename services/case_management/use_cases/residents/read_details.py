"""Read the details of a person (本人情報): as of a day, as known on a day; what is protected by itself alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.case_management.adapters.person_details import detail_of_person, details_of_person
from services.case_management.adapters.residents import newest_entry
from services.case_management.domain.person_details import Detail, holding, protected_details
from shared.decisions.adapters.circumstances import end_of_named_day
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Details:
    """All details as they were known, and the ids of those that hold on the day; protected words are left out."""

    day: date
    items: Sequence[Detail]
    holding: Sequence[UUID]


def read_details(
    work: UnitOfWork, person_no: str, purpose: str, day: date | None = None, known_on: str | None = None
) -> Details:
    """Return the details of a person as of a day (today), as known at the end of a day; the look is recorded.

    Raises:
        Problem: not-found; invalid-input where there is no such day.
    """
    if newest_entry(work, person_no) is None:
        raise Problem("not-found", field="person_no")
    known = details_of_person(work, person_no, end_of_named_day(known_on))
    day = day or work.clock.today()
    work.look("person_details", [f"person:{person_no}"], purpose)
    hidden = protected_details(known)
    shown = [replace(detail, content=None) if detail.detail_id in hidden else detail for detail in known]
    return Details(day, shown, [detail.detail_id for detail in holding(known, day)])


def reveal_detail(work: UnitOfWork, person_no: str, detail_id: UUID, purpose: str) -> Detail:
    """Return one detail with its words, also where it is protected (秘匿): a look of its own.

    Raises:
        Problem: not-found.
    """
    detail = detail_of_person(work, person_no, detail_id)
    work.look("protected_detail" if detail.protected else "person_details", [f"person:{person_no}"], purpose)
    return detail
