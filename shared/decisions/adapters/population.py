"""Who is on assistance in a month and what became of each: the population (母集団) that an act is counted against."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.sql.selectable import CTE

from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE
from shared.money_and_time.months import Month, first_day, last_day
from shared.service_kit.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sum:
    """So many cases and yen of a month."""

    cases: int
    yen: int


def on_assistance(tables: DecisionTables, month: Month, through: int | None = None) -> Select[tuple[str]]:
    """The cases of which a fact of their own holds on a day of the month, by the circumstances up to a number (all).

    Told by the database alone, set by set: drafting reads the same circumstances one by one, and both must agree.
    """
    one = tables.circumstances
    later = one.alias("correction")
    corrected = select(later.c.number).where(later.c.corrects == one.c.number)
    where = [
        one.c.person_no.is_(None),
        one.c.fact != CHARGE,
        one.c.valid_from.is_(None) | (one.c.valid_from <= last_day(month)),
        one.c.valid_to.is_(None) | (one.c.valid_to >= first_day(month)),
    ]
    if through is not None:
        where.append(one.c.number <= through)
        corrected = corrected.where(later.c.number <= through)
    return select(one.c.case_no).where(*where, ~corrected.exists()).distinct()


def in_force(tables: DecisionTables, month: Month) -> Select[Any]:
    """The determinations that hold for a month: approved, and replaced by none that is; `case_no`, `yen`, `kinds`."""
    one, approval = tables.determinations, tables.determination_approvals
    later = approval.alias("later")
    replaced = select(later.c.determination_id).where(later.c.replaces == approval.c.determination_id)
    return (
        select(one.c.case_no, one.c.determination_id, one.c.sha256, one.c.kinds, one.c.yen, one.c.standards)
        .join(approval, approval.c.determination_id == one.c.determination_id)
        .where(approval.c.month == month, ~replaced.exists())
    )


def sum_in_force(work: UnitOfWork, tables: DecisionTables, month: Month) -> Sum:
    """What holds in a month."""
    held = in_force(tables, month).subquery()
    cases, yen = work.session.execute(select(func.count(), func.coalesce(func.sum(held.c.yen), 0))).one()
    return Sum(int(cases), int(yen))


def population(work: UnitOfWork, tables: DecisionTables, month: Month, through: int) -> int:
    """How many cases were on assistance in a month, by the circumstances up to a number."""
    counted = on_assistance(tables, month, through).subquery()
    return int(work.session.scalar(select(func.count()).select_from(counted)) or 0)


def population_figures(work: UnitOfWork, tables: DecisionTables, month: Month) -> dict[str, int]:
    """What became of every case on assistance in a month, as known now. Always, also while an act is carried out::

        on_assistance + ended = determined + refused + left_out + waiting + unexplained

    ``ended``: a determination is in force, and the case is no longer on assistance; ``ended_yen`` of them has to be
    brought to zero by the next act. ``determined``: a determination is in force. Of those without one, the newest act
    that was carried out ``refused`` a case, since the rules cannot determine it, or ``left_out`` a case, since it is
    barred to one of the two people; ``waiting`` came on record after it, or no act was carried out yet; the
    ``unexplained`` it knew, and they have no outcome: they were lost.
    """
    act = _newest_act(work, tables, month)
    on, knew, held = (
        on_assistance(tables, month).cte("on_assistance"),
        on_assistance(tables, month, act.known_number if act else 0).cte("knew"),
        in_force(tables, month).cte("in_force"),
    )
    key = act.collective_id if act else None
    refused, left_out = (
        select(table.c.case_no).where(table.c.collective_id == key).cte(table.name)
        for table in (tables.collective_refusals, tables.collective_left_out)
    )
    told = work.session.execute(_outcomes(on, knew, held, refused, left_out)).one()._asdict()
    return {**{name: int(count) for name, count in told.items()}, "acts_approved": _acts(work, tables, month)}


def _outcomes(on: CTE, knew: CTE, held: CTE, refused: CTE, left_out: CTE) -> Select[Any]:
    case_no = func.coalesce(on.c.case_no, held.c.case_no)
    every = (
        on.join(held, held.c.case_no == on.c.case_no, full=True)
        .join(knew, knew.c.case_no == case_no, isouter=True)
        .join(refused, refused.c.case_no == case_no, isouter=True)
        .join(left_out, left_out.c.case_no == case_no, isouter=True)
    )
    is_on, is_held, without = on.c.case_no.is_not(None), held.c.case_no.is_not(None), held.c.case_no.is_(None)
    is_refused = without & refused.c.case_no.is_not(None)
    is_left_out = without & refused.c.case_no.is_(None) & left_out.c.case_no.is_not(None)
    open_ = without & refused.c.case_no.is_(None) & left_out.c.case_no.is_(None)
    ended_yen = func.coalesce(func.sum(held.c.yen).filter(~is_on), 0)
    counts = {
        "on_assistance": is_on,
        "ended": ~is_on,
        "determined": is_held,
        "refused": is_refused,
        "left_out": is_left_out,
        "waiting": open_ & knew.c.case_no.is_(None),
        "unexplained": open_ & knew.c.case_no.is_not(None),
    }
    columns = [func.count().filter(what).label(name) for name, what in counts.items()]
    return select(*columns, cast(ended_yen, BigInteger).label("ended_yen")).select_from(every)


def _newest_act(work: UnitOfWork, tables: DecisionTables, month: Month) -> Any:
    act, done = tables.collectives, tables.collective_completions
    return work.session.execute(
        select(act.c.collective_id, act.c.known_number)
        .join(done, done.c.collective_id == act.c.collective_id)
        .where(act.c.month == month)
        .order_by(act.c.number.desc())
        .limit(1),
    ).one_or_none()


def _acts(work: UnitOfWork, tables: DecisionTables, month: Month) -> int:
    act, done = tables.collectives, tables.collective_completions
    approved = select(func.count()).join_from(act, done, done.c.collective_id == act.c.collective_id)
    return int(work.session.scalar(approved.where(act.c.month == month)) or 0)
