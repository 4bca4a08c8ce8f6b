"""Read what the register of residents (宛名) has of a person, and whose record that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.case_management.adapters.cases_of_people import Membership, cases_of_people, records_without_case
from services.case_management.adapters.residents import RegisterEntry, entries_of_person
from services.case_management.adapters.tables import decisions
from shared.access.records import Record, may_see
from shared.decisions.adapters.scope import case_records
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

NO_CASE: Final = ""
"""Asked for where a person is in no case: whether there is one shows neither in the answer nor in the work for it."""


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of the register: all entries, oldest first (the last one holds), and the cases they are in."""

    person_no: str
    entries: Sequence[RegisterEntry]
    case_nos: Sequence[str]


def read_resident(work: UnitOfWork, person_no: str, purpose: str) -> Resident:
    """Return a person of the register; the look is recorded.

    Raises:
        Problem: not-found.
    """
    entries = entries_of_person(work, person_no)
    if not entries:
        raise Problem("not-found", field="person_no")
    own = {membership.case_no for membership in cases_of_people(work, [person_no]).get(person_no, [])}
    records = case_records(work, decisions, own)
    cases = sorted(case_no for case_no, record in records.items() if may_see(work, "case.read", record))
    work.look("resident", [f"person:{person_no}", *(f"case:{case_no}" for case_no in cases)], purpose)
    return Resident(person_no, entries, cases)


def record_of_resident(work: UnitOfWork, person_no: str, **parts: object) -> Record:
    """Whose record a person is: of who is in charge of a case of theirs; one closed case closes the person.

    Of several cases it is the one that the caller may see; of who is in none, the one that they left last; of who never
    was in one, of who entered them.
    """
    del parts
    memberships = cases_of_people(work, [person_no]).get(person_no, [])
    return _record_of(work, person_no, memberships, memberships)


def record_of_member(work: UnitOfWork, person_no: str, **parts: object) -> Record:
    """The same for what only who is in charge today may see: who left a household is nobody's there any more."""
    del parts
    today = work.clock.today()
    memberships = cases_of_people(work, [person_no]).get(person_no, [])
    present = [membership for membership in memberships if (membership.last_day or today) >= today]
    return _record_of(work, person_no, memberships, present)


def _record_of(
    work: UnitOfWork, person_no: str, memberships: Sequence[Membership], open_: Sequence[Membership]
) -> Record:
    records = list(case_records(work, decisions, [each.case_no for each in open_] or [NO_CASE]).values())
    without = records_without_case(work, [person_no])[person_no]
    if not memberships:
        return without
    shown = next((record for record in records if may_see(work, "case.read", record)), records[0])
    return Record(
        subject=f"person:{person_no}",
        district=shown.district,
        caseworker=shown.caseworker,
        programme=shown.programme,
        shielded=any(record.shielded for record in records),
        barred=frozenset[str]().union(*(record.barred for record in records)),
    )
