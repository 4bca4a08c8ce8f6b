"""In which cases people are and when they were born, by the circumstances (世帯の状況), and whose records they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, select

from services.case_management.adapters.entries import APPLICATION, records_of
from services.case_management.adapters.merging.merged import Merged, merged_numbers
from services.case_management.adapters.residents import first_entries
from services.case_management.adapters.tables import decisions
from shared.access.records import Record, may_see
from shared.decisions.adapters.on_record import PERSON_FACT, among
from shared.decisions.adapters.scope import case_records
from shared.service_kit.unit_of_work import UnitOfWork

NO_CASE: Final = ""
"""Asked for where a person is in no case: whether there is one shows neither in the answer nor in the work for it."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person of a case."""

    person_no: str
    case_no: str
    birth: str
    last_day: date | None


def cases_of_people(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, list[Membership]]:
    """Return the cases in which each person is, by case number; of who is in none, the one that they left last.

    Numbers that were merged (名寄せ) are one person. A fact that was corrected names none; in a case whose application
    was taken back nobody is after that day. Who left a household is not of it any more: its caseworker learns nothing
    of where they went.
    """
    merged = merged_numbers(work, person_nos)
    return _cases(work, merged, _of_numbers(work, person_nos, merged), person_nos)


def _of_numbers(work: UnitOfWork, person_nos: Collection[str], merged: Merged) -> dict[str, list[Membership]]:
    asked = {number for person_no in person_nos for number in merged.numbers(person_no)}
    return _memberships(work, among(decisions.circumstances.c.person_no, asked))


def _cases(
    work: UnitOfWork, merged: Merged, memberships: Mapping[str, Sequence[Membership]], person_nos: Collection[str]
) -> dict[str, list[Membership]]:
    today = work.clock.today()
    own = {person_no: _joined(memberships, merged.numbers(person_no)) for person_no in person_nos}
    return {person_no: _present(of_person, today) for person_no, of_person in own.items() if of_person}


def _joined(memberships: Mapping[str, Sequence[Membership]], numbers: Sequence[str]) -> list[Membership]:
    """The memberships under all numbers of a person, each case once: as it lasts longest."""
    under_all = [membership for number in numbers for membership in memberships.get(number, ())]
    under_all.sort(key=lambda membership: membership.last_day or date.max)
    by_case = {membership.case_no: membership for membership in under_all}
    return [by_case[case_no] for case_no in sorted(by_case)]


def _present(memberships: Sequence[Membership], today: date) -> list[Membership]:
    present = [membership for membership in memberships if membership.last_day is None or membership.last_day >= today]
    return present or [max(memberships, key=lambda membership: membership.last_day or today)]


def records_without_case(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, Record]:
    """Return whose records people are while they are in no case: of who entered them, until they are in one.

    Who was entered for an application is seen as that is: shielded from the first moment, where it says so, under any
    of their numbers.
    """
    return _without_case(work, person_nos, merged_numbers(work, person_nos))


def _without_case(work: UnitOfWork, person_nos: Collection[str], merged: Merged) -> dict[str, Record]:
    numbers = {number for person_no in person_nos for number in (person_no, *merged.numbers(person_no))}
    first = first_entries(work, numbers)
    applications = records_of(work, APPLICATION, {entry.application_no or "" for entry in first.values()} or {""})
    records = {number: Record(f"person:{number}") for number in numbers}
    for person_no, entry in first.items():
        of_application = applications[entry.application_no or ""]
        subject = records[person_no].subject
        records[person_no] = replace(of_application, subject=subject, entered_by=entry.entered_by)
    return {
        person_no: replace(
            records[merged.number(person_no)],
            subject=f"person:{person_no}",
            shielded=any(records[number].shielded for number in merged.numbers(person_no)),
            barred=frozenset[str]().union(*(records[number].barred for number in merged.numbers(person_no))),
        )
        for person_no in person_nos
    }


def records_of_residents(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, Record]:
    """Return whose records people are: of who is in charge of a case of theirs; one closed case closes the person.

    Of several cases it is the one that the caller may see; of who is in none, the one that they left last; of who never
    was in one, of who entered them. What closes one of the numbers of a person closes all.
    """
    return _records(work, person_nos, day=None)


def record_of_resident(work: UnitOfWork, person_no: str, **parts: object) -> Record:
    """Whose record a person is, as `records_of_residents` says it of many."""
    del parts
    return _records(work, [person_no], day=None)[person_no]


def record_of_member(work: UnitOfWork, person_no: str, **parts: object) -> Record:
    """The same for what only who is in charge today may see: who left a household is nobody's there any more."""
    del parts
    return _records(work, [person_no], day=work.clock.today())[person_no]


def _records(work: UnitOfWork, person_nos: Collection[str], day: date | None) -> dict[str, Record]:
    """By the cases in which they are, on a day where it is named."""
    merged = merged_numbers(work, person_nos)
    of_numbers = _of_numbers(work, person_nos, merged)
    open_ = {
        person_no: [each.case_no for each in of_person if day is None or (each.last_day or day) >= day]
        for person_no, of_person in _cases(work, merged, of_numbers, person_nos).items()
    }
    closing = {
        person_no: {*cases, *_closing(work, of_numbers, merged.numbers(person_no))}
        for person_no, cases in open_.items()
    }
    records = case_records(work, decisions, {case_no for cases in closing.values() for case_no in cases} or {NO_CASE})
    all_ = _without_case(work, person_nos, merged)
    for person_no, cases in open_.items():
        own = [records[case_no] for case_no in cases] or [Record("", programme=decisions.programme)]
        closed = [records[case_no] for case_no in sorted(closing[person_no])]
        if len(merged.numbers(person_no)) > 1:
            closed.append(all_[person_no])
        all_[person_no] = _joint(work, own, closed, all_[person_no].subject)
    return all_


def _closing(work: UnitOfWork, of_numbers: Mapping[str, Sequence[Membership]], numbers: Sequence[str]) -> set[str]:
    """The cases that close a person of several numbers: of each number those that closed it while it stood alone."""
    if len(numbers) == 1:
        return set()
    known = [of_numbers[number] for number in numbers if number in of_numbers]
    return {each.case_no for of_number in known for each in _present(of_number, work.clock.today())}


def _joint(work: UnitOfWork, records: Sequence[Record], closing: Sequence[Record], subject: str) -> Record:
    """The record that the caller may see, as far as none of those that close it is shielded or bars somebody.

    A household that is in nobody's charge is open to a district: what shields somebody is not opened by that.
    """
    shown = next((record for record in records if may_see(work, "case.read", record)), records[0])
    shielded = [record for record in closing if record.shielded]
    if shielded and not shown.caseworker:
        shown = shielded[0]
    return Record(
        subject=subject,
        district=shown.district,
        caseworker=shown.caseworker,
        programme=shown.programme,
        shielded=bool(shielded),
        barred=frozenset[str]().union(*(record.barred for record in closing)),
    )


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
    rows = work.connection.execute(
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
