"""Corrections (訂正): households on record handed in anew, whole; what differs waits for another person's approval."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.adapters.circumstances import lock_circumstances, newest_known
from shared.decisions.adapters.import_state import Import
from shared.decisions.adapters.on_record import CASE_FACT, PERSON_FACT, READ, on_record_of
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE
from shared.decisions.imports.rows import CASE_FACTS, ImportRow, PackedRows
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports.propose_import import keep_import, merged, misnamed
from shared.decisions.use_cases.imports.read_import import ReadImport
from shared.service_kit.csv_files import Fault
from shared.service_kit.unit_of_work import UnitOfWork

MOST_ROWS: Final = 10_000
"""Rows of a correction: some hundred households. What is more is no correction."""
Key = tuple[str, str | None, str]
"""Case, person and fact."""
Standing = dict[Key, list[Any]]
"""The circumstances that nobody corrected, by what they are about."""


def propose_correction(work: UnitOfWork, deciding: Deciding, read: ReadImport) -> Import:
    """Keep what differs from what is on record until another person approves it by its hash.

    Raises:
        Problem: import-faults: those of reading; a household that is not on record, or not in the caller's reach, which
            is answered alike; a member on record who is not named; a person of another household, or with a number that
            was given here to somebody else; nothing that differs.
    """
    tables, faults = deciding.tables, read.faults.copy()
    if read.rows.count > MOST_ROWS:
        faults.add(Fault(HOUSEHOLDS_FILE, 0, "", "a correction has some hundred households at most", "unfit"))
    faults.refuse()
    rows = [row for part in read.rows.parts() for row in part]
    lock_circumstances(work)
    known_number = newest_known(work, tables)
    cases = {row.case_no: row.line for row in rows if row.fact == CASE_FACT}
    faults.add(*_out_of_reach(work, tables, cases))
    faults.refuse()
    standing = _standing(work, tables, cases)
    rows = [row for row in rows if not _is_in_charge(row, standing)]
    faults.add(*_unfit(rows, standing, cases), *_elsewhere(work, tables, rows))
    others = [row for row in rows if row.fact not in CASE_FACTS]
    came = [row for row in others if (row.case_no, row.person_no, PERSON_FACT) not in standing]
    faults.add(*misnamed(work, deciding, came))
    changed = [row for row in rows if row.fact in CASE_FACTS and _differs(row, standing)]
    faults.add(*merged(work, deciding, [row for row in changed if row.fact == PERSON_FACT]))
    changed += deciding.members.differing(work, others)
    if not changed and not faults:
        faults.add(Fault(HOUSEHOLDS_FILE, 0, "", "nothing differs from what is on record", "unfit"))
    faults.refuse()
    read.rows = PackedRows()
    read.rows.add(changed)
    return keep_import(work, deciding, read, known_number)


def _out_of_reach(work: UnitOfWork, tables: DecisionTables, cases: dict[str, int]) -> Iterator[Fault]:
    seen = may_see_cases(work, tables, READ, cases)
    reached = seen.intersection(on_record_of(work, tables, cases, []).cases)
    for case_no, line in cases.items():
        if case_no not in reached:
            about = "on_record", f"case:{case_no}"
            yield Fault(HOUSEHOLDS_FILE, line, "case_no", "no household of this number is on record for you", *about)


def _standing(work: UnitOfWork, tables: DecisionTables, cases: Iterable[str]) -> Standing:
    circumstances = tables.circumstances
    later = circumstances.alias("later")
    corrected = select(later.c.number).where(later.c.corrects == circumstances.c.number)
    rows = work.connection.execute(
        select(circumstances)
        .where(circumstances.c.case_no.in_(list(cases)), ~corrected.exists())
        .order_by(circumstances.c.number)
    )
    standing: Standing = defaultdict(list)
    for row in rows:
        standing[row.case_no, row.person_no, row.fact].append(row)
    return standing


def _unfit(rows: Sequence[ImportRow], standing: Standing, cases: dict[str, int]) -> Iterator[Fault]:
    """Members on record who are missing, and facts that have a history: none of them is corrected by one line."""
    named = {(row.case_no, row.person_no, row.fact) for row in rows}
    for key, known in standing.items():
        case_no, _, fact = key
        if fact == PERSON_FACT and key not in named:
            yield Fault(HOUSEHOLDS_FILE, cases[case_no], "case_no", "a member on record is not named", "unfit")
        if len(known) > 1 and key in named:
            yield Fault(HOUSEHOLDS_FILE, cases[case_no], "case_no", "a fact of it changed over time", "unfit")


def _elsewhere(work: UnitOfWork, tables: DecisionTables, rows: Sequence[ImportRow]) -> Iterator[Fault]:
    """Persons of other households, where the caller may see those; what is out of reach the approval refuses."""
    persons = {row.person_no: row for row in rows if row.fact == PERSON_FACT and row.person_no}
    seen = on_record_of(work, tables, [], persons).visible(work, tables)
    for person_no, cases in seen.persons.items():
        if set(cases) - {persons[person_no].case_no}:
            problem = "this person is on record in another household", "on_record", f"person:{person_no}"
            yield Fault(MEMBERS_FILE, persons[person_no].line, "person_no", *problem)


def _is_in_charge(row: ImportRow, standing: Standing) -> bool:
    """Who has the case in a ward's file is in charge of it by now: since which day no file says."""
    known = standing.get((row.case_no, row.person_no, row.fact), ())
    return row.fact == CHARGE and len(known) > 0 and known[-1].data == row.data


def _differs(row: ImportRow, standing: Standing) -> bool:
    known = standing.get((row.case_no, row.person_no, row.fact))
    if not known:
        return True
    days = tuple(
        day.isoformat() if isinstance(day, date) else day for day in (known[-1].valid_from, known[-1].valid_to)
    )
    return (row.valid_from, row.valid_to, row.data) != (*days, known[-1].data)
