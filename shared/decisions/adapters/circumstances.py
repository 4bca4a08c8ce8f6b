"""Circumstances in the database: what was known, and the lock under which what is known grows."""

from datetime import datetime

from sqlalchemy import func, select, text

from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import Circumstance, as_known
from shared.money_and_time.months import Month
from shared.service_kit.work import UnitOfWork

FIRST_CASE, LAST_CASE = "", "99999999"


def lock_circumstances(work: UnitOfWork) -> datetime:
    """Wait until nobody else records circumstances; gives the instant, later than all that were recorded before.

    Who asks for what is known takes it as well: nothing recorded up to that instant appears later.
    """
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('decisions.circumstances'))"))
    return work.clock.now()


def circumstances_known(
    work: UnitOfWork,
    tables: DecisionTables,
    month: Month,
    known_at: datetime,
    first_case: str = FIRST_CASE,
    last_case: str = LAST_CASE,
) -> list[Circumstance]:
    """What held in ``month`` as known at ``known_at``, for the cases ``first_case``–``last_case`` (both included)."""
    table = tables.circumstances
    rows = work.session.execute(
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
        ).where(table.c.case_no.between(first_case, last_case), table.c.recorded_at <= known_at),
    )
    return as_known((Circumstance(*row) for row in rows), month, known_at)


def case_ranges(work: UnitOfWork, tables: DecisionTables, size: int) -> list[dict[str, str]]:
    """All cases cut into ranges of ``size`` by case number, as payloads of chunks."""
    case_no = tables.cases.c.case_no
    place = func.row_number().over(order_by=case_no) - 1
    numbered = select(case_no, (place // size).label("seq")).subquery()
    rows = work.session.execute(
        select(func.min(numbered.c.case_no), func.max(numbered.c.case_no)).group_by(numbered.c.seq),
    )
    return sorted(({"from": low, "to": high} for low, high in rows), key=lambda one: one["from"])
