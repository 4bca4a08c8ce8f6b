"""Circumstances in the database: what was known, and the lock under which what is known grows."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select

from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import Circumstance, as_known
from shared.money_and_time.months import Month
from shared.service_kit.clock import end_of
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

FIRST_CASE, LAST_CASE = "", "99999999"
_LOCK = declare("decisions.circumstances")


def lock_circumstances(work: UnitOfWork) -> None:
    """Wait until nobody else records circumstances: their numbers are then in the order in which they are known.

    Who asks for what is known takes it as well: nothing up to that number appears later.
    """
    _LOCK.hold(work.connection)


def newest_known(work: UnitOfWork, tables: DecisionTables) -> int:
    """The number of what was recorded last, 0 where nothing is; under `lock_circumstances` nothing below it is to come.

    A number and no instant: a clock that was ahead, or went back, moves no circumstance before or behind another.
    """
    number = tables.circumstances.c.number
    return int(work.connection.scalar(select(func.coalesce(func.max(number), 0))) or 0)


def known_through(tables: DecisionTables, number: int) -> ColumnElement[bool]:
    """Circumstances up to that number."""
    return tables.circumstances.c.number <= number


def known_on(tables: DecisionTables, instant: datetime | None) -> ColumnElement[bool]:
    """Circumstances that the office had at an instant by the clock of then; all where none is named."""
    recorded_at = tables.circumstances.c.recorded_at
    return recorded_at <= instant if instant else recorded_at.is_not(None)


def end_of_named_day(day: str | None) -> datetime | None:
    """Return the end of a day (ISO) in Tokyo; None where none is named: all that is known is asked for.

    Raises:
        Problem: invalid-input where there is no such day.
    """
    if day is None:
        return None
    try:
        return end_of(date.fromisoformat(day))
    except (ValueError, OverflowError):
        raise Problem("invalid-input", field="known_on", detail="暦にない日です") from None


def require_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> bool:
    """Refuse a number that is no case; return whether it is on assistance, and not under investigation.

    Raises:
        Problem: not-found.
    """
    cases = tables.cases.c
    row = work.connection.execute(select(cases.import_id).where(cases.case_no == case_no)).one_or_none()
    if row is None:
        raise Problem("not-found", field="case_no")
    return row.import_id is not None


def not_started(tables: DecisionTables) -> Select[tuple[str]]:
    """The cases that were opened for an application: nobody decided to start assistance (開始決定), none is on it."""
    return select(tables.cases.c.case_no).where(tables.cases.c.import_id.is_(None))


def decidable(tables: DecisionTables, known: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is `known` of the cases that an act of the whole office determines: those on assistance."""
    return known & tables.circumstances.c.case_no.not_in(not_started(tables))


def circumstances_known(
    work: UnitOfWork,
    tables: DecisionTables,
    month: Month,
    known: ColumnElement[bool],
    first_case: str = FIRST_CASE,
    last_case: str = LAST_CASE,
) -> list[Circumstance]:
    """What held in ``month`` by what is ``known``, for the cases ``first_case``–``last_case`` (both included)."""
    table = tables.circumstances
    rows = work.connection.execute(
        select(
            table.c.number,
            table.c.case_no,
            table.c.person_no,
            table.c.fact,
            table.c.valid_from,
            table.c.valid_to,
            table.c.recorded_at,
            table.c.corrects,
            table.c.data,
        ).where(table.c.case_no.between(first_case, last_case), known),
    )
    return as_known([Circumstance(*row) for row in rows], month)


def case_ranges(work: UnitOfWork, tables: DecisionTables, size: int) -> list[dict[str, str]]:
    """All cases cut into ranges of ``size`` by case number, as payloads of chunks."""
    case_no = tables.cases.c.case_no
    place = func.row_number().over(order_by=case_no) - 1
    numbered = select(case_no, (place // size).label("seq")).subquery()
    rows = work.connection.execute(
        select(func.min(numbered.c.case_no), func.max(numbered.c.case_no)).group_by(numbered.c.seq),
    )
    return sorted(({"from": low, "to": high} for low, high in rows), key=lambda cases: cases["from"])
