"""Queries of the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, exists, or_, select, text

from services.audit_logging.adapters.search.tables import search_entries, search_subjects
from services.audit_logging.domain.search.search_entry import LOOK

Found = RowMapping
_SOME_SUBJECTS = text("""
SELECT i.index, s.subject, s.named FROM unnest(CAST(:indexes AS bigint[])) AS i(index),
       LATERAL (SELECT subject, count(*) OVER () AS named FROM search_subjects WHERE index = i.index
                 ORDER BY subject = ANY(CAST(:requested AS text[])) DESC, subject LIMIT :most) s
""")


def entries_where(conditions: Sequence[ColumnElement[bool]], before: int | None, most: int) -> Select[Any]:
    """Entries newest first, below `before` where it is given."""
    rows = select(search_entries).where(*conditions).order_by(search_entries.c.index.desc()).limit(most)
    return rows if before is None else rows.where(search_entries.c.index < before)


def looks_into_case(case: str, first: date) -> Select[Any]:
    """Looks of people into this case alone from a day (Asia/Tokyo) on, newest first: a list of many is none.

    What the log itself shows is left out: it shows what was looked at, and to whom is told to auditors alone.
    """
    into = search_subjects.c.index == search_entries.c.index, search_subjects.c.subject == case
    entry = search_entries.c
    return (
        select(search_entries)
        .join(search_subjects, and_(*into))
        .where(entry.type == LOOK, entry.cases == 1, entry.day >= first)
        .where(entry.actor.startswith("person:"), entry.producer != "audit_logging")
        .order_by(entry.at.desc(), entry.index.desc())
    )


def names(subjects: Sequence[str]) -> ColumnElement[bool]:
    """True for entries that name one of these."""
    same = search_subjects.c.index == search_entries.c.index
    return exists().where(same, search_subjects.c.subject.in_(subjects))


def by_staff(staff: str) -> ColumnElement[bool]:
    """True for what this member of staff did, or was named in."""
    return or_(search_entries.c.actor == f"person:{staff}", names([f"staff:{staff}"]))


def subjects_of(connection: Connection, indexes: Sequence[int]) -> dict[int, list[str]]:
    """Everybody and everything that these entries name."""
    subjects: dict[int, list[str]] = {index: [] for index in indexes}
    rows = select(search_subjects.c.index, search_subjects.c.subject).where(search_subjects.c.index.in_(indexes))
    for index, subject in connection.execute(rows.order_by(search_subjects.c.subject)):
        subjects[index].append(subject)
    return subjects


def some_subjects_of(
    connection: Connection, indexes: Sequence[int], requested: Sequence[str], most: int
) -> dict[int, tuple[list[str], int]]:
    """At most so many of those that these entries name, the requested ones first, and how many they name in all."""
    by_index: dict[int, tuple[list[str], int]] = {index: ([], 0) for index in indexes}
    values = {"indexes": list(indexes), "requested": list(requested), "most": most}
    for index, subject, named in connection.execute(_SOME_SUBJECTS, values):
        by_index[index] = [*by_index[index][0], subject], named
    return {index: (sorted(subjects), named) for index, (subjects, named) in by_index.items()}


def cases_of(connection: Connection, person: str) -> list[str]:
    """The cases with which a person was named in entries about one case alone: a list of many says nothing."""
    other = search_subjects.alias()
    rows = (
        select(other.c.subject)
        .distinct()
        .join(search_subjects, search_subjects.c.index == other.c.index)
        .join(search_entries, search_entries.c.index == other.c.index)
        .where(search_subjects.c.subject == person, search_entries.c.cases == 1, other.c.subject.startswith("case:"))
    )
    return sorted(connection.scalars(rows))
