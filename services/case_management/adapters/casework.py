"""Notes and tasks of a case: which records are a case's, and which entries of all cases hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from services.case_management.adapters.entries import RecordKind
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def require_record(work: UnitOfWork, kind: RecordKind, case_no: str, number: str) -> None:
    """Refuse a number that is no record of this case.

    Raises:
        Problem: not-found.
    """
    heads = kind.heads.c
    own = select(heads.case_no).where(heads[kind.no] == number, heads.case_no == case_no)
    if work.session.scalar(own) is None:
        raise Problem("not-found", field=kind.no)


def records_of_case(work: UnitOfWork, kind: RecordKind, case_no: str) -> list[list[Mapping[Any, Any]]]:
    """Return the records of a case by number, each as its entries, oldest first, as they lie: their words sealed."""
    result = work.session.execute(_of_case(kind), {"case_no": case_no})
    chains: defaultdict[str, list[Mapping[Any, Any]]] = defaultdict(list)
    names, no = tuple(result.keys()), kind.no
    for row in result:  # as dicts: each row of many is asked for its columns again and again
        entry = dict(zip(names, row, strict=True))
        chains[entry[no]].append(entry)
    return [chains[number] for number in sorted(chains)]


def record_of_case(work: UnitOfWork, kind: RecordKind, case_no: str, number: str) -> list[Mapping[Any, Any]]:
    """Return one record of a case as its entries, oldest first, as they lie: their words sealed.

    Raises:
        Problem: not-found.
    """
    own = _of_case(kind).where(kind.of_entry == number)
    rows = work.session.execute(own, {"case_no": case_no}).mappings().all()
    if not rows:
        raise Problem("not-found", field=kind.no)
    return list(rows)


@cache
def _of_case(kind: RecordKind) -> Select[Any]:
    heads = kind.heads.c
    rows = select(kind.entries).join(kind.heads, heads[kind.no] == kind.of_entry)
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
    return work.session.execute(rows.order_by(kind.entries.c.number)).mappings().all()


def few(ids: Select[Any]) -> Select[Any]:
    """Return ids that are found by indexes alone, before anything else of a statement is."""
    first = ids.cte(f"few_{ids.selected_columns[0].name}").prefix_with("MATERIALIZED")
    return select(first.c[0])


def cases_in(rows: Iterable[Mapping[Any, Any]]) -> list[str]:
    """Return the cases that rows are of, each once."""
    return sorted({row["case_no"] for row in rows})
