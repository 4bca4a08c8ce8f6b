"""Search the log; each search is itself a look, with its purpose and everybody whom it showed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field
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
from services.audit_logging.use_cases.questions import JOURNEY, NAME, STAFF, SUBJECT, Day, PageQuery
from services.audit_logging.use_cases.retention.read_deletions import Deleted, deleted_since
from shared.service_kit.unit_of_work import UnitOfWork

SHOWN = 100
"""Entries that could not be read, of which a page shows so many."""
SUBJECTS_SHOWN = 100
"""Of those whom one entry names: a look at a list of the office names thousands, and who sees it names them anew."""


class SearchQuery(PageQuery):
    """What to find; all that is given has to hold. Days are Asia/Tokyo dates, both included."""

    person: str | None = Field(None, pattern=r"^[0-9]{8,10}$", description="宛名番号")
    case: str | None = Field(None, pattern=r"^[0-9]{8}$")
    subject: str | None = Field(None, pattern=SUBJECT, description='anything named, like "run:…"')
    staff: str | None = Field(None, pattern=STAFF)
    type: str | None = Field(None, pattern=NAME)
    what: str | None = Field(None, pattern=NAME)
    producer: str | None = Field(None, pattern=NAME)
    correlation: str | None = Field(None, pattern=JOURNEY)
    first_day: Day | None = None
    last_day: Day | None = None


class LooksQuery(PageQuery):
    """Which resident."""

    person: str = Field(pattern=r"^[0-9]{8,10}$", description="宛名番号")


class Hit(BaseModel):
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
    through: list[str] = Field([], description="the case through which the resident was seen, where not by name")


class Refill(BaseModel):
    """Entries that came back from the published log without what they say: first and last index, and when."""

    words: str = "公開済みの記録から復元したため、内容では探せません"
    first: int
    last: int
    refilled_at: datetime


class PassedOver(BaseModel):
    """An entry that the index or the review could not read: it is in the log, and found by its number alone."""

    words: str = "内容を読めないため、検索や点検に現れません。番号で記録を調べてください"
    task: str
    index: int
    passed_at: datetime


class Hits(BaseModel):
    """A page of entries, newest first; `next` leads on. What lies beyond `indexed` cannot be found yet.

    `deleted`: deletions that reach into the days asked for: what they took is found by nobody. `refilled`: nor is what
    came back from the published log, whose openings were lost; of whatever day. `passed_over`: the newest that could
    not be read.
    """

    hits: list[Hit]
    next: int | None
    indexed: int
    signed: int
    deleted: list[Deleted] = []
    refilled: list[Refill] = []
    passed_over: list[PassedOver] = []


def search_log(work: UnitOfWork, query: SearchQuery) -> Hits:
    """Entries by resident, case, member of staff, day, action, service or journey."""
    asked = [*_asked(query), *([f"staff:{query.staff}"] if query.staff else [])]
    found = _page(work, _conditions(query), query, asked)
    work.look("log_search", _shown(asked, found), query.purpose)
    return found


def list_accesses(work: UnitOfWork, query: LooksQuery) -> Hits:
    """Every look at a resident: by name, or at a case with which the log has named the resident."""
    person = f"person:{query.person}"
    cases = cases_of(work.session, person)
    found = _page(work, [search_entries.c.type == LOOK, names([person, *cases])], query, [person, *cases])
    for hit in found.hits:
        hit.through = [] if person in hit.subjects else [case for case in cases if case in hit.subjects]
    work.look("log_looks", _shown([person], found), query.purpose)
    return found


def _page(work: UnitOfWork, conditions: Sequence[ColumnElement[bool]], query: PageQuery, asked: Sequence[str]) -> Hits:
    indexed = come_to(work.session, SEARCH)  # before the rows: what is indexed meanwhile is not said to be among them
    rows = work.session.execute(entries_where(conditions, query.before, query.limit + 1)).mappings().all()
    shown, more = rows[: query.limit], len(rows) > query.limit
    newest = newest_checkpoint(work.session)
    signed = newest.size if newest else 0
    return Hits(
        hits=as_hits(work, shown, signed, asked),
        next=shown[-1]["index"] if more else None,
        indexed=indexed,
        signed=signed,
        deleted=deleted_since(work, query.first_day if isinstance(query, SearchQuery) else None),
        refilled=[Refill.model_validate(dict(row)) for row in refills_of(work.session)],
        passed_over=[PassedOver.model_validate(dict(row)) for row in what_was_passed_over(work.session, SHOWN)],
    )


def as_hits(work: UnitOfWork, rows: Sequence[Found], signed: int, asked: Sequence[str] = ()) -> list[Hit]:
    """Rows of the index with what their openings say; those asked for are among the subjects of each."""
    indexes = [row["index"] for row in rows]
    named = some_subjects_of(work.session, indexes, asked, SUBJECTS_SHOWN)
    opened = read_openings(work.session, indexes)
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


def _conditions(query: SearchQuery) -> list[ColumnElement[bool]]:
    same = {name: getattr(query, name) for name in ("type", "what", "producer", "correlation")}
    conditions = [search_entries.c[name] == value for name, value in same.items() if value is not None]
    conditions += [names([subject]) for subject in _asked(query)]
    if query.staff:
        conditions.append(by_staff(query.staff))
    if query.first_day:
        conditions.append(search_entries.c.day >= query.first_day)
    if query.last_day:
        conditions.append(search_entries.c.day <= query.last_day)
    return conditions


def _asked(query: SearchQuery) -> list[str]:
    named = {"person": query.person, "case": query.case}
    return [f"{kind}:{number}" for kind, number in named.items() if number] + ([query.subject] if query.subject else [])


def _shown(asked: Sequence[str], found: Hits) -> list[str]:
    return sorted({*asked, *(subject for hit in found.hits for subject in hit.subjects)})
