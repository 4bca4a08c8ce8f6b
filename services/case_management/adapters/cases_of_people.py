"""In which cases people are, and when they were born, by the circumstances (世帯の状況)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, select

from services.case_management.adapters.entries import APPLICATION, records_of
from services.case_management.adapters.residents import first_entries
from services.case_management.adapters.tables import decisions
from shared.access.records import Record, may_see
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Membership:
    """A person of a case."""

    person_no: str
    case_no: str
    birth: str
    last_day: date | None


def cases_of_people(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, list[Membership]]:
    """Return the cases in which each person is, by case number; of who is in none, the one that they left last.

    A fact that was corrected names none; in a case whose application was taken back nobody is after that day. Who left
    a household is not of it any more: its caseworker learns nothing of where they went.
    """
    memberships = _memberships(work, decisions.circumstances.c.person_no.in_(person_nos))
    today = work.clock.today()
    return {person_no: _present(of_person, today) for person_no, of_person in memberships.items()}


def _present(memberships: Sequence[Membership], today: date) -> list[Membership]:
    present = [membership for membership in memberships if membership.last_day is None or membership.last_day >= today]
    return present or [max(memberships, key=lambda membership: membership.last_day or today)]


def records_without_case(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, Record]:
    """Return whose records people are while they are in no case: of who entered them, until they are in one.

    Who was entered for an application is seen as that is: shielded from the first moment, where it says so.
    """
    first = first_entries(work, person_nos)
    applications = records_of(work, APPLICATION, {entry.application_no or "" for entry in first.values()} or {""})
    records = {person_no: Record(f"person:{person_no}") for person_no in person_nos}
    for person_no, entry in first.items():
        of_application = applications[entry.application_no or ""]
        subject = records[person_no].subject
        records[person_no] = replace(of_application, subject=subject, entered_by=entry.entered_by)
    return records


def may_become_member(work: UnitOfWork, person_no: str) -> bool:
    """Whether somebody is on the register, and is not, without a case yet, closed to the caller for being shielded."""
    record = records_without_case(work, [person_no])[person_no]
    is_open = not record.shielded or person_no in cases_of_people(work, [person_no])
    return person_no in first_entries(work, [person_no]) and (is_open or may_see(work, "resident.read", record))


def people_of_case(work: UnitOfWork, case_no: str) -> list[str]:
    """Return the person numbers of a case, in order."""
    return sorted(_memberships(work, decisions.circumstances.c.case_no == case_no))


def people_born_on(work: UnitOfWork, days: Collection[str]) -> dict[str, str]:
    """Return who was born on one of the days (ISO), by person number in order, and on which."""
    born = _memberships(work, decisions.circumstances.c.data["birth_date"].astext.in_(days))
    return {person_no: born[person_no][-1].birth for person_no in sorted(born)}


def _memberships(work: UnitOfWork, where: ColumnElement[bool]) -> dict[str, list[Membership]]:
    circumstances, gone = decisions.circumstances, decisions.case_withdrawals
    later = circumstances.alias("later")
    corrected = select(later.c.number).where(later.c.corrects == circumstances.c.number)
    rows = work.session.execute(
        select(
            circumstances.c.person_no,
            circumstances.c.case_no,
            circumstances.c.data["birth_date"].astext,
            func.least(circumstances.c.valid_to, gone.c.withdrawn_on),
        )
        .outerjoin(gone, gone.c.case_no == circumstances.c.case_no)
        .where(where, circumstances.c.fact == PERSON_FACT, ~corrected.exists())
        .order_by(circumstances.c.case_no, circumstances.c.number)
    )
    memberships: defaultdict[str, dict[str, Membership]] = defaultdict(dict)
    for person_no, case_no, birth, last_day in rows:
        known = memberships[person_no].get(case_no)
        if known and (known.last_day is None or (last_day and last_day < known.last_day)):
            last_day = known.last_day
        memberships[person_no][case_no] = Membership(person_no, case_no, birth or "", last_day)
    return {person_no: list(cases.values()) for person_no, cases in memberships.items()}
