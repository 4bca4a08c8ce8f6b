"""How far an import (取込) is: told by which rows exist."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select

from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import ImportView
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

LOAD: Final = "load"
"""The kit's job of loading an import that was approved; its id is the import's."""


def get_import(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> ImportView:
    """One import.

    Raises:
        Problem: not-found.
    """
    found = imports_shown(work, shown(tables).where(tables.imports.c.import_id == import_id))
    if not found:
        raise Problem("not-found", field="import_id")
    return found[0]


def shown(tables: DecisionTables) -> Select[Any]:
    """Every import with what became of it: its newest confirmation, and whether that was loaded or returned."""
    one, approval, gone = tables.imports, tables.import_approvals, tables.import_withdrawals
    said, back = tables.import_confirmations, tables.import_returns
    any_ = said.alias("any_confirmation")
    newest = select(func.max(any_.c.attempt)).where(any_.c.import_id == one.c.import_id).scalar_subquery()
    confirmed = case((back.c.attempt.is_(None), said.c.approver))
    return (
        select(
            one,
            func.coalesce(approval.c.approver, confirmed).label("approver"),
            approval.c.approved_at,
            back.c.type.label("problem_type"),
            back.c.detail.label("problem_detail"),
            back.c.returned_at,
            gone.c.withdrawn_by,
        )
        .outerjoin(approval, approval.c.import_id == one.c.import_id)
        .outerjoin(said, and_(said.c.import_id == one.c.import_id, said.c.attempt == newest))
        .outerjoin(back, and_(back.c.import_id == said.c.import_id, back.c.attempt == said.c.attempt))
        .outerjoin(gone, gone.c.import_id == one.c.import_id)
    )


def imports_shown(work: UnitOfWork, statement: Select[Any]) -> list[ImportView]:
    """The imports of a statement made from `shown`."""
    parked = set(chunks.jobs(work, LOAD, "parked"))
    rows = work.session.execute(statement).all()
    return [_view(row, str(row.import_id) in parked) for row in rows]


def _view(row: Any, parked: bool) -> ImportView:
    problem = {"type": row.problem_type, "detail": row.problem_detail, "returned_at": row.returned_at}
    return ImportView.model_validate(
        {
            **row._mapping,
            "state": _state(row, parked),
            "kind": "ward" if row.known_number is None else "correction",
            "problem": problem if row.problem_type and not row.approved_at else None,
        }
    )


def _state(row: Any, parked: bool) -> str:
    if row.approved_at:
        return "approved"
    if row.withdrawn_by:
        return "withdrawn"
    if row.approver:
        return "failed" if parked else "approving"
    return "proposed"
