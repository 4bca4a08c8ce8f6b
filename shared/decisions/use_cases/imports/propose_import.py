"""Propose an import (取込の起案): what was read is kept until another person approves it by its hash."""

import json
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from shared.contracts.facts.imports import ImportProposed
from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.adapters.import_state import Import, get_import
from shared.decisions.adapters.on_record import CASE_FACT, PERSON_FACT, but_withdrawn, on_record_of
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.imports.rows import SEALED_ROWS, ImportRow
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports.read_import import ReadImport
from shared.service_kit.csv_files import Fault
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS: Final = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")


def propose_import(work: UnitOfWork, deciding: Deciding, read: ReadImport) -> Import:
    """Keep the rows that were read until another person approves them by their hash; nothing is loaded.

    Raises:
        Problem: import-faults: those of reading, numbers that are given here, and what is on record in the caller's
            reach.
    """
    faults = read.faults.copy()
    for rows in read.rows.parts():
        faults.add(*_given_here(deciding, rows), *misnamed(work, deciding, rows))
        faults.add(*merged(work, deciding, rows))
        faults.add(*_on_record(work, deciding.tables, rows))
    faults.refuse()
    return keep_import(work, deciding, read)


def keep_import(work: UnitOfWork, deciding: Deciding, read: ReadImport, known_number: int | None = None) -> Import:
    """Write what was read, to be approved by its hash, and publish that it is proposed.

    Args:
        known_number: of a correction, the circumstance up to which it was compared.
    """
    tables, import_id, number = deciding.tables, uuid4(), 0
    work.connection.execute(
        insert(tables.imports).values(
            import_id=import_id,
            proposer=work.actor,
            proposed_at=work.clock.now(),
            correlation=work.correlation,
            files=read.files,
            households=read.households,
            persons=read.persons,
            rows=read.rows.count,
            sha256=read.rows.sha256,
            known_number=known_number,
        ),
    )
    for rows in read.rows.parts():
        _keep_rows(work, deciding, import_id, list(enumerate(rows, number)))
        number += len(rows)
    event = ImportProposed(import_id=import_id, rows=read.rows.count, sha256=read.rows.sha256)
    work.fact(event, subject=f"import:{import_id}")
    return get_import(work, tables, import_id)


def misnamed(work: UnitOfWork, deciding: Deciding, rows: Sequence[ImportRow]) -> Iterator[Fault]:
    """Yield the faults of persons whose number was given here, and to nobody of this name."""
    for row in deciding.members.misnamed(work, rows):
        problem = "this number was given here, and to nobody of this name", "unfit"
        yield Fault(MEMBERS_FILE, row.line, "person_no", *problem, f"person:{row.person_no}")


def merged(work: UnitOfWork, deciding: Deciding, rows: Sequence[ImportRow]) -> Iterator[Fault]:
    """Yield the faults of persons whose number was merged into another (名寄せ), which they name."""
    for row, instead in deciding.members.gone(work, rows):
        problem = f"this number was merged into another one: use {instead}", "unfit"
        yield Fault(MEMBERS_FILE, row.line, "person_no", *problem, f"person:{row.person_no}")


def _given_here(deciding: Deciding, rows: Sequence[ImportRow]) -> Iterator[Fault]:
    for row in rows:
        if row.fact == CASE_FACT and int(row.case_no) in deciding.own_cases:
            first, last = deciding.own_cases[0], deciding.own_cases[-1]
            problem = f"the numbers from {first} to {last} are given by the desk alone", "unfit"
            yield Fault(HOUSEHOLDS_FILE, row.line, "case_no", *problem)


def _on_record(work: UnitOfWork, tables: DecisionTables, rows: Sequence[ImportRow]) -> list[Fault]:
    """Faults of what is on record already and in the caller's reach.

    Nothing is said of a record out of reach, not even that it cannot be taken: an answer that differs would show a
    stranger who is on assistance. Such a row waits like any other, and the second person sees it.
    """
    cases = {row.case_no: row.line for row in rows if row.fact == CASE_FACT}
    persons = {row.person_no: row.line for row in rows if row.fact == PERSON_FACT and row.person_no}
    known = but_withdrawn(work, tables, on_record_of(work, tables, cases, persons))
    seen = known.visible(work, tables)
    twice = "this household is on record already", "on_record"
    again = "this person is on record already under this programme", "on_record"
    return [Fault(HOUSEHOLDS_FILE, cases[case_no], "case_no", *twice, f"case:{case_no}") for case_no in seen.cases] + [
        Fault(MEMBERS_FILE, persons[person_no], "person_no", *again, f"person:{person_no}")
        for person_no in seen.persons
    ]


def _keep_rows(work: UnitOfWork, deciding: Deciding, import_id: UUID, rows: Sequence[tuple[int, ImportRow]]) -> None:
    """Write numbered rows; what names somebody is sealed before COPY, which takes the connection."""
    clear = [
        {"import_id": import_id, "row_no": number, "data": row.data}
        for number, row in rows
        if row.fact == deciding.members.sealed_fact
    ]
    sealed = {row["row_no"]: json.dumps(row["data"]) for row in work.seal(SEALED_ROWS, clear)}
    work.copy(
        deciding.tables.import_rows,
        ((import_id, number, *row.cells[:-1], sealed.get(number, row.data)) for number, row in rows),
        ("import_id", "row_no", *_COLUMNS),
    )
