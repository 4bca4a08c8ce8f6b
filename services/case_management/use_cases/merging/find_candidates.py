"""Find numbers that may be one person (名寄せの候補), as far as the caller may see both."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.case_management.adapters.cases_of_people import cases_of_people, records_of_residents
from services.case_management.adapters.finding.alike import like_each_other, like_person
from services.case_management.adapters.merging.merged import Merged, merged_numbers
from services.case_management.adapters.merging.merges import Pair, distinct_pairs, in_order, waiting_merges
from services.case_management.adapters.residents import newest_entry, residents_named
from services.case_management.domain.same_person import SIGNS, Sign
from shared.access.records import may_see
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

READ: Final = "resident.read"
"""Whoever may not read the one and the other learns of no pair of them."""
MOST: Final = 50
"""Pairs that one answer names."""
_BATCH: Final = 200
"""Pairs of which it is asked at a time who may see them."""


@dataclass(frozen=True, slots=True)
class PersonOfPair:
    """Somebody of a pair; `birth` is empty where no household says it."""

    person_no: str
    name: str
    kana: str
    birth: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the person that was asked about, and why."""

    person: PersonOfPair
    reasons: Sequence[Sign]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The person that was asked about, and who may be the same, by number."""

    person: PersonOfPair
    items: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class CandidatePair:
    """Two who may be one person, and why."""

    first: PersonOfPair
    second: PersonOfPair
    reasons: Sequence[Sign]


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """The first pairs by number; `more`: there are more of them that the caller may see."""

    items: Sequence[CandidatePair]
    more: bool


def find_candidates(work: UnitOfWork, person_no: str, purpose: str) -> Candidates:
    """Return who may be the same person as one, but for those who are two people for certain; the look is recorded.

    Raises:
        Problem: not-found.
    """
    if newest_entry(work, person_no) is None:
        raise Problem("not-found", field="person_no")
    merged, apart = merged_numbers(work), distinct_pairs(work)
    shared: defaultdict[str, set[Sign]] = defaultdict(set)
    for number in merged.numbers(person_no):
        for other, signs in like_person(work, number).items():
            if pair := _open_pair(number, other, merged, apart):
                shared[pair[1]].update(signs)
    visible = _visible(work, shared)
    people = people_of(work, {person_no, *visible})
    work.look("same_person", [f"person:{number}" for number in sorted({person_no, *visible})], purpose)
    items = [Candidate(people[number], _ordered(shared[number])) for number in sorted(visible)]
    return Candidates(people[person_no], items)


def list_candidates(work: UnitOfWork) -> CandidatePairs:
    """Return the pairs of which nothing is proposed or decided; whoever calls it records the look."""
    pairs = list(islice(_visible_pairs(work), MOST + 1))
    shown = pairs[:MOST]
    people = people_of(work, {number for (first, second), _ in shown for number in (first, second)})
    items = [CandidatePair(people[first], people[second], signs) for (first, second), signs in shown]
    return CandidatePairs(items, len(pairs) > MOST)


def people_of(work: UnitOfWork, person_nos: Collection[str]) -> dict[str, PersonOfPair]:
    """Return persons of the register by number, as a list shows them."""
    names, cases = residents_named(work, list(person_nos)), cases_of_people(work, person_nos)
    births = {number: next((of_case.birth for of_case in cases.get(number, [])), "") for number in names}
    return {number: PersonOfPair(number, who.name, who.kana, births[number]) for number, who in names.items()}


def _visible(work: UnitOfWork, person_nos: Collection[str]) -> set[str]:
    records = records_of_residents(work, person_nos)
    return {number for number, record in records.items() if may_see(work, READ, record)}


def _visible_pairs(work: UnitOfWork) -> Iterator[tuple[Pair, Sequence[Sign]]]:
    pairs = _open_pairs(work)
    while batch := list(islice(pairs, _BATCH)):
        visible = _visible(work, {number for pair, _ in batch for number in pair})
        yield from ((pair, signs) for pair, signs in batch if visible.issuperset(pair))


def _open_pairs(work: UnitOfWork) -> Iterator[tuple[Pair, Sequence[Sign]]]:
    merged, apart, met = merged_numbers(work), distinct_pairs(work), set[Pair]()
    apart |= {in_order(merge.goes, merge.stays) for merge in waiting_merges(work)}
    for first, second, signs in like_each_other(work):
        pair = _open_pair(first, second, merged, apart)
        if pair and (in_order(*pair) not in met):
            met.add(in_order(*pair))
            yield in_order(*pair), signs


def _open_pair(first: str, second: str, merged: Merged, apart: Collection[Pair]) -> Pair | None:
    """The numbers that stay of two; None where they are one person already, or two for certain."""
    pair = merged.number(first), merged.number(second)
    is_decided = pair[0] == pair[1] or in_order(first, second) in apart or in_order(*pair) in apart
    return None if is_decided else pair


def _ordered(signs: Collection[Sign]) -> list[Sign]:
    return [sign for sign in SIGNS if sign in signs]
