"""What a ward's files name and this service has on record already, and how much of it somebody may know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, cast, literal, select

from shared.decisions.adapters.circumstances import decidable
from shared.decisions.adapters.opened_cases import days_of_withdrawal, withdrawn
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.unit_of_work import UnitOfWork

READ: Final = "case.read"
"""Whoever may not read a case learns nothing of it."""
MOST: Final = 1000
"""Cases of which it is asked whether somebody may see them: no answer names more."""
CASE_FACT: Final = "home"
PERSON_FACT: Final = "person"


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Cases that are on record, and persons with the cases in which they are."""

    cases: Collection[str]
    persons: Mapping[str, Collection[str]]

    @property
    def subjects(self) -> list[str]:
        """The records as the audit names them."""
        return [f"case:{number}" for number in sorted(self.cases)] + [
            f"person:{number}" for number in sorted(self.persons)
        ]

    def visible(self, work: UnitOfWork, tables: DecisionTables) -> "OnRecord":
        """What of it the caller of this request may see; asked in the same way where nothing is on record."""
        named = set(islice(sorted(set(self.cases).union(*self.persons.values())), MOST))
        open_ = may_see_cases(work, tables, READ, named)
        persons = {number: open_.intersection(cases) for number, cases in self.persons.items()}
        return OnRecord(open_.intersection(self.cases), {number: cases for number, cases in persons.items() if cases})


def on_record_of(
    work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str], person_nos: Collection[str]
) -> OnRecord:
    """Which of the cases and persons are on record."""
    cases, circumstances = tables.cases, tables.circumstances
    known = work.connection.scalars(select(cases.c.case_no).where(among(cases.c.case_no, case_nos)))
    people = select(circumstances.c.person_no, circumstances.c.case_no)
    rows = work.connection.execute(people.where(among(circumstances.c.person_no, person_nos)).distinct())
    return _gathered(known, rows.all())


def but_withdrawn(work: UnitOfWork, tables: DecisionTables, known: OnRecord) -> OnRecord:
    """The same without the cases whose application was taken back: who was in one is in no household by it."""
    gone = days_of_withdrawal(work, tables, set(known.cases).union(*known.persons.values()))
    persons = {number: set(cases).difference(gone) for number, cases in known.persons.items()}
    return OnRecord(set(known.cases).difference(gone), {number: cases for number, cases in persons.items() if cases})


def cases_with_member(work: UnitOfWork, tables: DecisionTables, person_no: str, first: date, last: date) -> set[str]:
    """In which cases a person is on one of the days, by facts that nobody corrected; of a withdrawn one nobody is."""
    circumstances = tables.circumstances
    later = circumstances.alias("later")
    corrected = select(later.c.number).where(later.c.corrects == circumstances.c.number)
    mine = circumstances.c.person_no == person_no, circumstances.c.fact == PERSON_FACT, ~corrected.exists()
    open_ = circumstances.c.case_no.not_in(withdrawn(tables))
    lasts = circumstances.c.valid_to.is_(None) | (circumstances.c.valid_to >= first)
    begins = circumstances.c.valid_from.is_(None) | (circumstances.c.valid_from <= last)
    return set(work.connection.scalars(select(circumstances.c.case_no).where(*mine, open_, begins, lasts)))


def waiting_on_record(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> OnRecord:
    """Which of the cases and persons of a waiting import are on record now; a person under investigation stops none."""
    waiting, cases, circumstances = tables.import_rows, tables.cases, tables.circumstances
    mine = waiting.c.import_id == import_id
    is_known = cases.c.case_no == waiting.c.case_no
    known = select(waiting.c.case_no).join(cases, is_known).where(mine, waiting.c.fact == CASE_FACT)
    people = select(circumstances.c.person_no, circumstances.c.case_no).join(
        waiting, waiting.c.person_no == circumstances.c.person_no
    )
    decided = decidable(tables, waiting.c.fact == PERSON_FACT)
    rows = work.connection.execute(people.where(mine, decided).distinct())
    return _gathered(work.connection.scalars(known), rows.all())


def _gathered(cases: Iterable[str], people: Sequence[Any]) -> OnRecord:
    persons: dict[str, set[str]] = {}
    for row in people:
        persons.setdefault(row.person_no, set()).add(row.case_no)
    return OnRecord(set(cases), persons)


def among(column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """Return that a column is one of the values, by one parameter: a ward has more than a statement takes."""
    is_among: ColumnElement[bool] = column == any_(cast(literal(list(values), ARRAY(Text)), ARRAY(Text)))
    return is_among
