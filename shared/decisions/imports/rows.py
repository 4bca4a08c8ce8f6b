"""The rows of an import: from the cases of a ward's files, packed until they are written, read back in batches."""

import hashlib
import json
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from shared.approvals.canonical import canonical
from shared.decisions.adapters.on_record import CASE_FACT, PERSON_FACT
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE
from shared.decisions.imports.ward_csv import WardCase
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.unit_of_work import UnitOfWork

RULE_FACTS: Final = (CASE_FACT, PERSON_FACT, "income")
"""The facts of a ward's files that the rules need."""
CASE_FACTS: Final = (*RULE_FACTS, CHARGE)
"""The facts of a ward's files that become circumstances of cases and their members."""
SEALED_ROWS: Final = Sealed("import_rows", ("import_id", "row_no"), ("data",))
"""Rows with names: their whole data stand as one sealed text, the others' as an object."""
BATCH: Final = 5000
"""Rows that are read, opened and hashed at a time."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One fact that is to be recorded, with the days on which it holds; ``line`` is where it stands in its file."""

    case_no: str
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    data: dict[str, Any]
    line: int = 0

    @property
    def cells(self) -> tuple[object, ...]:
        """What the hash of an import covers."""
        return self.case_no, self.person_no, self.fact, self.valid_from, self.valid_to, self.data


def case_rows(cases: Iterable[WardCase]) -> Iterator[ImportRow]:
    """The facts of cases and their members, in the order of the files.

    Who is in charge does not depend on the days on assistance: an ended case stays with its district.
    """
    for case in cases:
        period = case.valid_from, case.valid_to
        yield ImportRow(case.case_no, None, CASE_FACT, *period, case.facts[CASE_FACT], line=case.line)
        if case.facts[CHARGE]:
            yield ImportRow(case.case_no, None, CHARGE, None, None, case.facts[CHARGE], case.line)
        for member in case.members:
            for fact in RULE_FACTS[1:]:
                yield ImportRow(case.case_no, member.person_no, fact, *period, member.facts[fact], line=member.line)


class PackedRows:
    """Rows kept small until they are written: the canonical lines that the hash covers, compressed in parts."""

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()
        self._parts: list[bytes] = []
        self._lines = array("L")

    @property
    def sha256(self) -> str:
        """The hash of all rows in their order."""
        return self._digest.hexdigest()

    def add(self, rows: Sequence[ImportRow]) -> None:
        """Take in the next rows, as one part."""
        text = b"".join(canonical(row.cells) for row in rows)
        self._digest.update(text)
        self._parts.append(zlib.compress(text, 1))
        self._lines.extend(row.line for row in rows)
        self.count += len(rows)

    def parts(self) -> Iterator[list[ImportRow]]:
        """The rows as they were taken in, part by part; days as ISO text."""
        lines = iter(self._lines)
        for part in self._parts:
            yield [_unpacked(text, next(lines)) for text in zlib.decompress(part).splitlines()]


def _unpacked(text: bytes, line: int) -> ImportRow:
    case_no, person_no, fact, valid_from, valid_to, data = json.loads(text)
    return ImportRow(case_no, person_no, fact, valid_from, valid_to, data, line)


def waiting_rows(work: UnitOfWork, tables: DecisionTables, import_id: UUID, *facts: str) -> Iterator[list[ImportRow]]:
    """The rows of an import as they stand in the database, in the order of the files, some thousand at a time.

    Args:
        facts: only rows of these; all rows where none is named.
    """
    table = tables.import_rows
    which = select(table).where(table.c.import_id == import_id).order_by(table.c.row_no)
    if facts:
        which = which.where(table.c.fact.in_(facts))
    for rows in work.connection.execute(which.execution_options(yield_per=BATCH)).mappings().partitions():
        yield _opened(work, rows)


def _opened(work: UnitOfWork, rows: Sequence[Any]) -> list[ImportRow]:
    sealed = [row for row in rows if isinstance(row["data"], str)]
    clear = {row["row_no"]: json.loads(row["data"]) for row in work.unseal(SEALED_ROWS, sealed)}
    names = ("case_no", "person_no", "fact", "valid_from", "valid_to")
    return [
        ImportRow(**{name: row[name] for name in names}, data=clear.get(row["row_no"], row["data"])) for row in rows
    ]
