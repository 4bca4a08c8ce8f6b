"""Who is on assistance in a month and what became of each: the population (母集団) that an act is counted against."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select
from sqlalchemy.sql.selectable import CTE

from shared.decisions.adapters.circumstances import not_started
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE
from shared.money_and_time.months import Month, first_day, last_day
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sum:
    """So many cases and yen of a month."""

    cases: int
    yen: int


def on_assistance(tables: DecisionTables, month: Month, through: int | None = None) -> Select[tuple[str]]:
    """The cases of which a fact of their own holds on a day of the month, by the circumstances up to a number (all).

    The database alone says it, set by set: drafting reads the same circumstances one by one, and both must agree.
    """
    circumstances = tables.circumstances
    later = circumstances.alias("correction")
    corrected = select(later.c.number).where(later.c.corrects == circumstances.c.number)
    where = [
        circumstances.c.person_no.is_(None),
        circumstances.c.fact != CHARGE,
        _holds(circumstances, month),
        circumstances.c.case_no.not_in(not_started(tables)),
    ]
    if through is not None:
        where.append(circumstances.c.number <= through)
        corrected = corrected.where(later.c.number <= through)
    return select(circumstances.c.case_no).where(*where, ~corrected.exists()).distinct()


def in_force(tables: DecisionTables, month: Month) -> Select[Any]:
    """The determinations that hold for a month: approved, and replaced by none that is; `case_no`, `yen`, `kinds`."""
    determinations, approval = tables.determinations, tables.determination_approvals
    later = approval.alias("later")
    replaced = select(later.c.determination_id).where(later.c.replaces == approval.c.determination_id)
    return (
        select(
            determinations.c.case_no,
            determinations.c.determination_id,
            determinations.c.sha256,
            determinations.c.kinds,
            determinations.c.yen,
            determinations.c.standards,
        )
        .join(approval, approval.c.determination_id == determinations.c.determination_id)
        .where(approval.c.month == month, ~replaced.exists())
    )


def sum_in_force(work: UnitOfWork, tables: DecisionTables, month: Month) -> Sum:
    """What holds in a month."""
    held = in_force(tables, month).subquery()
    cases, yen = work.connection.execute(select(func.count(), func.coalesce(func.sum(held.c.yen), 0))).one()
    return Sum(int(cases), int(yen))


def population(work: UnitOfWork, tables: DecisionTables, month: Month, through: int) -> int:
    """How many cases were on assistance in a month, by the circumstances up to a number."""
    counted = on_assistance(tables, month, through).subquery()
    return int(work.connection.scalar(select(func.count()).select_from(counted)) or 0)


def population_figures(work: UnitOfWork, tables: DecisionTables, month: Month) -> dict[str, int]:
    """What became of every case on assistance in a month, as known now. Always, also while an act is carried out::

        on_assistance + ended = determined + refused + left_out + waiting + unexplained

    ``ended``: a determination is in force, and the case is no longer on assistance; ``ended_yen`` of them has to be
    brought to zero by the next act. ``determined``: a determination is in force. Of those without one, the newest act
    that was carried out ``refused`` a case, since the rules cannot determine it, or ``left_out`` a case, since it is
    barred to one of the two people; ``waiting`` came on record after it, or no act was carried out yet; the
    ``unexplained`` it knew, and they have no outcome: they were lost.

    ``changed_since`` counts those determined that may be owed another sum by now (`changed_since`): lawful, since the
    next act takes them up, but whoever pays the month has to know.
    """
    act = newest_act(work, tables, month)
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
    outcomes = work.connection.execute(_outcomes(on, knew, held, refused, left_out)).one()._asdict()
    return {
        **{name: int(count) for name, count in outcomes.items()},
        "changed_since": changed_since(work, tables, month, act),
        "acts_approved": _acts(work, tables, month),
    }


def undetermined_cases(work: UnitOfWork, tables: DecisionTables, month: Month) -> set[str]:
    """The cases on assistance in a month without a determination in force."""
    on, held = on_assistance(tables, month).cte("on_assistance"), in_force(tables, month).cte("in_force")
    open_ = select(on.c.case_no).where(on.c.case_no.not_in(select(held.c.case_no)))
    return set(work.connection.scalars(open_))


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


def changed_since(work: UnitOfWork, tables: DecisionTables, month: Month, newest: Any) -> int:
    """How many cases with a determination in force have not been looked at by an act since something of them changed.

    Something of a case that touches the month was recorded after the last act that could decide it; or the newest act
    refuses the case; or it drafted another sum, which stayed out for being barred to the approver. Who is in charge of
    a case changes no sum.
    """
    if newest is None:
        return 0
    held, recorded = in_force(tables, month).subquery(), _recorded_after(tables, month).subquery()
    out, refused, drafts = tables.collective_left_out, tables.collective_refusals, tables.determinations
    mine = out.c.collective_id == newest.collective_id, out.c.case_no == held.c.case_no
    drafted = select(drafts.c.case_no).where(
        drafts.c.collective_id == out.c.collective_id, drafts.c.case_no == out.c.case_no
    )
    looked_at = case((select(out.c.case_no).where(*mine).exists(), _looked_at(tables, month, held)), else_=None)
    is_refused = (
        select(refused.c.case_no)
        .where(refused.c.collective_id == newest.collective_id, refused.c.case_no == held.c.case_no)
        .exists()
    )
    is_drafted = select(out.c.case_no).where(*mine, drafted.exists()).exists()
    is_newer = recorded.c.number > func.coalesce(looked_at, newest.known_number)
    changed = (
        select(func.count())
        .select_from(held.join(recorded, recorded.c.case_no == held.c.case_no, isouter=True))
        .where(is_newer | is_refused | is_drafted)
    )
    return int(work.connection.scalar(changed) or 0)


def _recorded_after(tables: DecisionTables, month: Month) -> Select[Any]:
    """The newest circumstance that touches the month, of each case where one came after the month's first act."""
    circumstances, act, done = tables.circumstances, tables.collectives, tables.collective_completions
    corrected = circumstances.alias("corrected")
    first = (
        select(func.min(act.c.known_number))
        .join(done, done.c.collective_id == act.c.collective_id)
        .where(act.c.month == month)
        .scalar_subquery()
    )
    before = select(corrected.c.number).where(corrected.c.number == circumstances.c.corrects, _holds(corrected, month))
    return (
        select(circumstances.c.case_no, func.max(circumstances.c.number).label("number"))
        .where(
            circumstances.c.number > first,
            circumstances.c.fact != CHARGE,
            _holds(circumstances, month) | before.exists(),
        )
        .group_by(circumstances.c.case_no)
    )


def _looked_at(tables: DecisionTables, month: Month, held: Any) -> Any:
    """What the last act that could decide a case knew: it neither refused the case nor left it to another pair."""
    act, done = tables.collectives, tables.collective_completions
    passed = (
        select(table.c.case_no).where(table.c.collective_id == act.c.collective_id, table.c.case_no == held.c.case_no)
        for table in (tables.collective_refusals, tables.collective_left_out)
    )
    return (
        select(func.max(act.c.known_number))
        .join(done, done.c.collective_id == act.c.collective_id)
        .where(act.c.month == month, *(~passed_over.exists() for passed_over in passed))
        .scalar_subquery()
    )


def _holds(circumstances: Any, month: Month) -> ColumnElement[bool]:
    """Whether a circumstance holds on a day of the month."""
    begins: ColumnElement[bool] = circumstances.c.valid_from.is_(None) | (circumstances.c.valid_from <= last_day(month))
    ends: ColumnElement[bool] = circumstances.c.valid_to.is_(None) | (circumstances.c.valid_to >= first_day(month))
    return begins & ends


def newest_act(work: UnitOfWork, tables: DecisionTables, month: Month) -> Any:
    """The newest act of a month that was carried out, its id and what it knew; None where there is none."""
    act, done = tables.collectives, tables.collective_completions
    return work.connection.execute(
        select(act.c.collective_id, act.c.known_number)
        .join(done, done.c.collective_id == act.c.collective_id)
        .where(act.c.month == month)
        .order_by(act.c.number.desc())
        .limit(1),
    ).one_or_none()


def _acts(work: UnitOfWork, tables: DecisionTables, month: Month) -> int:
    act, done = tables.collectives, tables.collective_completions
    approved = select(func.count()).join_from(act, done, done.c.collective_id == act.c.collective_id)
    return int(work.connection.scalar(approved.where(act.c.month == month)) or 0)
