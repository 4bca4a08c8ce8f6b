"""Read one household on one page (世帯): as of a month, its history, and what was determined, as one look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ScalarSelect, Select, and_, bindparam, func, select
from sqlalchemy import case as case_when
from sqlalchemy.dialects.postgresql import aggregate_order_by

from shared.contracts.codes import DeterminationState
from shared.decisions.adapters.acts import is_over
from shared.decisions.adapters.circumstances import end_of_named_day
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import Circumstance, as_known
from shared.decisions.domain.determination import Line
from shared.decisions.use_cases.cases.read_case import Case, case_of, numbers_of, show_charge_of_today
from shared.decisions.use_cases.cases.read_circumstances import RecordedCircumstance, history_of_case
from shared.decisions.use_cases.cases.read_determinations import Determination
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import Month, month_of
from shared.service_kit.unit_of_work import UnitOfWork

_HEAD: Final = ("determination_id", "month", "yen", "replaces")
_OF_THE_MONTH: Final = ("collective_id", "standards", "proposer", "drafted_at", "kinds", "warnings")
"""Columns that are read of the shown month alone: a page of many years has no use for the others."""


@dataclass(frozen=True, slots=True)
class DeterminedMonth:
    """A determination (決定) without its lines; yen of the month."""

    determination_id: UUID
    state: DeterminationState
    month: Month
    yen: int
    replaced_by: UUID | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A case as of a month, every fact of it, its determinations newest first, and what holds for the month."""

    case: Case
    history: Sequence[RecordedCircumstance]
    determinations: Sequence[DeterminedMonth]
    in_force: Determination | None


def read_overview(
    work: UnitOfWork,
    deciding: Deciding,
    case_no: str,
    purpose: str,
    month: Month | None = None,
    day: str | None = None,
    what: str = "overview",
) -> Overview:
    """Return a case as of a month (the current one unless named), as known on a day, beside all that is known now.

    The look names everybody of whom a fact or a line is shown; one answer is one look, and ``what`` it shows.

    Raises:
        Problem: not-found where nothing was known of it; invalid-input where there is no such day.
    """
    tables, month = deciding.tables, month or month_of(work.clock.today())
    history = history_of_case(work, tables, case_no)
    instant = end_of_named_day(day)
    circumstances = _circumstances(history, case_no, instant)
    case = case_of(work, deciding, case_no, month, as_known(circumstances, month), instant)
    show_charge_of_today(case, circumstances, work.clock.today())
    determined, approvals = _determined(work, tables, case_no, month)
    in_force = _in_force(determined, approvals, month)
    persons = {item.person_no for item in history if item.person_no}.union(numbers_of(case))
    persons.update(line.member for line in (in_force.lines if in_force else ()) if line.member)
    work.look(what, [f"case:{case_no}", *(f"person:{person_no}" for person_no in sorted(persons))], purpose)
    return Overview(case, history, determined, in_force)


def _circumstances(
    history: Sequence[RecordedCircumstance], case_no: str, instant: datetime | None
) -> list[Circumstance]:
    """What the office had at an instant by the clock of then; all where none is named."""
    return [
        Circumstance(
            item.number,
            case_no,
            item.person_no,
            item.fact,
            item.valid_from,
            item.valid_to,
            item.recorded_at,
            item.corrects,
            item.data,
        )
        for item in history
        if instant is None or item.recorded_at <= instant
    ]


def _determined(
    work: UnitOfWork, tables: DecisionTables, case_no: str, month: Month
) -> tuple[list[DeterminedMonth], dict[UUID, Any]]:
    """The determinations of a case, newest first; and the rows of those that are approved, by id."""
    rows = work.connection.execute(_determinations(tables), {"case_no": case_no, "month": month}).all()
    approvals = {row.determination_id: row for row in rows if row.approver}
    replaced_by = {row.replaces: row.determination_id for row in approvals.values()}
    months = [
        DeterminedMonth(
            row.determination_id,
            "approved" if row.approver else "lapsed" if row.lapsed else "proposed",
            row.month,
            row.yen,
            replaced_by.get(row.determination_id),
        )
        for row in rows
    ]
    return months, approvals


@cache
def _determinations(tables: DecisionTables) -> Select[Any]:
    drafts, act, approval = tables.determinations.c, tables.collectives, tables.determination_approvals
    lapsed = and_(approval.c.determination_id.is_(None), is_over(tables)).label("lapsed")
    shown = *(drafts[name] for name in _OF_THE_MONTH), approval.c.approved_at
    of_the_month = [
        case_when((drafts.month == bindparam("month"), column)).label(column.name)
        for column in (*shown, _lines(tables).label("lines"))
    ]
    return (
        select(*(drafts[name] for name in _HEAD), approval.c.approver, lapsed, *of_the_month)
        .join(act, act.c.collective_id == drafts.collective_id)
        .outerjoin(approval, approval.c.determination_id == drafts.determination_id)
        .where(drafts.case_no == bindparam("case_no"))
        .order_by(drafts.month.desc(), act.c.number.desc())
    )


def _lines(tables: DecisionTables) -> ScalarSelect[Any]:
    """The lines of a determination, as one value: a page has no second question for them."""
    line = tables.determination_lines.c
    columns = func.json_build_array(line.kind, line.member, line.yen, line.basis, line.inputs, line.trust)
    ordered = select(func.json_agg(aggregate_order_by(columns, line.line_no), type_=JSON))
    return ordered.where(line.determination_id == tables.determinations.c.determination_id).scalar_subquery()


def _in_force(determined: Sequence[DeterminedMonth], approvals: dict[UUID, Any], month: Month) -> Determination | None:
    """What holds for a month: approved, and replaced by none that is."""
    for item in determined:
        if item.month == month and item.state == "approved" and item.replaced_by is None:
            row = approvals[item.determination_id]
            return Determination(
                **{name: getattr(row, name) for name in (*_HEAD, *_OF_THE_MONTH)},
                state="approved",
                lines=[Line(*line) for line in row.lines or ()],
                replaced_by=None,
                approver=row.approver,
                approved_at=row.approved_at,
            )
    return None
