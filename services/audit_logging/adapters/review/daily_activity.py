"""What people did, as the index has it, for the rules of unusual looks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.search.progress import REVIEW
from services.audit_logging.adapters.search.search_index import subjects_of
from services.audit_logging.adapters.search.tables import passed_over, search_entries, search_subjects
from services.audit_logging.domain.review.shielded import Shield, read_shield
from services.audit_logging.domain.review.unusual import OUT_OF_SCOPE, STRANGER_DAYS, USUAL_DAYS, DailyActivity
from services.audit_logging.domain.search.search_entry import LOOK, REFUSAL, SearchEntry

RESTRICTED = "restriction.approved.v1"
_ENTRY, _SUBJECT = search_entries.c, search_subjects.c
_INTO_A_CASE: tuple[ColumnElement[bool], ...] = (
    _ENTRY.type == LOOK,
    _ENTRY.cases == 1,
    _ENTRY.producer != "audit_logging",
)


def indexed_between(connection: Connection, first: int, end: int) -> list[SearchEntry]:
    """The entries of the index from `first` until before `end`."""
    rows = connection.execute(select(search_entries).where(_ENTRY.index >= first, _ENTRY.index < end)).mappings().all()
    subjects = subjects_of(connection, [row["index"] for row in rows])
    return [_search_entry(row, subjects[row["index"]]) for row in sorted(rows, key=lambda row: row["index"])]


def daily_activity(connection: Connection, actor: str, day: date) -> DailyActivity:
    """A person's day with the usual days before it."""
    usual = _cases_by_day(connection, actor, day - timedelta(days=USUAL_DAYS), day)
    cases = usual.pop(day, 0)
    own = (_ENTRY.actor == actor, _ENTRY.day == day)
    refused = select(_ENTRY.index).where(*own, _ENTRY.type == REFUSAL, _ENTRY.what == OUT_OF_SCOPE)
    looks = select(_ENTRY.index).where(*own, *_INTO_A_CASE)
    return DailyActivity(
        actor,
        day,
        tuple(connection.scalars(refused.order_by(_ENTRY.index))),
        tuple(connection.scalars(looks.order_by(_ENTRY.index))),
        cases,
        sorted(usual.values()),
    )


def shields_of(connection: Connection, cases: Collection[str]) -> list[Shield]:
    """What the log has of the shielding of these cases; what cannot be read was passed over at its own review."""
    unread = select(passed_over.c.index).where(passed_over.c.task == REVIEW)
    rows = connection.execute(
        select(_SUBJECT.subject, _SUBJECT.index)
        .join(search_entries, _ENTRY.index == _SUBJECT.index)
        .where(_ENTRY.type == RESTRICTED, _SUBJECT.subject.in_(list(cases)), _SUBJECT.index.not_in(unread))
    ).all()
    return read_shields(connection, [(case, index) for case, index in rows])


def read_shields(connection: Connection, approved: Sequence[tuple[str, int]]) -> list[Shield]:
    """What entries say of the shielding of a case each.

    Raises:
        KeyError, TypeError, ValueError: one has another shape than was agreed.
    """
    opened = read_openings(connection, [index for _, index in approved])
    shields = (read_shield(case, opened[index].data) for case, index in approved if index in opened)
    return [shield for shield in shields if shield]


def works_on(connection: Connection, actor: str, case: str, day: date) -> bool:
    """Whether this person looked into the case on one of the days before this one."""
    rows = (
        select(_ENTRY.index)
        .join(search_subjects, _SUBJECT.index == _ENTRY.index)
        .where(_SUBJECT.subject == case, _ENTRY.actor == actor, *_INTO_A_CASE)
        .where(_ENTRY.day >= day - timedelta(days=STRANGER_DAYS), _ENTRY.day < day)
    )
    return connection.execute(rows.limit(1)).first() is not None


def _cases_by_day(connection: Connection, actor: str, first: date, last: date) -> dict[date, int]:
    rows = (
        select(_ENTRY.day, func.count(_SUBJECT.subject.distinct()))
        .join(search_subjects, _SUBJECT.index == _ENTRY.index)
        .where(_ENTRY.actor == actor, _ENTRY.day.between(first, last), *_INTO_A_CASE)
        .where(_SUBJECT.subject.startswith("case:"))
        .group_by(_ENTRY.day)
    )
    return {row[0]: row[1] for row in connection.execute(rows)}


def _search_entry(row: RowMapping, subjects: Iterable[str]) -> SearchEntry:
    named = {name: row[name] for name in ("index", "at", "producer", "stream", "type", "what", "actor", "correlation")}
    return SearchEntry(**named, break_glass=row["break_glass"], subjects=tuple(subjects))
