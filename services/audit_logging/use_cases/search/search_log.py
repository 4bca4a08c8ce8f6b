"""Search the log; each search is itself a look, with its purpose and everybody whom it showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement

from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.log.tree import newest_checkpoint
from services.audit_logging.adapters.refill.refills import refills_of
from services.audit_logging.adapters.search.progress import SEARCH, come_to, what_was_passed_over
from services.audit_logging.adapters.search.search_index import (
    Found,
    by_staff,
    cases_of,
    entries_where,
    names,
    some_subjects_of,
)
from services.audit_logging.adapters.search.tables import search_entries
from services.audit_logging.domain.search.search_entry import LOOK
from services.audit_logging.use_cases.retention.read_deletions import Deleted, deleted_since
from shared.contracts.looks import looks_that_show
from shared.service_kit.unit_of_work import UnitOfWork

SHOWN = 100
"""Entries that could not be read, of which a page shows so many."""
SUBJECTS_SHOWN = 100
"""Of those whom one entry names: a look at a list of the office names thousands, and who sees it names them anew."""


@dataclass(frozen=True)
class Page:
    """Which page, newest first: below an index, so many at most; and why somebody looks (a code of the office)."""

    purpose: str
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True)
class Criteria:
    """What to find; all that is named has to hold. Days are Asia/Tokyo dates, both included."""

    person: str | None = None
    case: str | None = None
    subject: str | None = None
    staff: str | None = None
    type: str | None = None
    what: str | None = None
    producer: str | None = None
    correlation: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Hit:
    """One entry found. `signed`: it lies under the newest checkpoint, and `/log/proof/<index>` proves it.

    `named`: how many the entry names. Of more than 100 it shows those asked for and the first: `/log/entries/<index>`
    has them all.
    """

    index: int
    at: datetime
    type: str
    what: str
    actor: str
    subjects: list[str]
    named: int
    purpose: str
    producer: str
    correlation: str
    break_glass: str
    signed: bool
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refill:
    """Entries that came back from the published log without what they say: first and last index, and when."""

    first: int
    last: int
    refilled_at: datetime


@dataclass(frozen=True)
class PassedOver:
    """An entry that the index or the review could not read: it is in the log, and found by its number alone."""

    task: str
    index: int
    passed_at: datetime


@dataclass(frozen=True)
class Hits:
    """A page of entries, newest first; `next` leads on. What lies beyond `indexed` cannot be found yet.

    `deleted`: deletions that reach into the days asked for: what they took is found by nobody. `refilled`: nor is what
    came back from the published log, whose openings were lost; of whatever day. `passed_over`: the newest that could
    not be read.
    """

    hits: list[Hit]
    next: int | None
    indexed: int
    signed: int
    deleted: list[Deleted]
    refilled: list[Refill]
    passed_over: list[PassedOver]


def search_log(work: UnitOfWork, criteria: Criteria, page: Page) -> Hits:
    """Entries by resident, case, member of staff, day, action, service or journey."""
    asked = [*_asked(criteria), *([f"staff:{criteria.staff}"] if criteria.staff else [])]
    hits = _page(work, _conditions(criteria), page, asked, criteria.first_day)
    work.look("log_search", _shown(asked, hits), page.purpose)
    return hits


def list_accesses(work: UnitOfWork, person_no: str, page: Page) -> Hits:
    """Every look at a resident: by name, or at a case with which the log has named the resident."""
    person = f"person:{person_no}"
    cases = cases_of(work.connection, person)
    hits = _page(work, [search_entries.c.type == LOOK, names([person, *cases])], page, [person, *cases], None)
    work.look("log_looks", _shown([person], hits), page.purpose)
    return replace(hits, hits=[_seen_through(hit, person, cases) for hit in hits.hits])


def _seen_through(hit: Hit, person: str, cases: Sequence[str]) -> Hit:
    through = () if person in hit.subjects else tuple(case for case in cases if case in hit.subjects)
    return replace(hit, through=through)


def _page(
    work: UnitOfWork,
    conditions: Sequence[ColumnElement[bool]],
    page: Page,
    asked: Sequence[str],
    first_day: date | None,
) -> Hits:
    indexed = come_to(
        work.connection, SEARCH
    )  # before the rows: what is indexed meanwhile is not said to be among them
    rows = work.connection.execute(entries_where(conditions, page.before, page.limit + 1)).mappings().all()
    shown, more = rows[: page.limit], len(rows) > page.limit
    newest = newest_checkpoint(work.connection)
    signed = newest.size if newest else 0
    return Hits(
        hits=as_hits(work, shown, signed, asked),
        next=shown[-1]["index"] if more else None,
        indexed=indexed,
        signed=signed,
        deleted=deleted_since(work, first_day),
        refilled=[Refill(row["first"], row["last"], row["refilled_at"]) for row in refills_of(work.connection)],
        passed_over=[
            PassedOver(row["task"], row["index"], row["passed_at"])
            for row in what_was_passed_over(work.connection, SHOWN)
        ],
    )


def as_hits(work: UnitOfWork, rows: Sequence[Found], signed: int, asked: Sequence[str] = ()) -> list[Hit]:
    """Rows of the index with what their openings say; those asked for are among the subjects of each."""
    indexes = [row["index"] for row in rows]
    named = some_subjects_of(work.connection, indexes, asked, SUBJECTS_SHOWN)
    opened = read_openings(work.connection, indexes)
    return [
        Hit(
            **{name: row[name] for name in _PLAIN},
            subjects=named[row["index"]][0],
            named=named[row["index"]][1],
            purpose=opened[row["index"]].purpose if row["index"] in opened else "",
            signed=row["index"] < signed,
        )
        for row in rows
    ]


_PLAIN = ("index", "at", "type", "what", "actor", "producer", "correlation", "break_glass")


def _conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    same = {name: getattr(criteria, name) for name in ("type", "producer", "correlation")}
    conditions = [search_entries.c[name] == value for name, value in same.items() if value is not None]
    if criteria.what is not None:
        conditions.append(search_entries.c.what.in_(looks_that_show(criteria.what)))
    conditions += [names([subject]) for subject in _asked(criteria)]
    if criteria.staff:
        conditions.append(by_staff(criteria.staff))
    if criteria.first_day:
        conditions.append(search_entries.c.day >= criteria.first_day)
    if criteria.last_day:
        conditions.append(search_entries.c.day <= criteria.last_day)
    return conditions


def _asked(criteria: Criteria) -> list[str]:
    named = {"person": criteria.person, "case": criteria.case}
    return [f"{kind}:{number}" for kind, number in named.items() if number] + (
        [criteria.subject] if criteria.subject else []
    )


def _shown(asked: Sequence[str], hits: Hits) -> list[str]:
    return sorted({*asked, *(subject for hit in hits.hits for subject in hit.subjects)})
