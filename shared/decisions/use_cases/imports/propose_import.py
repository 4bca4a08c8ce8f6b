"""Imports (取込): read and validated whole, kept until another person approves them by their hash."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from shared.contracts.assistance import Programme
from shared.contracts.facts.imports import ImportProposed
from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.adapters.import_state import get_import
from shared.decisions.adapters.on_record import CASE_FACT, PERSON_FACT, on_record_of
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import ImportView
from shared.decisions.imports.rows import SEALED_ROWS, ImportRow, PackedRows, case_rows
from shared.decisions.imports.ward_csv import WardCase, read_ward
from shared.service_kit.csv_files import Fault, Faults
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS: Final = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")
CASES_AT_A_TIME: Final = 1000


@dataclass(slots=True)
class ReadImport:
    """A ward's files as read, before anything is asked of the database; names of files with their SHA-256."""

    files: Mapping[str, str]
    faults: Faults = field(default_factory=Faults)
    rows: PackedRows = field(default_factory=PackedRows)
    households: int = 0
    persons: int = 0


def read_import(
    files: Mapping[str, bytes],
    programme: Programme,
    refused: Callable[[Sequence[WardCase]], Iterable[Fault]],
    more_rows: Callable[[Sequence[WardCase]], Iterable[ImportRow]] = lambda cases: (),
) -> ReadImport:
    """Read a ward's files for one programme.

    Args:
        refused: faults of the programme's cases that the rules cannot determine.
        more_rows: further rows of the cases of both programmes.

    Raises:
        Problem: import-faults where there are too many to read on.
    """
    read = ReadImport({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    given = read_ward(files, read.faults)
    while cases := list(islice(given, CASES_AT_A_TIME)):
        own = [case for case in cases if case.programme == programme]
        read.faults.add(*refused(own))
        read.rows.add([*case_rows(own), *more_rows(cases)])
        read.households += len(own)
        read.persons += sum(len(case.members) for case in own)
    return read


def propose_import(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, read: ReadImport, sealed_fact: str = ""
) -> ImportView:
    """Keep the rows that were read until another person approves them by the hash in the answer; nothing is loaded.

    Args:
        sealed_fact: the fact whose rows name somebody, and are sealed.

    Raises:
        Problem: import-faults: those of reading, and what is on record in the caller's reach.
    """
    faults = read.faults.copy()
    for rows in read.rows.parts():
        faults.add(*_on_record(work, tables, programme, rows))
    faults.refuse()
    return keep_import(work, tables, uuid4(), read, sealed_fact)


def keep_import(
    work: UnitOfWork,
    tables: DecisionTables,
    import_id: UUID,
    read: ReadImport,
    sealed_fact: str,
    known_number: int | None = None,
) -> ImportView:
    """Write what was read, to be approved by its hash, and tell it.

    Args:
        known_number: of a correction, the circumstance up to which it was compared.
    """
    number = 0
    work.session.execute(
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
        _keep(work, tables, import_id, list(enumerate(rows, number)), sealed_fact)
        number += len(rows)
    told = ImportProposed(import_id=import_id, rows=read.rows.count, sha256=read.rows.sha256)
    work.fact(told, subject=f"import:{import_id}")
    return get_import(work, tables, import_id)


def _on_record(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, rows: Sequence[ImportRow]
) -> list[Fault]:
    """Faults of what is on record already and in the caller's reach.

    Nothing is said of a record out of reach, not even that it cannot be taken: an answer that differs would tell a
    stranger who is on assistance. Such a row waits like any other, and the second person is told.
    """
    cases = {row.case_no: row.line for row in rows if row.fact == CASE_FACT}
    persons = {row.person_no: row.line for row in rows if row.fact == PERSON_FACT and row.person_no}
    seen = on_record_of(work, tables, cases, persons).visible(work, tables, programme)
    twice = "this household is on record already", "on_record"
    again = "this person is on record already under this programme", "on_record"
    return [Fault(HOUSEHOLDS_FILE, cases[one], "case_no", *twice, f"case:{one}") for one in seen.cases] + [
        Fault(MEMBERS_FILE, persons[one], "person_no", *again, f"person:{one}") for one in seen.persons
    ]


def _keep(
    work: UnitOfWork, tables: DecisionTables, import_id: UUID, rows: Sequence[tuple[int, ImportRow]], sealed_fact: str
) -> None:
    """Write numbered rows; what names somebody is sealed before COPY, which takes the connection."""
    told = [
        {"import_id": import_id, "row_no": number, "data": row.data} for number, row in rows if row.fact == sealed_fact
    ]
    sealed = {row["row_no"]: json.dumps(row["data"]) for row in work.seal(SEALED_ROWS, told)}
    work.copy(
        tables.import_rows,
        ((import_id, number, *row.cells[:-1], sealed.get(number, row.data)) for number, row in rows),
        ("import_id", "row_no", *_COLUMNS),
    )
