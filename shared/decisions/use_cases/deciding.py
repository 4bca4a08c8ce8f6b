"""What one service brings to deciding: its tables, its law, and what it keeps of the members of cases."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.contracts.assistance import Programme
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.law import Law
from shared.decisions.imports.rows import ImportRow
from shared.decisions.imports.ward_csv import WardCase
from shared.service_kit.unit_of_work import UnitOfWork


class PersonName(Protocol):
    """A person's name and its reading, as a register has them."""

    @property
    def name(self) -> str: ...
    @property
    def kana(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Members:
    """What a service keeps of the members of cases beside their circumstances. By default it keeps nothing:
    persons are known by their number (宛名番号) alone.

    sealed_fact: the fact of an import whose rows name somebody, and are sealed.
    rows: the further rows that the cases of both programmes give an import.
    misnamed: those of such rows that name somebody otherwise than whoever gave the number.
    differing: those of such rows that differ from what is on record.
    enter: enters the rows of an approved import.
    named: the names of persons by their number.
    may_join: whether who has a number, and is in no case, may become a member at the hands of the caller.
    gone: those of an import's rows whose number was merged into another (名寄せ), with the number to use, as far as
        the caller may know.
    refuse_gone: refuses to make somebody a member under such a number.
    numbers: all numbers of the person who has one, by such merges.
    """

    sealed_fact: str = ""
    rows: Callable[[Sequence[WardCase]], Iterable[ImportRow]] = lambda cases: ()
    misnamed: Callable[[UnitOfWork, Sequence[ImportRow]], Iterable[ImportRow]] = lambda work, rows: ()
    differing: Callable[[UnitOfWork, Sequence[ImportRow]], Iterable[ImportRow]] = lambda work, rows: ()
    enter: Callable[[UnitOfWork, UUID], None] = lambda work, import_id: None
    named: Callable[[UnitOfWork, Sequence[str]], Mapping[str, PersonName]] = lambda work, numbers: {}
    may_join: Callable[[UnitOfWork, str], bool] = lambda work, person_no: True
    gone: Callable[[UnitOfWork, Sequence[ImportRow]], Iterable[tuple[ImportRow, str]]] = lambda work, rows: ()
    refuse_gone: Callable[[UnitOfWork, str], None] = lambda work, person_no: None
    numbers: Callable[[UnitOfWork, str], Collection[str]] = lambda work, person_no: (person_no,)


@dataclass(frozen=True, slots=True)
class Deciding:
    """One deciding service, as the shared steps take it."""

    tables: DecisionTables
    law: Law
    members: Members = Members()
    own_cases: range = range(0)
    """Case numbers that the service gives itself; no ward's file brings one."""

    @property
    def programme(self) -> Programme:
        """The programme (事業) that the service decides."""
        return self.tables.programme
