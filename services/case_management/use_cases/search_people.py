"""Search people (検索): as far as the caller may see them; neither count nor order tell that there is one more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Final, Literal

from services.case_management.adapters.cases_of_people import (
    Membership,
    cases_of_people,
    people_born_on,
    people_of_case,
    records_of_residents,
    records_without_case,
)
from services.case_management.adapters.entries import (
    APPLICATION,
    CONSULTATION,
    application_of,
    cases_opened_for,
    records_of,
)
from services.case_management.adapters.finding.known_people import find_people
from services.case_management.adapters.merging.merged import Merged, merged_numbers
from services.case_management.adapters.tables import decisions
from services.case_management.domain.search import Known, Query, read_query
from shared.access.records import Record, may_see
from shared.contracts.permissions import FINDABLE
from shared.decisions.adapters.scope import case_records
from shared.money_and_time.typed_dates import read_birth
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 20
"""People whom one answer names at most."""
_BATCH: Final = 200
"""Of how many people it is asked at a time who may see them."""
HitKind = Literal["resident", "consultation", "application"]


@dataclass(frozen=True, slots=True)
class CaseOfHit:
    """A case of somebody who was found, and who is in charge of it."""

    case_no: str
    district: str | None
    caseworker: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found: a resident by person number, or who came to the desk, by receipt number.

    `merged` are the numbers that lead to this one (名寄せ).
    """

    kind: HitKind
    no: str
    name: str
    kana: str
    birth: str
    cases: Sequence[CaseOfHit]
    merged: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """Who was found, by reading; `more`: there are more of them whom the caller may see."""

    items: Sequence[Hit]
    more: bool


def search_people(work: UnitOfWork, typed: str, purpose: str, most: int = MOST, residents: bool = False) -> Hits:
    """Return whom a text means, ``most`` of them; the look is recorded, also where nobody is shown.

    Args:
        residents: only people of the register; many who came to the desk hide none of them.
    """
    query = read_query(typed, partial(_birth, today=work.clock.today()))
    merged = merged_numbers(work)
    instead = {f"person:{goes}": f"person:{stays}" for goes, stays in merged.into.items()}
    people = find_people(work, query, _also(work, query), instead)
    if residents:
        people = (person for person in people if person.kind == "person")
    hits = list(islice(_visible(work, people, merged), most + 1))
    shown = hits[:most]
    work.look("search", sorted({subject for hit in shown for subject in _subjects(hit)}), purpose)
    return Hits(shown, len(hits) > most)


def _birth(text: str, today: date) -> str:
    """The day of a whole birth date, as an office types it; ValueError for any other text."""
    birth = read_birth(text, today)
    if not isinstance(birth, date):
        raise ValueError("a birth date that is known in part is nobody's alone")
    return birth.isoformat()


def _also(work: UnitOfWork, query: Query) -> set[str]:
    """Whom the circumstances name: born on the day, or members of the case, and who applied for it."""
    if query.kind == "birth":
        return {f"person:{number}" for number in people_born_on(work, [query.text])}
    if query.kind == "case":
        applicants = {f"application:{number}" for number in application_of(work, query.text)}
        return applicants | {f"person:{number}" for number in people_of_case(work, query.text)}
    return set()


def _visible(work: UnitOfWork, people: Iterator[Known], merged: Merged) -> Iterator[Hit]:
    while batch := list(islice(people, _BATCH)):
        cases = cases_of_people(work, [person.no for person in batch if person.kind == "person"])
        records = _records(work, cases, batch)
        opened = cases_opened_for(work, [person.no for person in batch if person.kind == APPLICATION.name])
        of_several = [person.no for person in batch if merged.gone(person.no)]
        joint = records_of_residents(work, of_several) if of_several else {}
        for person in batch:
            if person.no in joint and not may_see(work, FINDABLE, joint[person.no]):
                continue
            hit = (
                _resident(work, person, cases.get(person.no, []), records)
                if person.kind == "person"
                else _at_the_desk(work, person, records[person.subject], opened.get(person.no))
            )
            if hit:
                yield replace(hit, merged=merged.gone(hit.no)) if hit.kind == "resident" else hit


def _records(work: UnitOfWork, cases: Mapping[str, Sequence[Membership]], people: Sequence[Known]) -> dict[str, Record]:
    """Whose records these are, by subject."""
    case_nos = {membership.case_no for memberships in cases.values() for membership in memberships}
    without = [person.no for person in people if person.kind == "person" and person.no not in cases]
    records = [*case_records(work, decisions, case_nos).values(), *records_without_case(work, without).values()]
    for kind in (CONSULTATION, APPLICATION):
        records += records_of(work, kind, [person.no for person in people if person.kind == kind.name]).values()
    return {record.subject: record for record in records}


def _at_the_desk(work: UnitOfWork, person: Known, record: Record, case_no: str | None) -> Hit | None:
    """Who came for a consultation, or applied; with the case that was opened for it."""
    if not may_see(work, f"{person.kind}.read", record):
        return None
    is_shown = case_no and may_see(work, FINDABLE, record)
    cases = [CaseOfHit(case_no, record.district, record.caseworker)] if case_no and is_shown else []
    kind: HitKind = "consultation" if person.kind == CONSULTATION.name else "application"
    return Hit(kind, person.no, person.name, person.kana, person.birth, cases)


def _resident(
    work: UnitOfWork, person: Known, memberships: Sequence[Membership], records: Mapping[str, Record]
) -> Hit | None:
    """A person with the cases that the caller may see. One closed case of a shielded person closes all of them."""
    own = [records[f"case:{membership.case_no}"] for membership in memberships] or [records[person.subject]]
    seen = [record for record in own if may_see(work, FINDABLE, record)]
    closed = [record for record in own if record not in seen and (record.shielded or record.barred)]
    if not seen or closed:
        return None
    cases = [
        CaseOfHit(record.subject.partition(":")[2], record.district, record.caseworker)
        for record in seen
        if record.subject.startswith("case:")
    ]
    birth = memberships[-1].birth if memberships else ""
    return Hit("resident", person.no, person.name, person.kana, birth, cases)


def _subjects(hit: Hit) -> list[str]:
    own = f"person:{hit.no}" if hit.kind == "resident" else f"{hit.kind}:{hit.no}"
    return [own, *(f"case:{case.case_no}" for case in hit.cases)]
