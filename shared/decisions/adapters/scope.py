"""Whose case it is today, for the routes of a case: district, caseworker, shielded, barred."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select

from shared.access.records import Record, RecordOf, may_see
from shared.decisions.adapters.restrictions import restrictions_today
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.domain.restrictions import SHIELDED, Restriction
from shared.service_kit.unit_of_work import UnitOfWork


def case_record(tables: DecisionTables) -> RecordOf:
    """Return the resolver of a service's routes of a case.

    A number that is no case has no district: who sees less than the office is refused it like any case elsewhere.
    """

    def record(work: UnitOfWork, case_no: str, **parts: object) -> Record:
        del parts
        return case_records(work, tables, [case_no])[case_no]

    return record


def case_records(work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]) -> dict[str, Record]:
    """Return whose cases these are today, by case number."""
    charges = _charges(work, tables, case_nos)
    restrictions = restrictions_today(work, tables, case_nos)
    return {case_no: _record(work, tables, case_no, charges[case_no], restrictions) for case_no in case_nos}


def _record(
    work: UnitOfWork,
    tables: DecisionTables,
    case_no: str,
    charges: Sequence[Circumstance],
    restrictions: Sequence[Restriction],
) -> Record:
    charge = charge_on(charges, work.clock.today())
    own = [restriction for restriction in restrictions if restriction.case_no == case_no]
    return Record(
        subject=f"case:{case_no}",
        district=charge.get("district"),
        caseworker=charge.get("caseworker"),
        programme=tables.programme,
        shielded=any(restriction.kind == SHIELDED for restriction in own),
        barred=frozenset(restriction.staff for restriction in own if restriction.staff),
    )


def may_see_cases(work: UnitOfWork, tables: DecisionTables, permission: str, case_nos: Collection[str]) -> set[str]:
    """Return those of the cases that may be named in a list to the caller of this request."""
    records = case_records(work, tables, case_nos)
    return {case_no for case_no, record in records.items() if may_see(work, permission, record)}


def _charges(
    work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]
) -> defaultdict[str, list[Circumstance]]:
    table = tables.circumstances
    columns = ("number", "case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")
    rows = work.session.execute(
        select(*(table.c[name] for name in columns)).where(table.c.case_no.in_(case_nos), table.c.fact == CHARGE),
    )
    charges: defaultdict[str, list[Circumstance]] = defaultdict(list)
    for row in rows:
        charges[row.case_no].append(Circumstance(*row))
    return charges
