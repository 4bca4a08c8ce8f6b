"""Everybody who can be found, in the memory of each process: names are sealed in the database and stay so.

Each search first reads what was entered since the last one. Where the newest row that was read is no longer what it
was, the database is another one (restored, sealed anew) and all is read again.
"""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, select

from services.case_management.adapters.entries import APPLICATION, CONSULTATION, RecordKind
from services.case_management.adapters.residents import RESIDENTS, other_names_of
from services.case_management.adapters.tables import residents
from services.case_management.domain.search import Known, People, Query
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.unit_of_work import UnitOfWork

_BATCH: Final = 10_000
Row = Mapping[Any, Any]


@dataclass
class _Source:
    """Rows that name people, in the order of their numbers; the newest of a subject holds."""

    table: Table
    sealed: Sealed
    people: Callable[[Row], Iterable[Known]]
    newest: Row | None = None
    by_subject: dict[str, list[Known]] = field(default_factory=dict)
    index: People = field(default_factory=lambda: People([]))

    def refresh(self, work: UnitOfWork) -> None:
        """Read what is new."""
        rows = self._rows(work, self.newest["number"] if self.newest else 0)
        if self.newest and (not rows or dict(rows[0]) != dict(self.newest)):
            self.newest, self.by_subject, rows = None, {}, self._rows(work, 0)
            self.index = People([])
        fresh = rows[1:] if self.newest else rows
        if not fresh:
            return
        while fresh:
            self._take(work, fresh)
            self.newest = fresh[-1]
            fresh = self._rows(work, self.newest["number"])[1:]
        self.index = People(person for people in self.by_subject.values() for person in people)

    def _rows(self, work: UnitOfWork, first: int) -> Sequence[Row]:
        number = self.table.c.number
        return (
            work.session.execute(select(self.table).where(number >= first).order_by(number).limit(_BATCH))
            .mappings()
            .all()
        )

    def _take(self, work: UnitOfWork, rows: Sequence[Row]) -> None:
        for row in work.unseal(self.sealed, rows):
            people = list(self.people(row))
            self.by_subject.update({person.subject: [] for person in people})
            for person in people:
                self.by_subject[person.subject].append(person)


def _resident(row: Row) -> Iterable[Known]:
    subject = f"person:{row['person_no']}"
    yield Known(subject, row["name"], row["kana"])
    for other in other_names_of(row):
        yield Known(subject, other.name, other.kana or "")


def _of_content(kind: RecordKind) -> Callable[[Row], Iterable[Known]]:
    def people(row: Row) -> Iterable[Known]:
        content = json.loads(row["content"])
        reached = {name: content.get(name) or "" for name in ("telephone", "address")}
        persons = [content.get("applicant") or content, *content.get("members", [])]
        for person in persons:
            named = {name: person.get(name) or "" for name in ("name", "kana", "birth")}
            yield Known(kind.subject(row[kind.no]), **named, **reached)

    return people


@dataclass
class _Everybody:
    """The sources of one database."""

    sources: list[_Source]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, work: UnitOfWork, query: Query, also: Collection[str]) -> Iterator[Known]:
        with self.lock:
            for source in self.sources:
                source.refresh(work)
            indexes = [source.index for source in self.sources]
            named = People(
                person for source in self.sources for subject in also for person in source.by_subject.get(subject, [])
            )
        return merge(named.everybody(), *(index.find(query) for index in indexes), key=lambda person: person.place)


_OF_ENGINE: WeakKeyDictionary[Engine, _Everybody] = WeakKeyDictionary()
_NEW: Final = threading.Lock()


def find_people(work: UnitOfWork, query: Query, also: Collection[str] = ()) -> Iterator[Known]:
    """Return all who fit, and `also` these subjects, by reading and number, whoever may see them."""
    with _NEW:
        everybody = _OF_ENGINE.setdefault(work.runtime.engine, _Everybody(_sources()))
    return everybody.find(work, query, also)


def _sources() -> list[_Source]:
    return [
        _Source(residents, RESIDENTS, _resident),
        _Source(CONSULTATION.entries, CONSULTATION.sealed, _of_content(CONSULTATION)),
        _Source(APPLICATION.entries, APPLICATION.sealed, _of_content(APPLICATION)),
    ]
