"""Read investigations (調査): those of a case by urgency, and what is due of all cases that the caller may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.case_management.adapters.investigations.requests import (
    ENTRIES,
    REQUESTS,
    investigation_entries,
    investigations,
)
from services.case_management.adapters.tables import decisions
from services.case_management.domain.investigation import Standing, soon
from shared.contracts.codes import ConsentForm, InvestigationAddressee, InvestigationClosing, InvestigationEntryKind
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.opened_cases import withdrawn
from shared.decisions.adapters.scope import may_see_cases
from shared.service_kit.unit_of_work import UnitOfWork

READ = "investigation.read"


@dataclass(frozen=True, slots=True)
class Entry:
    """What came after a request."""

    entry_id: UUID
    kind: InvestigationEntryKind
    happened_on: date
    reason: InvestigationClosing | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Investigation:
    """A request with what came after it, oldest first, and how it stands today."""

    investigation_id: UUID
    case_no: str
    person_no: str | None
    kind: InvestigationAddressee
    addressee: str
    asked: str
    sent_on: date
    due_on: date
    consent: ConsentForm
    consent_on: date | None
    consent_id: UUID | None
    recorded_by: str
    recorded_at: datetime
    entries: Sequence[Entry]
    standing: Standing


def read_investigations(work: UnitOfWork, case_no: str, purpose: str) -> list[Investigation]:
    """Return the requests of a case, the most urgent first; the look names whom they are about.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    items = _read(work, investigations.c.case_no == case_no)
    _look(work, "investigations", items, purpose, case_no)
    return items


def read_due_investigations(work: UnitOfWork, purpose: str) -> list[Investigation]:
    """Return what is overdue or soon due, the most urgent first, of the cases that the caller may see; one look."""
    due = _waits() & (investigations.c.due_on <= soon(work.clock.today()))
    case_nos = set(work.connection.scalars(select(investigations.c.case_no).where(due).distinct()))
    seen = may_see_cases(work, decisions, READ, case_nos)
    items = _read(work, due & investigations.c.case_no.in_(seen))
    if items:
        _look(work, "investigations_due", items, purpose)
    return items


def _waits() -> ColumnElement[bool]:
    """Neither answered nor closed, nor of a case whose application was taken back."""
    entries = investigation_entries.c
    ended = select(entries.investigation_id).where(entries.kind.in_(("answered", "closed")))
    gone = investigations.c.case_no.in_(withdrawn(decisions))
    return investigations.c.investigation_id.not_in(ended) & ~gone


def _look(work: UnitOfWork, what: str, items: Sequence[Investigation], purpose: str, *case_nos: str) -> None:
    cases = {*case_nos, *(item.case_no for item in items)}
    persons = {item.person_no for item in items if item.person_no}
    work.look(what, [*(f"case:{no}" for no in sorted(cases)), *(f"person:{no}" for no in sorted(persons))], purpose)


def _read(work: UnitOfWork, where: ColumnElement[bool]) -> list[Investigation]:
    rows = work.connection.execute(select(investigations).where(where).order_by(investigations.c.number)).mappings()
    requests = work.unseal(REQUESTS, rows.all())
    entries = _entries(work, [row["investigation_id"] for row in requests])
    today = work.clock.today()
    items = [_investigation(row, entries.get(row["investigation_id"], []), today) for row in requests]
    return sorted(items, key=lambda item: item.standing.urgency)


def _investigation(row: Mapping[str, Any], entries: Sequence[Entry], today: date) -> Investigation:
    columns = {name: row[name] for name in Investigation.__dataclass_fields__ if name in row}
    standing = Standing(row["due_on"], [entry.kind for entry in entries], today)
    return Investigation(**columns, entries=entries, standing=standing)


def _entries(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    table = investigation_entries
    rows = work.connection.execute(select(table).where(table.c.investigation_id.in_(ids)).order_by(table.c.number))
    entries: dict[UUID, list[Entry]] = {}
    for row in work.unseal(ENTRIES, rows.mappings().all()):
        entry = Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
        entries.setdefault(row["investigation_id"], []).append(entry)
    return entries
