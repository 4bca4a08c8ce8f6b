"""Everybody who can be found, in the memory of each process: names are sealed in the database and stay so.

Each search first reads what was entered since the last one. Where the newest row that was read is no longer what it
was, the database is another one (restored, sealed anew) and all is read again.
"""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from types import MappingProxyType
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, select

from services.case_management.adapters.entries import APPLICATION, CONSULTATION, RecordKind
from services.case_management.adapters.person_details import DETAILS, person_details
from services.case_management.adapters.residents import RESIDENTS, other_names_of
from services.case_management.adapters.tables import residents
from services.case_management.domain.search import Known, People, Query
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

_BATCH: Final = 10_000
_RECENT: Final = 500
"""Subjects that may stand beside the others: to put 100,000 in order takes two seconds."""
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class _Index:
    """Who was there when all were put in order, and who came since: few, and in the place of their former entries."""

    settled: People = field(default_factory=lambda: People([]))
    recent: People = field(default_factory=lambda: People([]))
    moved: frozenset[str] = frozenset()

    def with_more(self, moved: Collection[str], by_subject: Mapping[str, Sequence[Known]]) -> "_Index":
        """Return the index after entries of these subjects; where they are many, all are put in order anew."""
        subjects = self.moved.union(moved)
        if len(subjects) > _RECENT:
            return _Index(People(person for people in by_subject.values() for person in people))
        return _Index(self.settled, People(person for name in subjects for person in by_subject[name]), subjects)

    def find(self, query: Query) -> Iterator[Known]:
        """Yield who fits, by their places."""
        standing = (person for person in self.settled.find(query) if person.subject not in self.moved)
        return merge(standing, self.recent.find(query), key=lambda person: person.place)


@dataclass
class Source:
    """Rows that name people, in the order of their numbers; the newest of a subject holds."""

    table: Table
    sealed: Sealed
    people: Callable[[Row], Iterable[Known]]
    newest: Row | None = None
    by_subject: dict[str, list[Known]] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    """The subjects in the order in which they were entered or changed; another list once all is read again."""
    index: _Index = field(default_factory=_Index)

    def refresh(self, work: UnitOfWork) -> None:
        """Read what is new."""
        rows = self._rows(work, self.newest["number"] if self.newest else 0)
        if self.newest and (not rows or dict(rows[0]) != dict(self.newest)):
            self.newest, rows = None, self._rows(work, 0)
            self.by_subject.clear()
            self.moves = []
            self.index = _Index()
        fresh = rows[1:] if self.newest else rows
        moved = set[str]()
        while fresh:
            moved |= self._take(work, fresh)
            self.newest = fresh[-1]
            fresh = self._rows(work, self.newest["number"])[1:]
        if moved:
            self.moves += moved
            self.index = self.index.with_more(moved, self.by_subject)

    def _rows(self, work: UnitOfWork, first: int) -> Sequence[Row]:
        number = self.table.c.number
        return (
            work.connection.execute(select(self.table).where(number >= first).order_by(number).limit(_BATCH))
            .mappings()
            .all()
        )

    def _take(self, work: UnitOfWork, rows: Sequence[Row]) -> set[str]:
        """Take in rows; return the subjects that they name."""
        moved = set[str]()
        for row in work.unseal(self.sealed, rows):
            named: dict[str, list[Known]] = {}
            for person in self.people(row):
                named.setdefault(person.subject, []).append(person)
            self.by_subject.update(named)  # whole lists in place of whole lists: whoever compares holds no lock of this
            moved |= named.keys()
        return moved


def _resident(row: Row) -> Iterable[Known]:
    subject = f"person:{row['person_no']}"
    yield Known(subject, row["name"], row["kana"])
    for other in other_names_of(row):
        yield Known(subject, other.name, other.kana or "")


def _detail(registered: Mapping[str, Sequence[Known]], row: Row) -> Iterable[Known]:
    """By what somebody is reached, at the place of their reading; in place of what it corrects, and never protected."""
    if row["corrects"]:
        yield Known(f"detail:{row['corrects']}", "", "", leads_to=f"person:{row['person_no']}")
    reached = {"address": "address", "contact": "telephone"}.get(row["fact"])
    person = next(iter(registered.get(f"person:{row['person_no']}", [])), None)
    if reached and person and not row["protected"]:
        text = json.loads(row["content"])["text"]
        yield Known(f"detail:{row['detail_id']}", "", person.kana, leads_to=person.subject, **{reached: text})


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

    sources: list[Source]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, work: UnitOfWork) -> None:
        """Read what is new in all sources, under the lock."""
        for source in self.sources:
            source.refresh(work)

    def find(self, work: UnitOfWork, query: Query, also: Collection[str], merged: Mapping[str, str]) -> Iterator[Known]:
        with self.lock:
            self.refresh(work)
            indexes = [source.index for source in self.sources]
            named = People(
                person for source in self.sources for subject in also for person in source.by_subject.get(subject, [])
            )
        found = merge(named.everybody(), *(index.find(query) for index in indexes), key=lambda person: person.place)
        return self._once(found, merged)

    def _once(self, people: Iterator[Known], merged: Mapping[str, str]) -> Iterator[Known]:
        """Name each resident once, however many of their names and addresses fit."""
        registered, met = self.sources[0].by_subject, set[str]()
        for person in people:
            subject = person.leads_to or person.subject
            person = next(iter(registered.get(merged.get(subject, subject), [])), person)
            if person.kind == "person" and person.subject in met:
                continue
            met.add(person.subject)
            yield person


_OF_ENGINE: WeakKeyDictionary[Engine, _Everybody] = WeakKeyDictionary()
_NEW: Final = threading.Lock()


def find_people(
    work: UnitOfWork, query: Query, also: Collection[str] = (), merged: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Known]:
    """Return all who fit, and `also` these subjects, by reading and number, whoever may see them.

    Args:
        merged: subjects in whose place another one is named (名寄せ).
    """
    return _everybody(work.runtime).find(work, query, also, merged)


@contextmanager
def everybody_locked(work: UnitOfWork) -> Iterator[tuple[Source, Source]]:
    """Give the register, and by what people are reached, both as of now; nobody else reads on meanwhile."""
    everybody = _everybody(work.runtime)
    with everybody.lock:
        everybody.refresh(work)
        yield everybody.sources[0], everybody.sources[1]


def keep_people(runtime: Runtime) -> None:
    """Read everybody, or who is new, into the memory of this process."""
    everybody = _everybody(runtime)
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work, everybody.lock:
        everybody.refresh(work)


def _everybody(runtime: Runtime) -> _Everybody:
    with _NEW:
        return _OF_ENGINE.setdefault(runtime.engine, _Everybody(_sources()))


def _sources() -> list[Source]:
    register = Source(residents, RESIDENTS, _resident)
    return [
        register,
        Source(person_details, DETAILS, partial(_detail, register.by_subject)),
        Source(CONSULTATION.entries, CONSULTATION.sealed, _of_content(CONSULTATION)),
        Source(APPLICATION.entries, APPLICATION.sealed, _of_content(APPLICATION)),
    ]
