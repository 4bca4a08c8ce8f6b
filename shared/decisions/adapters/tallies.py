"""What the chunks of an act add up to, against the cases that were on assistance."""

from typing import Any, Final

from sqlalchemy import Select, Subquery, and_, func, select

from shared.decisions.adapters.population import population
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.unit_of_work import UnitOfWork

COUNTS: Final = ("count", "yen", "on_assistance", "ended", "unchanged", "unchanged_yen", "refused", "left_out")


def tallies(tables: DecisionTables) -> Subquery:
    """What the chunks of each act add up to; empty where one of them was drafted before populations were counted."""
    part = tables.collective_chunks
    counted = func.bool_and(part.c.on_assistance.is_not(None))
    sums = (func.sum(part.c[name]).label(name) for name in COUNTS)
    return select(part.c.collective_id, counted.label("counted"), *sums).group_by(part.c.collective_id).subquery()


def tally_of(work: UnitOfWork, tables: DecisionTables, act: Any) -> Any:
    """The sums of one act; None where it has no chunk."""
    sums = tallies(tables)
    return work.connection.execute(select(sums).where(sums.c.collective_id == act.collective_id)).one_or_none()


def adds_up(work: UnitOfWork, tables: DecisionTables, act: Any) -> bool:
    """Whether every case that was on assistance, as the act knew it, has an outcome, and not all are left undecided.

    The population is asked of the database anew: a chunk that was lost, or read less, is missing in the sums.
    """
    on = population(work, tables, act.month, act.known_number)
    tally = tally_of(work, tables, act)
    if tally is None:
        return on == 0
    if not tally.counted or tally.on_assistance != on:
        return False
    decided = tally.count + tally.unchanged - tally.ended
    return bool(decided + tally.refused + tally.left_out == on and (on == 0 or decided > 0))


def cut_out(tables: DecisionTables) -> Subquery:
    """Determinations that stayed out of an act at its approval, since they are barred to one of its two people."""
    out, drafts = tables.collective_left_out, tables.determinations
    same = and_(drafts.c.collective_id == out.c.collective_id, drafts.c.case_no == out.c.case_no)
    statement: Select[Any] = select(
        out.c.collective_id, func.count().label("count"), func.sum(drafts.c.yen).label("yen")
    ).join(drafts, same)
    return statement.group_by(out.c.collective_id).subquery()
