"""Notes and tasks of a case: which records are a case's, and which entries of all cases hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, select

from services.case_management.adapters.entries import RecordKind
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Lying = tuple[Mapping[str, Any], Mapping[str, Any] | None]
"""An entry as it lies, its words sealed, and what stands beside it."""


def require_record(work: UnitOfWork, kind: RecordKind, case_no: str, number: str) -> None:
    """Refuse a number that is no record of this case.

    Raises:
        Problem: not-found.
    """
    heads = kind.heads.c
    own = select(heads.case_no).where(heads[kind.no] == number, heads.case_no == case_no)
    if work.connection.scalar(own) is None:
        raise Problem("not-found", field=kind.no)


def records_of_case(
    work: UnitOfWork, kind: RecordKind, case_no: str, beside: Table, by: str, number: str | None = None
) -> list[list[Lying]]:
    """Return the records of a case by number, each as its entries, oldest first, as they lie.

    Args:
        beside: what each entry has once or not yet (its signature, the end of its task), in rows named by column `by`.
        number: the one record that is asked for.
    """
    width, no = len(kind.entries.c), kind.no
    names, of_beside = tuple(kind.entries.c.keys()), tuple(beside.c.keys())
    key = width + of_beside.index(by)
    asked = _of_case(kind, beside, by)
    chains: defaultdict[str, list[Lying]] = defaultdict(list)
    for row in work.connection.execute(asked.where(kind.of_entry == number) if number else asked, {"case_no": case_no}):
        entry = dict(zip(names, row[:width], strict=True))  # many rows: dicts are quicker to read than rows by name
        other = dict(zip(of_beside, row[width:], strict=True)) if row[key] is not None else None
        chains[entry[no]].append((entry, other))
    return [chains[number] for number in sorted(chains)]


def record_of_case(
    work: UnitOfWork, kind: RecordKind, case_no: str, number: str, beside: Table, by: str
) -> list[Lying]:
    """Return one record of a case as its entries, oldest first, as they lie; see `records_of_case`.

    Raises:
        Problem: not-found.
    """
    for chain in records_of_case(work, kind, case_no, beside, by, number):
        return chain
    raise Problem("not-found", field=kind.no)


@cache
def _of_case(kind: RecordKind, beside: Table, by: str) -> Select[Any]:
    heads = kind.heads.c
    joined = kind.entries.join(kind.heads, heads[kind.no] == kind.of_entry)
    joined = joined.outerjoin(beside, beside.c[by] == kind.entries.c[by])
    rows = select(*kind.entries.c, *beside.c).select_from(joined)
    return rows.where(heads.case_no == bindparam("case_no")).order_by(kind.entries.c.number)


def standing_of_all(work: UnitOfWork, kind: RecordKind, where: ColumnElement[bool]) -> Sequence[Mapping[Any, Any]]:
    """Return the newest entries that fit, of all cases, as they lie: with their case, their words sealed.

    Of many years of entries few fit: `where` names them by `few`, so that the others are not read.
    """
    later = kind.entries.alias("later")
    followed = select(later.c.entry_id).where(
        later.c[kind.no] == kind.of_entry, later.c.follows == kind.entries.c.entry_id
    )
    joined = kind.entries.join(kind.heads, kind.heads.c[kind.no] == kind.of_entry)
    rows = select(kind.entries, kind.heads.c.case_no).select_from(joined).where(where, ~followed.exists())
    return work.connection.execute(rows.order_by(kind.entries.c.number)).mappings().all()


def few(ids: Select[Any]) -> Select[Any]:
    """Return ids that are found by indexes alone, before anything else of a statement is."""
    first = ids.cte(f"few_{ids.selected_columns[0].name}").prefix_with("MATERIALIZED")
    return select(first.c[0])


def cases_in(rows: Iterable[Mapping[Any, Any]]) -> list[str]:
    """Return the cases that rows are of, each once."""
    return sorted({row["case_no"] for row in rows})
