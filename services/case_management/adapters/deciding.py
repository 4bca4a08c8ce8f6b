"""How this service decides: its tables, what public assistance gives (生活保護), and the register of residents."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.case_management.adapters import residents
from services.case_management.adapters.cases_of_people import (
    may_become_member,
    record_of_resident,
    records_of_residents,
)
from services.case_management.adapters.merging.merged import merged_numbers, merged_problem
from services.case_management.adapters.tables import decisions
from services.case_management.domain.household import household
from shared.access.records import may_see
from shared.benefit_rules.assessing import entries
from shared.decisions.domain.law import Law
from shared.decisions.imports.rows import ImportRow
from shared.decisions.use_cases.deciding import Deciding, Members
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

FIRST_OWN_CASE: Final = 80_000_001
LAST_OWN_CASE: Final = 89_999_999
"""Case numbers that the desk gives itself: a ward's files number their households outside of it, without asking."""
_READ: Final = "resident.read"


def members_gone(work: UnitOfWork, rows: Sequence[ImportRow]) -> Iterator[tuple[ImportRow, str]]:
    """Yield one row of each person whose number was merged, with the number to use, as far as the caller may know.

    Of anybody else nothing is said: their row waits like any other, and is refused when it is loaded.
    """
    merged = merged_numbers(work).into
    gone = {row.person_no: row for row in rows if row.person_no in merged}
    records = records_of_residents(work, [str(person_no) for person_no in gone])
    for person_no, row in gone.items():
        if may_see(work, _READ, records[str(person_no)]):
            yield row, merged[str(person_no)]


def refuse_gone(work: UnitOfWork, person_no: str) -> None:
    """Refuse to make somebody a member under a number that was merged.

    Raises:
        Problem: wrong-state with the number to use; not-found, as for nobody, where the caller may not see the person.
    """
    stays = merged_numbers(work, [person_no]).number(person_no)
    if stays == person_no:
        return
    if not may_see(work, _READ, record_of_resident(work, person_no)):
        raise Problem("not-found", field="person_no", detail="この宛名番号の人は登録されていません")
    raise merged_problem(stays)


def numbers_of_person(work: UnitOfWork, person_no: str) -> list[str]:
    """Return all numbers of the person who has one."""
    return merged_numbers(work, [person_no]).numbers(person_no)


deciding: Final = Deciding(
    decisions,
    Law(entries.Law("public_assistance"), household),
    Members(
        sealed_fact=residents.RESIDENT_FACT,
        rows=residents.resident_rows,
        misnamed=residents.residents_misnamed,
        differing=residents.residents_that_differ,
        enter=residents.enter_residents,
        named=residents.residents_named,
        may_join=may_become_member,
        gone=members_gone,
        refuse_gone=refuse_gone,
        numbers=numbers_of_person,
    ),
    range(FIRST_OWN_CASE, LAST_OWN_CASE + 1),
)
"""Everybody in the household is covered; names live in this service for both laws."""
