"""Cases that were opened for an application: until when they are under investigation (調査中)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, insert, select

from shared.decisions.adapters.circumstances import lock_circumstances
from shared.decisions.adapters.tables import DecisionTables
from shared.money_and_time.eras import format_era
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Opened:
    """The application of a case; with `withdrawn_on` it was taken back (取下げ), and nobody investigates it."""

    application_no: str
    withdrawn_on: date | None


def opened_for(
    work: UnitOfWork, tables: DecisionTables, case_no: str, instant: datetime | None = None
) -> Opened | None:
    """Return for what a case was opened, as known at an instant (now); None where it came otherwise, or was not yet."""
    row = work.connection.execute(_opened(tables), {"case_no": case_no}).one_or_none()
    if row is None or (instant and row.recorded_at > instant):
        return None
    is_gone = row.gone_at and (instant is None or row.gone_at <= instant)
    return Opened(row.application_no, row.withdrawn_on if is_gone else None)


@cache
def _opened(tables: DecisionTables) -> Select[Any]:
    cases, gone = tables.cases.c, tables.case_withdrawals.c
    columns = cases.application_no, cases.recorded_at, gone.withdrawn_on, gone.recorded_at.label("gone_at")
    return (
        select(*columns)
        .outerjoin(tables.case_withdrawals, gone.case_no == cases.case_no)
        .where(cases.case_no == bindparam("case_no"), cases.application_no.is_not(None))
    )


def withdraw_case(work: UnitOfWork, tables: DecisionTables, application_no: str, on: date) -> None:
    """Record that the application of a case was taken back; where none was opened for it, nothing changes."""
    lock_circumstances(work)
    cases = tables.cases.c
    case_no = work.connection.scalar(select(cases.case_no).where(cases.application_no == application_no))
    if case_no is not None:
        row = {"case_no": case_no, "withdrawn_on": on, "recorded_by": work.actor, "recorded_at": work.clock.now()}
        work.connection.execute(insert(tables.case_withdrawals).values(row))


def refuse_withdrawn(work: UnitOfWork, tables: DecisionTables, case_no: str) -> None:
    """Refuse to record facts of a case that nobody investigates any more.

    Raises:
        Problem: wrong-state.
    """
    gone = tables.case_withdrawals.c
    if on := work.connection.scalar(select(gone.withdrawn_on).where(gone.case_no == case_no)):
        detail = f"このケースの申請は{format_era(on)}に取り下げられています。新しい申請にケース番号を付けてください"
        raise Problem("wrong-state", field="case_no", detail=detail)


def withdrawn(tables: DecisionTables) -> Select[tuple[str]]:
    """The cases whose application was taken back."""
    return select(tables.case_withdrawals.c.case_no)


def days_of_withdrawal(work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]) -> dict[str, date]:
    """Return on which day the application of each of the cases was taken back, where it was."""
    gone = tables.case_withdrawals.c
    rows = select(gone.case_no, gone.withdrawn_on).where(gone.case_no.in_(case_nos))
    return dict(work.connection.execute(rows).tuples().all())
