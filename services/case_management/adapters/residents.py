"""The register of residents (宛名): names live here and nowhere else, for both laws."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.tables import decisions, residents
from shared.decisions.adapters.imports import ImportRow
from shared.decisions.adapters.ward_csv import WardCase
from shared.service_kit.work import UnitOfWork

RESIDENT_FACT: Final = "resident"


@dataclass(frozen=True, slots=True)
class Resident:
    """A person as the register has it."""

    person_no: str
    name: str
    kana: str
    foreign_national: bool


def resident_rows(cases: Iterable[WardCase]) -> Iterator[ImportRow]:
    """Each person of the ward's files once, whichever the law."""
    seen: set[str] = set()
    for case in cases:
        for member in case.members:
            if member.person_no not in seen:
                seen.add(member.person_no)
                facts = member.facts[RESIDENT_FACT]
                yield ImportRow(case.case_no, member.person_no, RESIDENT_FACT, None, None, facts)


def enter_residents(work: UnitOfWork, import_id: UUID) -> None:
    """Enter the residents of an approved import into the register."""
    waiting = decisions.import_rows
    rows = work.session.execute(
        select(waiting.c.person_no, waiting.c.data).where(
            waiting.c.import_id == import_id,
            waiting.c.fact == RESIDENT_FACT,
        ),
    )
    now = work.clock.now()
    work.copy(
        residents,
        ((number, data["name"], data["kana"], data.get("foreign", False), import_id, now) for number, data in rows),
        ("person_no", "name", "kana", "foreign_national", "import_id", "recorded_at"),
    )


def residents_named(work: UnitOfWork, person_numbers: Sequence[str]) -> dict[str, Resident]:
    """Person number → the newest entry of the register."""
    rows = work.session.execute(
        select(residents.c.person_no, residents.c.name, residents.c.kana, residents.c.foreign_national)
        .where(residents.c.person_no.in_(person_numbers))
        .order_by(residents.c.number),
    )
    return {row.person_no: Resident(*row) for row in rows}
