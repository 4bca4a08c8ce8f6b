"""Who shares what with whom, in the memory of each process, beside the names that a search looks through (ADR 22).

Persons stand under the pairs of signs that are reason enough: who may be the same person stands under the same pair,
so that nobody is compared with all. Only what moved since the last question is placed anew.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from services.case_management.adapters.finding.known_people import Source, everybody_locked
from services.case_management.adapters.tables import decisions
from services.case_management.domain.same_person import Sign, Traits, reasons, traits_of
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

_PLACING: Final = threading.Lock()
"""Of its own: nobody who searches waits until 100,000 persons are placed, which takes some six seconds."""


@dataclass
class _Births:
    """The birth dates of persons by the circumstances that nobody corrected."""

    newest: Any = None
    by_number: dict[int, tuple[str, str]] = field(default_factory=dict)
    of_person: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def refresh(self, work: UnitOfWork) -> set[str] | None:
        """Read what is new and return whom it is of; None where the database is another one by now."""
        rows = _birth_rows(work, self.newest.number if self.newest else 0)
        if self.newest:
            if not rows or rows[0] != self.newest:
                return None
            rows = rows[1:]
        for row in rows:
            self._take(row)
        return {row.person_no for row in rows}

    def _take(self, row: Any) -> None:
        self.newest = row
        if before := self.by_number.pop(row.corrects, None):
            self.of_person[before[0]].discard(row.corrects)
        self.by_number[row.number] = (row.person_no, row.birth or "")
        self.of_person[row.person_no].add(row.number)

    def of(self, person_no: str) -> Iterator[str]:
        return (self.by_number[number][1] for number in self.of_person.get(person_no, ()))


def _birth_rows(work: UnitOfWork, first: int) -> Sequence[Any]:
    table = decisions.circumstances.c
    birth = table.data["birth_date"].astext.label("birth")
    rows = select(table.number, table.person_no, table.corrects, birth)
    return work.connection.execute(
        rows.where(table.fact == PERSON_FACT, table.number >= first).order_by(table.number)
    ).all()


@dataclass
class _Alike:
    """Persons by what they share, as far as the sources were read."""

    register: Source
    details: Source
    logs: tuple[list[str], list[str]]
    read: tuple[int, int] = (0, 0)
    births: _Births = field(default_factory=_Births)
    details_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    groups: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def refresh(self, work: UnitOfWork) -> bool:
        """Place anew who moved; False where all has to be read again."""
        born = self.births.refresh(work)
        if born is None or self.logs[0] is not self.register.moves or self.logs[1] is not self.details.moves:
            return False
        named, reached = (log[read:] for log, read in zip(self.logs, self.read, strict=True))
        self.read = (self.read[0] + len(named), self.read[1] + len(reached))
        moved = {subject.partition(":")[2] for subject in named} | born
        for subject in reached:
            for known in self.details.by_subject.get(subject, ()):
                person_no = known.leads_to.partition(":")[2]
                self.details_of[person_no].add(subject)
                moved.add(person_no)
        for person_no in moved:
            self._place(person_no)
        return True

    def _place(self, person_no: str) -> None:
        for key in self.keys.pop(person_no, ()):
            self.groups[key].remove(person_no)
            if not self.groups[key]:
                del self.groups[key]
        keys = tuple({hash(key) for key in self.traits(person_no).keys})
        for key in keys:
            self.groups.setdefault(key, []).append(person_no)
        if keys:
            self.keys[person_no] = keys

    def traits(self, person_no: str) -> Traits:
        names = self.register.by_subject.get(f"person:{person_no}")
        if not names:
            return Traits()
        details = self.details_of.get(person_no, ())
        reached = [known for subject in details for known in self.details.by_subject.get(subject, ())]
        return traits_of(names, reached, self.births.of(person_no))

    def like(self, person_no: str) -> dict[str, tuple[Sign, ...]]:
        """Nobody is placed meanwhile: who is just being placed stands nowhere, and would be like nobody."""
        with _PLACING:
            own = self.traits(person_no)
            others = {other for key in self.keys.get(person_no, ()) for other in self.groups.get(key, ())}
            shared = {other: reasons(own, self.traits(other)) for other in sorted(others - {person_no})}
        return {other: signs for other, signs in shared.items() if signs}

    def in_company(self) -> list[str]:
        """Who stands with somebody else, by number."""
        with _PLACING:
            return sorted({person for group in self.groups.values() if len(group) > 1 for person in group})


_OF_ENGINE: Final[WeakKeyDictionary[Engine, _Alike]] = WeakKeyDictionary()


def keep_alike(runtime: Runtime) -> None:
    """Place everybody, or who moved, in the memory of this process."""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        _alike(work)


def like_person(work: UnitOfWork, person_no: str) -> dict[str, tuple[Sign, ...]]:
    """Return the numbers that may be the same person, with the signs that they share, whoever may see them."""
    return _alike(work).like(person_no)


def like_each_other(work: UnitOfWork) -> Iterator[tuple[str, str, tuple[Sign, ...]]]:
    """Yield the pairs that may be one person, by number, each once, whoever may see them."""
    alike = _alike(work)
    for person_no in alike.in_company():
        for other, signs in alike.like(person_no).items():
            if other > person_no:
                yield person_no, other, signs


def _alike(work: UnitOfWork) -> _Alike:
    with everybody_locked(work) as sources:
        register, details = sources
    with _PLACING:
        alike = _OF_ENGINE.get(work.runtime.engine)
        if alike is None or not alike.refresh(work):
            alike = _Alike(register, details, (register.moves, details.moves))
            alike.refresh(work)
            _OF_ENGINE[work.runtime.engine] = alike
        return alike
