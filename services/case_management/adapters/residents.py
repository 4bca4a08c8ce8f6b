"""The register of residents (宛名): names live here and nowhere else, for both laws."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.tables import decisions, residents
from shared.decisions.imports.rows import SEALED_ROWS, ImportRow, waiting_rows
from shared.decisions.imports.ward_csv import WardCase
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.unit_of_work import UnitOfWork

RESIDENT_FACT: Final = "resident"
RESIDENTS: Final = Sealed("residents", ("import_id", "person_no"), ("name", "kana"))
SEALED: Final = (RESIDENTS, SEALED_ROWS)
"""What is sealed in this service."""


@dataclass(frozen=True, slots=True)
class Resident:
    """A person as the register has it."""

    person_no: str
    name: str
    kana: str
    foreign_national: bool


def resident_rows(cases: Iterable[WardCase]) -> Iterator[ImportRow]:
    """Yield each person of the ward's files once, whichever the law."""
    for case in cases:
        for member in case.members:
            if member.is_first:
                facts = member.facts[RESIDENT_FACT]
                yield ImportRow(case.case_no, member.person_no, RESIDENT_FACT, None, None, facts, member.line)


def enter_residents(work: UnitOfWork, import_id: UUID) -> None:
    """Enter the residents of an approved import into the register."""
    now = work.clock.now()
    for waiting in waiting_rows(work, decisions, import_id, RESIDENT_FACT):
        rows = [
            {
                "person_no": row.person_no,
                "name": row.data["name"],
                "kana": row.data["kana"],
                "foreign_national": row.data.get("foreign", False),
                "import_id": import_id,
                "recorded_at": now,
            }
            for row in waiting
        ]
        work.copy(residents, (list(row.values()) for row in work.seal(RESIDENTS, rows)), tuple(rows[0]))


def residents_that_differ(work: UnitOfWork, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Return the rows that name a person otherwise than the register does."""
    known = residents_named(work, [row.person_no for row in rows if row.person_no])
    return [row for row in rows if known.get(str(row.person_no)) != _resident(row)]


def _resident(row: ImportRow) -> Resident:
    facts = row.data
    return Resident(str(row.person_no), facts["name"], facts["kana"], facts.get("foreign", False))


def residents_named(work: UnitOfWork, person_numbers: Sequence[str]) -> dict[str, Resident]:
    """Return the newest entry of the register by person number."""
    rows = work.session.execute(
        select(residents).where(residents.c.person_no.in_(person_numbers)).order_by(residents.c.number),
    ).mappings()
    return {
        row["person_no"]: Resident(row["person_no"], row["name"], row["kana"], row["foreign_national"])
        for row in work.unseal(RESIDENTS, rows.all())
    }
