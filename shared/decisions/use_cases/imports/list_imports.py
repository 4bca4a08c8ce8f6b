"""The imports of a deciding service, with what those that wait would change."""

from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, func, or_, select

from shared.contracts.assistance import Programme
from shared.decisions.adapters.import_state import imports_shown, shown
from shared.decisions.adapters.on_record import CASE_FACT, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import ImportView
from shared.service_kit.unit_of_work import UnitOfWork

NEWEST: Final = 50
"""Imports that are listed beside those that wait."""


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
    """All imports that wait, then the newest, each newest first."""

    items: list[ImportItem]


def list_imports(work: UnitOfWork, tables: DecisionTables, programme: Programme) -> ImportList:
    """All imports that wait, then the newest. Nothing is said of records out of the caller's reach."""
    one, approval, gone = tables.imports.c, tables.import_approvals.c, tables.import_withdrawals.c
    waiting = and_(approval.import_id.is_(None), gone.import_id.is_(None))
    by_day = one.proposed_at.desc(), one.import_id
    done = select(approval.import_id).union_all(select(gone.import_id))
    newest = select(one.import_id).where(one.import_id.in_(done)).order_by(*by_day).limit(NEWEST)
    listed = shown(tables).where(or_(waiting, one.import_id.in_(newest))).order_by(waiting.desc(), *by_day)
    items = []
    for view in imports_shown(work, listed):
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
