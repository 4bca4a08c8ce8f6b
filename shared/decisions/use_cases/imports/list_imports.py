"""The imports of a deciding service, with what those that wait would change."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from shared.decisions.adapters.import_state import Import, read_imports, select_imports
from shared.decisions.adapters.on_record import CASE_FACT, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.unit_of_work import UnitOfWork

NEWEST: Final = 50
"""Imports that are listed beside those that wait."""


@dataclass(frozen=True)
class Differences:
    """Cases that an import would change of what holds, as far as the caller may see them.

    added: not on record; changed: on record already (an import that is no correction cannot be approved with them);
    ended: no longer on assistance by the days that it names.
    """

    added: int
    changed: int
    ended: int


@dataclass(frozen=True)
class ImportItem(Import):
    """An import in the list, and while it waits what it would change."""

    differences: Differences | None


def list_imports(work: UnitOfWork, tables: DecisionTables) -> list[ImportItem]:
    """Return all imports that wait, then the newest, each newest first.

    Nothing is said of records out of the caller's reach.
    """
    imports, approval, gone = tables.imports.c, tables.import_approvals.c, tables.import_withdrawals.c
    waiting = and_(approval.import_id.is_(None), gone.import_id.is_(None))
    by_day = imports.proposed_at.desc(), imports.import_id
    done = select(approval.import_id).union_all(select(gone.import_id))
    newest = select(imports.import_id).where(imports.import_id.in_(done)).order_by(*by_day).limit(NEWEST)
    listed = select_imports(tables).where(or_(waiting, imports.import_id.in_(newest))).order_by(waiting.desc(), *by_day)
    items = []
    for item in read_imports(work, listed):
        waits = item.state not in ("approved", "withdrawn")
        differences = _differences(work, tables, item) if waits else None
        items.append(ImportItem(**vars(item), differences=differences))
    return items


def _differences(work: UnitOfWork, tables: DecisionTables, item: Import) -> Differences:
    ended = _ended(work, tables, item.import_id)
    if item.kind == "correction":
        return Differences(added=0, changed=item.households, ended=ended)
    changed = len(waiting_on_record(work, tables, item.import_id).visible(work, tables).cases)
    return Differences(added=item.households - changed, changed=changed, ended=ended)


def _ended(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> int:
    waiting = tables.import_rows.c
    mine = waiting.import_id == import_id, waiting.fact == CASE_FACT, waiting.valid_to < work.clock.today()
    return int(work.connection.scalar(select(func.count()).where(*mine)) or 0)
