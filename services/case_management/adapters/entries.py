"""Records of intake and casework: one is opened under the next number, and each entry follows the newest one."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Column, ColumnElement, Table, func, insert, select

from services.case_management.adapters import casework_tables as casework
from services.case_management.adapters import intake_tables as tables
from services.case_management.adapters.tables import decisions
from shared.access.records import Record
from shared.contracts.codes import EntryChange
from shared.decisions.adapters.scope import case_records
from shared.money_and_time.fiscal_years import fiscal_year
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_ORDER = declare("intake.entries")


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: its heads and entries, and what of an entry is sealed."""

    name: str
    heads: Table
    entries: Table
    sealed: Sealed

    @property
    def no(self) -> str:
        """The column of its number."""
        return f"{self.name}_no"

    @property
    def of_entry(self) -> Column[Any]:
        """The record that an entry is of."""
        return self.entries.c[self.no]

    def subject(self, number: str) -> str:
        """The record as the audit names it."""
        return f"{self.name}:{number}"


CONSULTATION: Final = RecordKind(
    "consultation",
    tables.consultations,
    tables.consultation_entries,
    Sealed("consultation_entries", ("entry_id",), ("content",)),
)
APPLICATION: Final = RecordKind(
    "application",
    tables.applications,
    tables.application_entries,
    Sealed("application_entries", ("entry_id",), ("content",)),
)
OPINIONS: Final = Sealed("consultation_opinions", ("opinion_id",), ("words",))
DELAYS: Final = Sealed("application_delays", ("delay_id",), ("words",))
WITHDRAWALS: Final = Sealed("application_withdrawals", ("application_no",), ("words",))
NOTE: Final = RecordKind(
    "note", casework.notes, casework.note_entries, Sealed("note_entries", ("entry_id",), ("content",))
)
TASK: Final = RecordKind(
    "task", casework.tasks, casework.task_entries, Sealed("task_entries", ("entry_id",), ("content",))
)
SIGNATURES: Final = Sealed("note_signatures", ("entry_id",), ("remark",))
ENDS: Final = Sealed("task_ends", ("task_no",), ("words",))
SEALED: Final = (
    *(CONSULTATION.sealed, APPLICATION.sealed, OPINIONS, DELAYS, WITHDRAWALS),
    *(NOTE.sealed, TASK.sealed, SIGNATURES, ENDS),
)
"""What is sealed of intake and of casework."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands: its codes, its content in the clear."""

    no: str
    entry_id: UUID
    number: int
    row: Mapping[str, Any]
    content: dict[str, Any]


def open_record(work: UnitOfWork, kind: RecordKind, **head: Any) -> str:
    """Open a record under the next receipt number of this fiscal year (年度): no number is left out or used twice."""
    hold_order(work)
    year = str(fiscal_year(work.clock.today()))
    column = kind.heads.c[kind.no]
    newest = work.connection.scalar(select(func.max(column)).where(column.like(f"{year}%")))
    number = str(int(newest) + 1) if newest else f"{year}000001"
    head = {kind.no: number, "opened_by": work.actor, "opened_at": work.clock.now(), **head}
    work.connection.execute(insert(kind.heads).values(**head))
    return number


def hold_order(work: UnitOfWork) -> None:
    """Wait until nobody else writes an entry: entries are committed in the order of their numbers."""
    _ORDER.hold(work.connection)


def add_entry(
    work: UnitOfWork,
    kind: RecordKind,
    number: str,
    /,
    *,
    follows: UUID | None,
    change: EntryChange,
    content: Mapping[str, Any],
    **columns: Any,
) -> UUID:
    """Add an entry after the one that its writer saw.

    Raises:
        Problem: not-found; changed-meanwhile where another one was written since, with who wrote it and when.
    """
    hold_order(work)
    newest = newest_entry(work, kind, number) if follows else None
    if newest and newest.entry_id != follows:
        written = {"entry_id": str(newest.entry_id), "recorded_by": newest.row["recorded_by"]}
        raise Problem("changed-meanwhile", field="follows", detail="最新の内容を確認してください", extra=written)
    row = {
        "entry_id": uuid4(),
        kind.no: number,
        "follows": follows,
        "change": change,
        "content": json.dumps(dict(content), ensure_ascii=False),
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
        **columns,
    }
    work.connection.execute(insert(kind.entries).values(**work.seal(kind.sealed, [row])[0]))
    return UUID(str(row["entry_id"]))


def newest_entry(work: UnitOfWork, kind: RecordKind, number: str) -> Entry:
    """Return the entry of a record that holds.

    Raises:
        Problem: not-found.
    """
    history = entries_of(work, kind, number)
    if not history:
        raise Problem("not-found", field=kind.no)
    return history[-1]


def entries_of(work: UnitOfWork, kind: RecordKind, number: str) -> list[Entry]:
    """Return the entries of a record, oldest first."""
    return _read(work, kind, kind.of_entry == number)


def standing(work: UnitOfWork, kind: RecordKind, where: ColumnElement[bool]) -> list[Entry]:
    """Return the newest entries of all records that fit, by their numbers."""
    later = kind.entries.alias("later")
    followed = select(later.c.entry_id).where(later.c.follows == kind.entries.c.entry_id)
    entries = _read(work, kind, where & ~followed.exists())
    return sorted(entries, key=lambda entry: entry.no)


def _read(work: UnitOfWork, kind: RecordKind, where: ColumnElement[bool]) -> list[Entry]:
    rows = work.connection.execute(select(kind.entries).where(where).order_by(kind.entries.c.number)).mappings().all()
    return opened(work, kind, rows)


def opened(work: UnitOfWork, kind: RecordKind, rows: Iterable[Mapping[Any, Any]]) -> list[Entry]:
    """Return rows of entries with their content in the clear."""
    return [
        Entry(row[kind.no], row["entry_id"], row["number"], row, json.loads(row["content"]))
        for row in work.unseal(kind.sealed, rows)
    ]


def record_of(kind: RecordKind) -> Any:
    """Return the resolver of the routes of one kind of record: who recorded it is who is in charge of it."""

    def record(work: UnitOfWork, **parts: Any) -> Record:
        number = str(parts[kind.no])
        return records_of(work, kind, [number])[number]

    return record


def records_of(work: UnitOfWork, kind: RecordKind, numbers: Iterable[str]) -> dict[str, Record]:
    """Return who may see these records, by their numbers; one that there is not is nobody's."""
    requested = list(numbers)
    rows = work.connection.execute(
        select(
            kind.of_entry, kind.entries.c.number, kind.entries.c.shielded, kind.entries.c.district,
            kind.entries.c.recorded_by,
        )
        .where(kind.of_entry.in_(requested))
        .order_by(kind.entries.c.number)
    ).all()  # fmt: skip
    first = {row[0]: row.recorded_by.removeprefix("person:") for row in reversed(rows)}
    newest = {row[0]: row for row in rows}
    records = {number: _record(kind, number, first.get(number), newest.get(number)) for number in requested}
    return _with_their_cases(work, records) if kind is APPLICATION else records


def cases_opened_for(work: UnitOfWork, application_nos: Collection[str]) -> dict[str, str]:
    """Return the cases that were opened for applications, by the number of the application."""
    cases = decisions.cases.c
    rows = select(cases.application_no, cases.case_no).where(cases.application_no.in_(application_nos))
    return dict(work.connection.execute(rows).tuples().all())


def application_of(work: UnitOfWork, case_no: str) -> Sequence[str]:
    """Return the application for which a case was opened; nothing where it came otherwise."""
    cases = decisions.cases.c
    opened = select(cases.application_no).where(cases.case_no == case_no, cases.application_no.is_not(None))
    return [str(number) for number in work.connection.scalars(opened)]


def _with_their_cases(work: UnitOfWork, records: Mapping[str, Record]) -> dict[str, Record]:
    """Who is in charge of the case of an application may read it; who received it still goes on with it.

    Whether there is a case shows neither in the answer nor in the work for it.
    """
    opened = cases_opened_for(work, records.keys())
    of_cases = case_records(work, decisions, set(opened.values()) or {""})
    joint = dict(records)
    for number, case_no in opened.items():
        own, of_case = records[number], of_cases[case_no]
        is_shielded = own.shielded or of_case.shielded
        joint[number] = replace(of_case, subject=own.subject, shielded=is_shielded, entered_by=own.caseworker)
    return joint


def _record(kind: RecordKind, number: str, opened_by: str | None, row: Any) -> Record:
    """Who opened it stays in charge of it, whoever went on with it."""
    if row is None:
        return Record(kind.subject(number))
    return Record(kind.subject(number), row.district, opened_by, shielded=row.shielded)
