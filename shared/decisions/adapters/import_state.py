"""How far an import (取込) is: which rows exist says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select

from shared.contracts.codes import ImportKind, ImportState
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

LOAD: Final = "load"
"""The kit's job of loading an import that was approved; its id is the import's."""


@dataclass(frozen=True)
class ImportProblem:
    """Why an import that was approved could not be loaded: a problem type, and what to do; never a value."""

    type: str
    detail: str
    returned_at: datetime


@dataclass(frozen=True)
class Import:
    """An import (取込) and how far it is: a ward's cases, or a correction (訂正) of some that are on record."""

    import_id: UUID
    kind: ImportKind
    state: ImportState
    households: int
    persons: int
    rows: int
    sha256: str
    proposer: str
    approver: str | None
    correlation: str
    proposed_at: datetime
    approved_at: datetime | None
    problem: ImportProblem | None
    withdrawn_by: str | None


def get_import(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> Import:
    """Return one import.

    Raises:
        Problem: not-found.
    """
    imports = read_imports(work, select_imports(tables).where(tables.imports.c.import_id == import_id))
    if not imports:
        raise Problem("not-found", field="import_id")
    return imports[0]


def select_imports(tables: DecisionTables) -> Select[Any]:
    """Select every import with what became of it: its newest confirmation, and whether that was loaded or returned."""
    imports, approval, gone = tables.imports, tables.import_approvals, tables.import_withdrawals
    confirmation, returned = tables.import_confirmations, tables.import_returns
    any_ = confirmation.alias("any_confirmation")
    newest = select(func.max(any_.c.attempt)).where(any_.c.import_id == imports.c.import_id).scalar_subquery()
    confirmed = case((returned.c.attempt.is_(None), confirmation.c.approver))
    return (
        select(
            imports,
            func.coalesce(approval.c.approver, confirmed).label("approver"),
            approval.c.approved_at,
            returned.c.type.label("problem_type"),
            returned.c.detail.label("problem_detail"),
            returned.c.returned_at,
            gone.c.withdrawn_by,
        )
        .outerjoin(approval, approval.c.import_id == imports.c.import_id)
        .outerjoin(
            confirmation, and_(confirmation.c.import_id == imports.c.import_id, confirmation.c.attempt == newest)
        )
        .outerjoin(
            returned,
            and_(returned.c.import_id == confirmation.c.import_id, returned.c.attempt == confirmation.c.attempt),
        )
        .outerjoin(gone, gone.c.import_id == imports.c.import_id)
    )


def read_imports(work: UnitOfWork, statement: Select[Any]) -> list[Import]:
    """Return the imports of a statement made from `select_imports`."""
    parked = set(chunks.jobs(work, LOAD, "parked"))
    rows = work.connection.execute(statement).all()
    return [_import(row, str(row.import_id) in parked) for row in rows]


def _import(row: Any, parked: bool) -> Import:
    is_returned = row.problem_type and not row.approved_at
    return Import(
        import_id=row.import_id,
        kind="ward" if row.known_number is None else "correction",
        state=_state(row, parked),
        households=row.households,
        persons=row.persons,
        rows=row.rows,
        sha256=row.sha256,
        proposer=row.proposer,
        approver=row.approver,
        correlation=row.correlation,
        proposed_at=row.proposed_at,
        approved_at=row.approved_at,
        problem=ImportProblem(row.problem_type, row.problem_detail, row.returned_at) if is_returned else None,
        withdrawn_by=row.withdrawn_by,
    )


def _state(row: Any, parked: bool) -> ImportState:
    if row.approved_at:
        return "approved"
    if row.withdrawn_by:
        return "withdrawn"
    if row.approver:
        return "failed" if parked else "approving"
    return "proposed"
