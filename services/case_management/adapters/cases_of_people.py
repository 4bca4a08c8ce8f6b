"""In which cases people are, and when they were born, by the circumstances (世帯の状況)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from services.case_management.adapters.tables import decisions
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Membership:
    """A person of a case."""

    person_no: str
    case_no: str
    birth: str


def cases_of_people(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, list[Membership]]:
    """Return the cases of each person on record, by case number; a fact that was corrected names none."""
    return _memberships(work, decisions.circumstances.c.person_no.in_(person_nos))


def people_of_case(work: UnitOfWork, case_no: str) -> list[str]:
    """Return the person numbers of a case, in order."""
    return sorted(_memberships(work, decisions.circumstances.c.case_no == case_no))


def people_born_on(work: UnitOfWork, day: str) -> list[str]:
    """Return the person numbers of who was born on a day (ISO), in order."""
    return sorted(_memberships(work, decisions.circumstances.c.data["birth_date"].astext == day))


def _memberships(work: UnitOfWork, where: ColumnElement[bool]) -> dict[str, list[Membership]]:
    circumstances = decisions.circumstances
    later = circumstances.alias("later")
    corrected = select(later.c.number).where(later.c.corrects == circumstances.c.number)
    rows = work.session.execute(
        select(circumstances.c.person_no, circumstances.c.case_no, circumstances.c.data["birth_date"].astext)
        .where(where, circumstances.c.fact == PERSON_FACT, ~corrected.exists())
        .order_by(circumstances.c.case_no, circumstances.c.number)
    )
    memberships: defaultdict[str, dict[str, Membership]] = defaultdict(dict)
    for person_no, case_no, birth in rows:
        memberships[person_no][case_no] = Membership(person_no, case_no, birth or "")
    return {person_no: list(cases.values()) for person_no, cases in memberships.items()}
