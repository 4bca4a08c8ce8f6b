"""Whose case it is today, for the routes of a case: district, caseworker, shielded, barred."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select

from shared.contracts.assistance import Programme
from shared.decisions.adapters.restrictions import restrictions_today
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.api.schemas import AccessView
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.domain.restrictions import SHIELDED, Restriction
from shared.service_kit.access import Record, RecordOf, may_see
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def case_record(tables: DecisionTables, programme: Programme) -> RecordOf:
    """The resolver of a room's routes of a case.

    A number that is no case has no district: who sees less than the office is refused it like any case elsewhere.
    """

    def record(work: UnitOfWork, case_no: str, **parts: object) -> Record:
        del parts
        return case_records(work, tables, programme, [case_no])[case_no]

    return record


def case_records(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, case_nos: Collection[str]
) -> dict[str, Record]:
    """Whose cases these are today, by case number."""
    charges = _charges(work, tables, case_nos)
    restrictions = restrictions_today(work, tables, case_nos)
    return {case_no: _record(case_no, programme, charges[case_no], restrictions, work) for case_no in case_nos}


def _record(
    case_no: str,
    programme: Programme,
    charges: Sequence[Circumstance],
    restrictions: Sequence[Restriction],
    work: UnitOfWork,
) -> Record:
    charge = charge_on(charges, work.clock.today())
    own = [one for one in restrictions if one.case_no == case_no]
    return Record(
        subject=f"case:{case_no}",
        district=charge.get("district"),
        caseworker=charge.get("caseworker"),
        programme=programme,
        shielded=any(one.kind == SHIELDED for one in own),
        barred=frozenset(one.staff for one in own if one.staff),
    )


def may_see_cases(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, permission: str, case_nos: Collection[str]
) -> set[str]:
    """Those of the cases that may be named in a list to the caller of this request."""
    records = case_records(work, tables, programme, case_nos)
    return {case_no for case_no, record in records.items() if may_see(work, permission, record)}


def _charges(
    work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]
) -> defaultdict[str, list[Circumstance]]:
    table = tables.circumstances
    columns = ("number", "case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")
    rows = work.session.execute(
        select(*(table.c[name] for name in columns)).where(table.c.case_no.in_(case_nos), table.c.fact == CHARGE),
    )
    found: defaultdict[str, list[Circumstance]] = defaultdict(list)
    for row in rows:
        found[row.case_no].append(Circumstance(*row))
    return found


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
