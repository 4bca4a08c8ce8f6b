"""The register of residents (宛名): names live here and nowhere else, for both laws."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, func, insert, select

from services.case_management.adapters.merging.merged import merged_numbers
from services.case_management.adapters.merging.tables import MERGING
from services.case_management.adapters.tables import decisions, residents
from shared.contracts.codes import NameKind, ResidentReason
from shared.decisions.adapters.on_record import PERSON_FACT, among, on_record_of
from shared.decisions.imports.rows import SEALED_ROWS, ImportRow, waiting_rows
from shared.decisions.imports.ward_csv import WardCase
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

RESIDENT_FACT: Final = "resident"
FIRST_OWN: Final = 9_900_000_001
LAST_OWN: Final = 9_999_999_999
"""Person numbers that this register gives itself, to who has none of the ward's yet (住登外者, 仮番号)."""
RESIDENTS: Final = Sealed("residents", ("source_id", "person_no"), ("name", "kana", "other_names"))
SEALED: Final = (RESIDENTS, SEALED_ROWS)
"""What is sealed in this service."""
_NAMED: Final = (
    select(*(residents.c[name] for name in ("person_no", "name", "kana", "foreign_national", "source_id")))
    .where(residents.c.person_no == any_(bindparam("person_numbers", type_=ARRAY(Text))))
    .order_by(residents.c.number)
)
REGISTER: Final = declare("residents")
"""Held by whoever enters somebody: entries are committed in the order of their numbers, none is given twice."""


@dataclass(frozen=True, slots=True)
class Resident:
    """A person as the register has it."""

    person_no: str
    name: str
    kana: str
    foreign_national: bool


@dataclass(frozen=True, slots=True)
class OtherName:
    """A further name of a person (旧氏, 通称)."""

    kind: NameKind
    name: str
    kana: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What a person is called, and by what other names they are known."""

    name: str
    kana: str
    foreign_national: bool
    other_names: Sequence[OtherName] = ()


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An entry of a person in the register; `recorded_by` and `reason` are there where it was made by hand."""

    number: int
    names: Names
    recorded_by: str | None
    reason: ResidentReason | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FirstEntry:
    """Who entered a person first (nobody: an import), and for which application."""

    entered_by: str | None
    application_no: str | None


def resident_rows(cases: Iterable[WardCase]) -> Iterator[ImportRow]:
    """Yield each person of the ward's files once, whichever the law."""
    for case in cases:
        for member in case.members:
            if member.is_first:
                facts = member.facts[RESIDENT_FACT]
                yield ImportRow(case.case_no, member.person_no, RESIDENT_FACT, None, None, facts, member.line)


def enter_residents(work: UnitOfWork, import_id: UUID) -> None:
    """Enter the residents of an approved import into the register; nobody else enters anybody meanwhile.

    A ward's files know no further names: those that are on record stay with the person.

    Raises:
        Problem: wrong-state where a member has a number that was merged into another (名寄せ).
    """
    REGISTER.hold(work.connection)
    _refuse_merged_members(work, import_id)
    now = work.clock.now()
    for waiting in waiting_rows(work, decisions, import_id, RESIDENT_FACT):
        others = _other_names(work, [row.person_no for row in waiting if row.person_no])
        rows = [
            {
                "person_no": row.person_no,
                "name": row.data["name"],
                "kana": row.data["kana"],
                "foreign_national": row.data.get("foreign", False),
                "other_names": others.get(str(row.person_no)),
                "import_id": import_id,
                "source_id": import_id,
                "recorded_at": now,
            }
            for row in waiting
        ]
        columns = tuple(name for name in rows[0] if name != "source_id")
        work.copy(residents, ([row[name] for name in columns] for row in work.seal(RESIDENTS, rows)), columns)


def _refuse_merged_members(work: UnitOfWork, import_id: UUID) -> None:
    MERGING.hold(work.connection)
    waiting = decisions.import_rows.c
    mine = waiting.import_id == import_id, waiting.fact == PERSON_FACT
    gone = merged_numbers(work).into
    if work.connection.scalar(select(waiting.person_no).where(*mine, among(waiting.person_no, gone)).limit(1)):
        detail = "統合された宛名番号の世帯員が含まれています。起案者に確認してください"
        raise Problem("wrong-state", field="person_no", detail=detail)


def _other_names(work: UnitOfWork, person_numbers: Sequence[str]) -> dict[str, str]:
    """Return the further names of the newest entries that have some, as they are written."""
    newest = select(func.max(residents.c.number)).where(residents.c.person_no.in_(person_numbers))
    rows = select(residents).where(
        residents.c.number.in_(newest.group_by(residents.c.person_no)), residents.c.other_names.is_not(None)
    )
    opened = work.unseal(RESIDENTS, work.connection.execute(rows).mappings().all())
    return {row["person_no"]: row["other_names"] for row in opened}


def residents_misnamed(work: UnitOfWork, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Return the rows with a number that the register gave somebody itself, who has another name.

    Somebody of a case that the caller may not see is answered like somebody of another name.
    """
    given_here = _given_here(work, [str(row.person_no) for row in rows if row.fact == RESIDENT_FACT])
    own = [row for row in rows if row.fact == RESIDENT_FACT and row.person_no in given_here]
    if not own:
        return []
    known = on_record_of(work, decisions, (), [str(row.person_no) for row in own])
    seen = known.visible(work, decisions).persons
    hidden = {number for number, cases in known.persons.items() if set(cases) != set(seen.get(number, ()))}
    differing = {row.person_no for row in residents_that_differ(work, own)}
    return [row for row in own if row.person_no in differing | hidden]


def _given_here(work: UnitOfWork, person_numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that are of the register's own range, and were entered by hand."""
    own = [number for number in person_numbers if FIRST_OWN <= int(number) <= LAST_OWN]
    entered = residents.c.entry_id.is_not(None), residents.c.person_no.in_(own)
    return set(work.connection.scalars(select(residents.c.person_no).where(*entered))) if own else set()


def residents_that_differ(work: UnitOfWork, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Return the rows that name a person otherwise than the register does."""
    known = residents_named(work, [row.person_no for row in rows if row.person_no])
    return [row for row in rows if known.get(str(row.person_no)) != _resident(row)]


def _resident(row: ImportRow) -> Resident:
    facts = row.data
    return Resident(str(row.person_no), facts["name"], facts["kana"], facts.get("foreign", False))


def residents_named(work: UnitOfWork, person_numbers: Sequence[str]) -> dict[str, Resident]:
    """Return the newest entry of the register by person number."""
    rows = work.connection.execute(_NAMED, {"person_numbers": list(person_numbers)}).mappings()
    return {
        row["person_no"]: Resident(row["person_no"], row["name"], row["kana"], row["foreign_national"])
        for row in work.unseal(RESIDENTS, rows.all())
    }


def write_by_hand(
    work: UnitOfWork,
    entry_id: UUID,
    person_no: str,
    names: Names,
    reason: ResidentReason,
    application_no: str | None,
) -> None:
    """Add an entry that a member of staff made."""
    others = [asdict(other) for other in names.other_names]
    row = {
        "person_no": person_no,
        "name": names.name,
        "kana": names.kana,
        "foreign_national": names.foreign_national,
        "other_names": json.dumps(others, ensure_ascii=False) if others else None,
        "entry_id": entry_id,
        "source_id": entry_id,
        "recorded_by": work.actor,
        "reason": reason,
        "application_no": application_no,
        "recorded_at": work.clock.now(),
    }
    sealed = work.seal(RESIDENTS, [row])[0]
    work.connection.execute(insert(residents).values({name: sealed[name] for name in row if name != "source_id"}))


def first_entries(work: UnitOfWork, person_numbers: Collection[str]) -> dict[str, FirstEntry]:
    """Return how each person came on the register; of who is not on it nothing."""
    table = residents.c
    rows = work.connection.execute(
        select(table.person_no, table.recorded_by, table.application_no)
        .where(table.person_no.in_(person_numbers))
        .order_by(table.person_no, table.number)
        .distinct(table.person_no)
    )
    return {
        row.person_no: FirstEntry((row.recorded_by or "").removeprefix("person:") or None, row.application_no)
        for row in rows
    }


def newest_entry(work: UnitOfWork, person_no: str) -> int | None:
    """Return the number of the entry that holds; None where the person is not on the register."""
    number: int | None = work.connection.scalar(
        select(func.max(residents.c.number)).where(residents.c.person_no == person_no)
    )
    return number


def entries_of_person(work: UnitOfWork, person_no: str) -> list[RegisterEntry]:
    """Return all entries of a person, oldest first."""
    rows = select(residents).where(residents.c.person_no == person_no).order_by(residents.c.number)
    return [_entry(row) for row in work.unseal(RESIDENTS, work.connection.execute(rows).mappings().all())]


def other_names_of(row: Mapping[Any, Any]) -> list[OtherName]:
    """Return the further names of an opened row."""
    return [OtherName(**other) for other in json.loads(row["other_names"] or "[]")]


def _entry(row: Mapping[str, Any]) -> RegisterEntry:
    names = Names(row["name"], row["kana"], row["foreign_national"], other_names_of(row))
    return RegisterEntry(row["number"], names, row["recorded_by"], row["reason"], row["recorded_at"])
