"""The imports of a deciding service, newest first, with what those that wait would change."""

from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select

from shared.contracts.assistance import Programme
from shared.decisions.adapters.import_state import imports_shown, shown
from shared.decisions.adapters.on_record import CASE_FACT, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.views import ImportView
from shared.service_kit.work import UnitOfWork

NEWEST: Final = 50
"""Imports that are listed."""


class Differences(BaseModel):
    """Cases that an import would change of what holds, as far as the caller may see them.

    added: not on record; changed: on record already (an import that is no correction cannot be approved with them);
    ended: no longer on assistance by the days that it names.
    """

    added: int
    changed: int
    ended: int


class ImportItem(ImportView):
    """An import in the list, and while it waits what it would change."""

    differences: Differences | None


class ImportList(BaseModel):
    """The newest imports, newest first."""

    items: list[ImportItem]


def list_imports(work: UnitOfWork, tables: DecisionTables, programme: Programme) -> ImportList:
    """The newest imports. Nothing is said of records out of the caller's reach."""
    order = tables.imports.c.proposed_at.desc(), tables.imports.c.import_id
    items = []
    for view in imports_shown(work, shown(tables).order_by(*order).limit(NEWEST)):
        waits = view.state not in ("approved", "withdrawn")
        differences = _differences(work, tables, programme, view) if waits else None
        items.append(ImportItem(**view.model_dump(), differences=differences))
    return ImportList(items=items)


def _differences(work: UnitOfWork, tables: DecisionTables, programme: Programme, view: ImportView) -> Differences:
    ended = _ended(work, tables, view.import_id)
    if view.kind == "correction":
        return Differences(added=0, changed=view.households, ended=ended)
    changed = len(waiting_on_record(work, tables, view.import_id).visible(work, tables, programme).cases)
    return Differences(added=view.households - changed, changed=changed, ended=ended)


def _ended(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> int:
    waiting = tables.import_rows.c
    mine = waiting.import_id == import_id, waiting.fact == CASE_FACT, waiting.valid_to < work.clock.today()
    return int(work.session.scalar(select(func.count()).where(*mine)) or 0)
