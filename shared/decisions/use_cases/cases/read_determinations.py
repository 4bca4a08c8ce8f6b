"""Read a case's determinations with their lines (決定の閲覧): recorded with its purpose before the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.contracts.codes import DeterminationState
from shared.decisions.adapters.circumstances import end_of_named_day, require_case
from shared.decisions.adapters.determinations import Stored, stored
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.determination import Line
from shared.money_and_time.months import Month
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Determination:
    """A determination (決定) with its lines and people; kinds in yen of the month."""

    determination_id: UUID
    collective_id: UUID
    state: DeterminationState
    month: Month
    standards: str
    kinds: Mapping[str, int]
    yen: int
    lines: Sequence[Line]
    warnings: Sequence[Any]
    replaces: UUID | None
    replaced_by: UUID | None
    proposer: str
    approver: str | None
    drafted_at: datetime
    approved_at: datetime | None


def read_determinations(
    work: UnitOfWork,
    tables: DecisionTables,
    case_no: str,
    purpose: str,
    month: Month | None = None,
    day: str | None = None,
) -> list[Determination]:
    """Return a case's determinations of a month (all months unless named) as known on a day, newest first.

    The look names every person of a line or cover.

    Raises:
        Problem: not-found where there is no such case; invalid-input where there is no such day.
    """
    require_case(work, tables, case_no)
    at, drafts = end_of_named_day(day), tables.determinations.c
    where = drafts.case_no == case_no
    if at:
        where &= drafts.drafted_at <= at
    if month:
        where &= drafts.month == month
    rows = stored(work, tables, where)
    approvals = _approvals(work, tables, case_no, at)
    replaced_by = {row.replaces: row.determination_id for row in rows if row.determination_id in approvals}
    persons = sorted({person_no for row in rows for person_no in row.draft.persons})
    work.look("determinations", [f"case:{case_no}", *(f"person:{person_no}" for person_no in persons)], purpose)
    rows.sort(key=lambda row: (row.draft.month, row.act), reverse=True)
    return [
        _determination(row, approvals.get(row.determination_id), replaced_by.get(row.determination_id)) for row in rows
    ]


def _approvals(work: UnitOfWork, tables: DecisionTables, case_no: str, at: datetime | None) -> dict[UUID, Any]:
    approvals = tables.determination_approvals.c
    where = approvals.case_no == case_no
    if at:
        where &= approvals.approved_at <= at
    rows = work.connection.execute(select(tables.determination_approvals).where(where))
    return {row.determination_id: row for row in rows}


def _determination(row: Stored, approval: Any, replaced_by: UUID | None) -> Determination:
    draft = row.draft
    return Determination(
        determination_id=row.determination_id,
        collective_id=row.collective_id,
        state="approved" if approval else "lapsed" if row.is_over else "proposed",
        month=draft.month,
        standards=draft.standards,
        kinds=draft.kinds,
        yen=draft.yen,
        lines=draft.lines,
        warnings=draft.warnings,
        replaces=row.replaces,
        replaced_by=replaced_by,
        proposer=row.proposer,
        approver=approval.approver if approval else None,
        drafted_at=row.drafted_at,
        approved_at=approval.approved_at if approval else None,
    )
