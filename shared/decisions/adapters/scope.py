"""Whose case it is today, for the routes of a case: district, caseworker, shielded, barred."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Select, Text, any_, bindparam, select

from shared.access.records import Record, RecordOf, may_see
from shared.contracts.assistance import Programme
from shared.decisions.adapters.restrictions import restrictions_today, shielded_at_the_desk
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.domain.restrictions import SHIELDED, Restriction
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass
class _Held:
    """Who is in charge of a case, and whether it is shielded since it was opened."""

    charges: list[Circumstance] = field(default_factory=list)
    shielded: bool = False


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
    held = _held(work, tables, case_nos)
    restrictions = restrictions_today(work, tables, case_nos)
    restrictions_of: defaultdict[str, list[Restriction]] = defaultdict(list)
    for restriction in restrictions:
        restrictions_of[restriction.case_no].append(restriction)
    return {
        case_no: _record(tables.programme, case_no, held[case_no], restrictions_of[case_no], work.clock.today())
        for case_no in case_nos
    }


def _record(
    programme: Programme, case_no: str, held: _Held, restrictions: Sequence[Restriction], today: date
) -> Record:
    charge = charge_on(held.charges, today)
    return Record(
        subject=f"case:{case_no}",
        district=charge.get("district"),
        caseworker=charge.get("caseworker"),
        programme=programme,
        shielded=held.shielded or any(restriction.kind == SHIELDED for restriction in restrictions),
        barred=frozenset(restriction.staff for restriction in restrictions if restriction.staff),
    )


def charges_of(work: UnitOfWork, tables: DecisionTables, case_no: str) -> list[Circumstance]:
    """Return who was, is and will be in charge of a case, by all that is recorded."""
    return _held(work, tables, [case_no])[case_no].charges


def may_see_cases(work: UnitOfWork, tables: DecisionTables, permission: str, case_nos: Collection[str]) -> set[str]:
    """Return those of the cases that may be named in a list to the caller of this request."""
    records = case_records(work, tables, case_nos)
    return {case_no for case_no, record in records.items() if may_see(work, permission, record)}


def _held(work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]) -> defaultdict[str, _Held]:
    parameters = {"case_nos": list(case_nos), "today": work.clock.today()}
    rows = work.connection.execute(_charges(tables), parameters)
    held: defaultdict[str, _Held] = defaultdict(_Held)
    for *charge, shielded in rows:
        circumstance = Circumstance(*charge)
        held[circumstance.case_no].charges.append(circumstance)
        held[circumstance.case_no].shielded = shielded
    return held


@cache
def _charges(tables: DecisionTables) -> Select[Any]:
    """Who is in charge of cases, and whether they are shielded; built once, since every route of a case asks it."""
    table, cases = tables.circumstances, tables.cases
    columns = ("number", "case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")
    return (
        select(*(table.c[name] for name in columns), shielded_at_the_desk(tables))
        .join(cases, cases.c.case_no == table.c.case_no)
        .where(table.c.case_no == any_(bindparam("case_nos", type_=ARRAY(Text))), table.c.fact == CHARGE)
    )
