"""Whose case it is today, for the routes of a case: district, caseworker, shielded, barred."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, bindparam, select

from shared.access.records import Record, RecordOf, may_see
from shared.contracts.assistance import Programme
from shared.decisions.adapters.restrictions import COLUMNS, shielded_at_the_desk
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.domain.restrictions import SHIELDED, Restriction, holding
from shared.service_kit.unit_of_work import UnitOfWork

_CHARGE: Final = ("number", "case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")


@dataclass
class _Held:
    """Who is in charge of a case, whether it is shielded since it was opened, and its approved restrictions."""

    charges: dict[int, Circumstance] = field(default_factory=dict)
    shielded: bool = False
    restrictions: dict[UUID, Restriction] = field(default_factory=dict)


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
    held, today = _held(work, tables, case_nos), work.clock.today()
    return {case_no: _record(tables.programme, case_no, held[case_no], today) for case_no in case_nos}


def _record(programme: Programme, case_no: str, held: _Held, today: date) -> Record:
    charge, restrictions = charge_on(held.charges.values(), today), holding(held.restrictions.values(), today)
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
    return list(_held(work, tables, [case_no])[case_no].charges.values())


def may_see_cases(work: UnitOfWork, tables: DecisionTables, permission: str, case_nos: Collection[str]) -> set[str]:
    """Return those of the cases that may be named in a list to the caller of this request."""
    records = case_records(work, tables, case_nos)
    return {case_no for case_no, record in records.items() if may_see(work, permission, record)}


def _held(work: UnitOfWork, tables: DecisionTables, case_nos: Collection[str]) -> defaultdict[str, _Held]:
    today, width = work.clock.today(), len(_CHARGE)
    held: defaultdict[str, _Held] = defaultdict(_Held)
    rows = (
        work.connection.execute(_of_case(tables), {"case_no": next(iter(case_nos)), "today": today})
        if len(case_nos) == 1
        else work.connection.execute(_of_cases(tables), {"case_nos": list(case_nos), "today": today})
    )
    for case_no, shielded, *columns in rows:
        of_case = held[case_no]
        of_case.shielded = shielded
        if (number := columns[0]) is not None:
            of_case.charges[number] = Circumstance(*columns[:width])
        if (restriction_id := columns[width]) is not None:
            of_case.restrictions[restriction_id] = Restriction(*columns[width:])
    return held


@cache
def _of_case(tables: DecisionTables) -> Select[Any]:
    """The same of one case, which PostgreSQL plans once: of a list it cannot know how long it is."""
    return _held_rows(tables).where(tables.cases.c.case_no == bindparam("case_no"))


@cache
def _of_cases(tables: DecisionTables) -> Select[Any]:
    return _held_rows(tables).where(tables.cases.c.case_no == any_(bindparam("case_nos", type_=ARRAY(Text))))


def _held_rows(tables: DecisionTables) -> Select[Any]:
    """Each charge of a case beside each restriction on it, mostly one and none; every route of a case asks this."""
    cases, charges, restrictions = tables.cases, tables.circumstances, tables.restrictions
    approval = tables.restriction_approvals
    approved = restrictions.join(approval, approval.c.restriction_id == restrictions.c.restriction_id)
    is_charge = (charges.c.case_no == cases.c.case_no) & (charges.c.fact == CHARGE)
    columns = (*(charges.c[name] for name in _CHARGE), *(restrictions.c[name] for name in COLUMNS))
    return (
        select(cases.c.case_no, shielded_at_the_desk(tables), *columns)
        .outerjoin(charges, is_charge)
        .outerjoin(approved, restrictions.c.case_no == cases.c.case_no)
    )
