"""Read consultations (面接相談): one with its history, and the register of a span (面接受付簿)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.case_management.adapters.entries import (
    CONSULTATION,
    OPINIONS,
    Entry,
    RecordKind,
    entries_of,
    records_of,
    standing,
)
from services.case_management.adapters.intake_tables import applications, consultation_opinions
from shared.access.records import may_see
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

MOST_DAYS = 366
"""Days that one register names: a fiscal year."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a supervisor said of an entry."""

    opinion_id: UUID
    entry_id: UUID
    words: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation with its entries, oldest first, the opinions on them, and the applications that came of it."""

    entries: Sequence[Entry]
    opinions: Sequence[Opinion]
    application_nos: Sequence[str]


def read_consultation(work: UnitOfWork, consultation_no: str, purpose: str) -> Consultation:
    """Return a consultation; the look is recorded.

    Raises:
        Problem: not-found.
    """
    entries = entries_of(work, CONSULTATION, consultation_no)
    if not entries:
        raise Problem("not-found", field="consultation_no")
    work.look("consultation", subjects_of(CONSULTATION, entries), purpose)
    came_of_it = select(applications.c.application_no).where(applications.c.consultation_no == consultation_no)
    numbers = work.connection.scalars(came_of_it.order_by(applications.c.application_no)).all()
    return Consultation(entries, _opinions(work, [entry.entry_id for entry in entries]), numbers)


def read_register(
    work: UnitOfWork, kind: RecordKind, permission: str, column: str, first: date, last: date, purpose: str
) -> list[Entry]:
    """Return the records of a span of days as they stand, by number, as far as the caller may see them.

    Raises:
        Problem: invalid-input where the span is longer than a year, or ends before it begins.
    """
    if last < first or (last - first).days >= MOST_DAYS:
        raise Problem("invalid-input", field="to", detail="期間は1年以内で指定してください")
    return visible(work, kind, permission, kind.entries.c[column].between(first, last), purpose)


def visible(
    work: UnitOfWork, kind: RecordKind, permission: str, where: ColumnElement[bool], purpose: str
) -> list[Entry]:
    """Return the newest entries that fit, of records that the caller may see; one look at all of them."""
    entries = standing(work, kind, where)
    records = records_of(work, kind, [entry.no for entry in entries])
    seen = [entry for entry in entries if may_see(work, permission, records[entry.no])]
    if seen:
        work.look(f"{kind.name}s", subjects_of(kind, seen), purpose)
    return seen


def subjects_of(kind: RecordKind, entries: Sequence[Entry]) -> list[str]:
    """Return the records, and the persons of the register that they name."""
    numbers = {entry.no for entry in entries}
    persons = {number for entry in entries for number in _persons(entry.content)}
    return [*map(kind.subject, sorted(numbers)), *(f"person:{number}" for number in sorted(persons))]


def _persons(content: dict[str, Any]) -> list[str]:
    named = [content, content.get("applicant", {}), *content.get("members", [])]
    return [person["person_no"] for person in named if person.get("person_no")]


def _opinions(work: UnitOfWork, entry_ids: Sequence[UUID]) -> list[Opinion]:
    table = consultation_opinions
    rows = work.connection.execute(select(table).where(table.c.entry_id.in_(entry_ids)).order_by(table.c.number))
    return [
        Opinion(*(row[name] for name in Opinion.__dataclass_fields__))
        for row in work.unseal(OPINIONS, rows.mappings().all())
    ]
