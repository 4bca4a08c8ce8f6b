"""Whose case it is today, for the routes of a case: district, caseworker, shielded, barred."""

from sqlalchemy import select

from shared.contracts.assistance import Programme
from shared.decisions.adapters.restrictions import restrictions_today
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.views import AccessView
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.domain.restrictions import SHIELDED
from shared.service_kit.access import Record, RecordOf
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork


def case_record(tables: DecisionTables, programme: Programme) -> RecordOf:
    """The resolver of a room's routes of a case.

    A number that is no case has no district: who sees less than the office is refused it like any case elsewhere.
    """

    def record(work: UnitOfWork, case_no: str, **parts: object) -> Record:
        del parts
        charge = charge_on(_charges(work, tables, case_no), work.clock.today())
        restrictions = restrictions_today(work, tables, case_no)
        return Record(
            subject=f"case:{case_no}",
            district=charge.get("district"),
            caseworker=charge.get("caseworker"),
            programme=programme,
            shielded=any(one.kind == SHIELDED for one in restrictions),
            barred=frozenset(one.staff for one in restrictions if one.staff),
        )

    return record


def _charges(work: UnitOfWork, tables: DecisionTables, case_no: str) -> list[Circumstance]:
    table = tables.circumstances
    columns = ("number", "case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")
    rows = work.session.execute(
        select(*(table.c[name] for name in columns)).where(table.c.case_no == case_no, table.c.fact == CHARGE),
    )
    return [Circumstance(*row) for row in rows]


def tell_access(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, case_no: str, purpose: str
) -> AccessView:
    """That the caller may see the case, and what decides it; asked by another room in the person's name.

    Raises:
        Problem: not-found.
    """
    if not work.session.execute(select(tables.cases.c.case_no).where(tables.cases.c.case_no == case_no)).first():
        raise Problem("not-found", field="case_no")
    record = case_record(tables, programme)(work, case_no=case_no)
    work.look("access", [record.subject], purpose)
    return AccessView(
        case_no=case_no,
        programme=programme,
        district=record.district,
        caseworker=record.caseworker,
        shielded=record.shielded,
    )
