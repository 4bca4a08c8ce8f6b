"""Read what comes up by itself (期限の到来): papers that expire and ages that are reached, in the caller's cases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from services.case_management.adapters.cases_of_people import Membership, cases_of_people, people_born_on
from services.case_management.adapters.merging.merged import merged_numbers
from services.case_management.adapters.person_details import held_papers, person_details
from services.case_management.adapters.residents import residents_named
from services.case_management.adapters.tables import decisions
from services.case_management.domain.casework import AGES, UPCOMING, births_of, reached_on
from shared.access.records import Record, may_see
from shared.contracts.codes import DetailKind
from shared.contracts.permissions import DUE
from shared.decisions.adapters.scope import case_records
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 200
"""Lines that one list names."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A paper that expires on a day, or an age that is reached on it, of a member of a case."""

    on: date
    certificate: DetailKind | None
    age: int | None
    person_no: str
    name: str
    case_no: str
    caseworker: str | None


@dataclass(frozen=True, slots=True)
class _Coming:
    """The same of a person, before it is known whose cases they are in."""

    on: date
    certificate: DetailKind | None
    age: int | None
    person_no: str


def read_upcoming(work: UnitOfWork, purpose: str) -> tuple[list[Upcoming], int]:
    """Return what has expired or comes within 60 days, by its day, and how much of it there is; the look is recorded.

    Whoever has two numbers (名寄せ) is one person: a paper may be renewed under the one or the other.
    A paper that expires drops out when somebody ends or corrects it, or records one of the same kind that is valid
    for longer, or for good, and has not ended.
    """
    today = work.clock.today()
    coming = _once(work, [*_expiring(work, today), *_reaching(work, today)])
    present = _present(work, {item.person_no for item in coming}, today)
    records = case_records(work, decisions, {each.case_no for cases in present.values() for each in cases})
    open_ = {case_no: record for case_no, record in records.items() if may_see(work, DUE, record)}
    lines = [
        (item, open_[each.case_no], each.case_no)
        for item in coming
        for each in present.get(item.person_no, ())
        if each.case_no in open_
    ]
    lines.sort(key=lambda line: (line[0].on, line[2], line[0].person_no))
    return _shown(work, lines[:MOST], purpose), len(lines)


def _once(work: UnitOfWork, coming: Sequence[_Coming]) -> set[_Coming]:
    """The same by the number that stays of each person, without the papers that another number of theirs renewed."""
    merged = merged_numbers(work, {item.person_no for item in coming})
    papers = held_papers(work, {*merged.into, *merged.into.values()}, work.clock.today())
    latest: dict[tuple[str, str], date] = {}
    for person_no, kind, expires_on in papers:
        paper = merged.number(person_no), kind
        latest[paper] = max(expires_on, latest.get(paper, expires_on))
    of_person = [replace(item, person_no=merged.number(item.person_no)) for item in coming]
    return {
        item
        for item in of_person
        if item.certificate is None or item.on >= latest.get((item.person_no, item.certificate), item.on)
    }


def _shown(work: UnitOfWork, lines: Sequence[tuple[_Coming, Record, str]], purpose: str) -> list[Upcoming]:
    names = residents_named(work, [item.person_no for item, _, _ in lines])
    if lines:
        persons = sorted({f"person:{item.person_no}" for item, _, _ in lines})
        work.look("upcoming", [*sorted({f"case:{case_no}" for _, _, case_no in lines}), *persons], purpose)
    return [
        Upcoming(
            on=item.on,
            certificate=item.certificate,
            age=item.age,
            person_no=item.person_no,
            name=names[item.person_no].name if item.person_no in names else "",
            case_no=case_no,
            caseworker=record.caseworker,
        )
        for item, record, case_no in lines
    ]


def _expiring(work: UnitOfWork, today: date) -> Iterator[_Coming]:
    paper, later = person_details.c, person_details.alias("later").c
    held = paper.fact == "certificate", paper.expires_on <= today + timedelta(days=UPCOMING)
    holds = or_(paper.valid_to.is_(None), paper.valid_to >= today)
    corrected = select(later.detail_id).where(later.corrects == paper.detail_id)
    newer = person_details.alias("newer")
    renewed = select(newer.c.detail_id).where(
        newer.c.person_no == paper.person_no,
        newer.c.fact == paper.fact,
        newer.c.kind == paper.kind,
        or_(newer.c.expires_on > paper.expires_on, newer.c.expires_on.is_(None) & (newer.c.number > paper.number)),
        or_(newer.c.valid_to.is_(None), newer.c.valid_to >= today),
        newer.c.detail_id.not_in(select(later.corrects).where(later.corrects.is_not(None))),
    )
    columns = paper.person_no, paper.kind, paper.expires_on
    for row in work.connection.execute(select(*columns).where(*held, holds, ~corrected.exists(), ~renewed.exists())):
        yield _Coming(row.expires_on, row.kind, None, row.person_no)


def _reaching(work: UnitOfWork, today: date) -> Iterator[_Coming]:
    last = today + timedelta(days=UPCOMING)
    ages = {birth.isoformat(): (age, birth) for age in AGES for birth in births_of(age, today, last)}
    for person_no, birth in people_born_on(work, ages).items():
        age, day = ages[birth]
        yield _Coming(reached_on(day, age), None, age, person_no)


def _present(work: UnitOfWork, person_nos: set[str], today: date) -> Mapping[str, Sequence[Membership]]:
    """The cases in which each person is today."""
    cases: dict[str, Any] = cases_of_people(work, person_nos)
    return {
        person_no: [each for each in own if each.last_day is None or each.last_day >= today]
        for person_no, own in cases.items()
    }
