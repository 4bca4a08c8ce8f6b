"""Everybody who can be found, in the memory of each process: names are sealed in the database and stay so.

Each search first reads what was entered since the last one. Where the newest row that was read is no longer what it
was, the database is another one (restored, sealed anew) and all is read again.
"""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, select

from services.case_management.adapters.entries import APPLICATION, CONSULTATION, RecordKind
from services.case_management.adapters.residents import RESIDENTS
from services.case_management.adapters.tables import residents
from services.case_management.domain.search import Known, Query, known
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

    def read(self, work: UnitOfWork) -> bool:
        """Read what is new; True where anything was."""
        last = self.newest["number"] if self.newest else 0
        rows = self._rows(work, last)
        if self.newest and (not rows or dict(rows[0]) != dict(self.newest)):
            self.newest, self.by_subject = None, {}
            return self.read(work) or True
        fresh = rows[1:] if self.newest else rows
        while fresh:
            self._take(work, fresh)
            self.newest = fresh[-1]
            fresh = self._rows(work, self.newest["number"])[1:]
        return bool(rows[1:] if last else rows)

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
    yield known(f"person:{row['person_no']}", row["name"], row["kana"])


def _of_content(kind: RecordKind) -> Callable[[Row], Iterable[Known]]:
    def people(row: Row) -> Iterable[Known]:
        content = json.loads(row["content"])
        reached = {name: content.get(name) or "" for name in ("telephone", "address")}
        persons = [content.get("applicant") or content, *content.get("members", [])]
        for person in persons:
            names = {name: person.get(name) or "" for name in ("name", "kana", "birth")}
            yield known(kind.subject(row[kind.no]), names["name"], names["kana"], birth=names["birth"], **reached)

    return people


@dataclass
class _People:
    sources: list[_Source]
    lock: threading.Lock = field(default_factory=threading.Lock)
    in_order: list[Known] = field(default_factory=list)

    def everybody(self, work: UnitOfWork) -> list[Known]:
        with self.lock:
            if sum(source.read(work) for source in self.sources):
                everybody = (
                    person for source in self.sources for people in source.by_subject.values() for person in people
                )
                self.in_order = sorted(everybody, key=lambda person: person.place)
            return self.in_order


_OF_ENGINE: WeakKeyDictionary[Engine, _People] = WeakKeyDictionary()
_NEW: Final = threading.Lock()


def find_people(work: UnitOfWork, query: Query, also: Collection[str] = ()) -> list[Known]:
    """Return all who fit, and `also` these subjects, by reading and number, whoever may see them."""
    return [person for person in _people(work) if person.fits(query) or person.subject in also]


def _people(work: UnitOfWork) -> list[Known]:
    engine = work.runtime.engine
    with _NEW:
        if engine not in _OF_ENGINE:
            _OF_ENGINE[engine] = _People(
                [
                    _Source(residents, RESIDENTS, _resident),
                    _Source(CONSULTATION.entries, CONSULTATION.sealed, _of_content(CONSULTATION)),
                    _Source(APPLICATION.entries, APPLICATION.sealed, _of_content(APPLICATION)),
                ]
            )
        people = _OF_ENGINE[engine]
    return people.everybody(work)
