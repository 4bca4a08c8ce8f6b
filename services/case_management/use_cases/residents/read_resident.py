"""Read what the register of residents (宛名) has of a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.case_management.adapters.cases_of_people import cases_of_people
from services.case_management.adapters.merging.merged import merged_numbers
from services.case_management.adapters.residents import RegisterEntry, entries_of_person
from services.case_management.adapters.tables import decisions
from shared.access.records import may_see
from shared.decisions.adapters.scope import case_records
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of the register: all entries, oldest first (the last one holds), and the cases they are in.

    `merged_into` is the number to use instead of this one (名寄せ); `merged` are those in whose place this one is used.
    """

    person_no: str
    entries: Sequence[RegisterEntry]
    case_nos: Sequence[str]
    merged_into: str | None
    merged: Sequence[str]


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
    merged = merged_numbers(work, [person_no])
    numbers = sorted({person_no, *merged.numbers(person_no)})
    subjects = [*(f"person:{number}" for number in numbers), *(f"case:{case_no}" for case_no in cases)]
    work.look("resident", subjects, purpose)
    return Resident(person_no, entries, cases, merged.into.get(person_no), merged.gone(person_no))
