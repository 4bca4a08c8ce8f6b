"""Read the circumstances of a case (世帯の状況の履歴): every fact ever recorded, with who recorded it and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import Circumstance, replaced_by
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS: Final = (
    "number",
    "case_no",
    "person_no",
    "fact",
    "valid_from",
    "valid_to",
    "recorded_at",
    "corrects",
    "data",
)


@dataclass(frozen=True, slots=True)
class RecordedCircumstance:
    """A fact with its days, its place in what was known, and the one that took its place.

    It was corrected by that one, or another one of the same first day was recorded after it and counts instead.
    """

    number: int
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    recorded_by: str | None
    reason: str | None
    corrects: int | None
    data: Mapping[str, Any]
    corrected_by: int | None
    replaced_by: int | None


_FOLLOWED: Final = ("corrected_by", "replaced_by")
_SHOWN: Final = tuple(name for name in RecordedCircumstance.__dataclass_fields__ if name not in _FOLLOWED)


def all_of_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> list[Circumstance]:
    """Return every circumstance of a case, oldest first."""
    table = tables.circumstances
    rows = select(*(table.c[name] for name in _COLUMNS)).where(table.c.case_no == case_no).order_by(table.c.number)
    return [Circumstance(*row) for row in work.connection.execute(rows)]


def read_circumstances(
    work: UnitOfWork, tables: DecisionTables, case_no: str, purpose: str
) -> Sequence[RecordedCircumstance]:
    """Return the facts of a case in the order in which they were recorded; the look names every member.

    Raises:
        Problem: not-found where there is no such case.
    """
    require_case(work, tables, case_no)
    history = history_of_case(work, tables, case_no)
    persons = sorted({item.person_no for item in history if item.person_no})
    work.look("circumstances", [f"case:{case_no}", *(f"person:{person_no}" for person_no in persons)], purpose)
    return history


def history_of_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> Sequence[RecordedCircumstance]:
    """Return the facts of a case in the order in which they were recorded."""
    rows = work.connection.execute(_history(tables), {"case_no": case_no}).all()
    corrected_by = {row.corrects: row.number for row in rows if row.corrects}
    replaced = replaced_by(Circumstance(*(getattr(row, name) for name in _COLUMNS)) for row in rows)
    return [
        RecordedCircumstance(
            **{name: getattr(row, name) for name in _SHOWN},
            corrected_by=corrected_by.get(row.number),
            replaced_by=replaced.get(row.number),
        )
        for row in rows
    ]


@cache
def _history(tables: DecisionTables) -> Select[Any]:
    table = tables.circumstances
    columns = (table.c[name] for name in dict.fromkeys((*_COLUMNS, *_SHOWN)))
    return select(*columns).where(table.c.case_no == bindparam("case_no")).order_by(table.c.number)
