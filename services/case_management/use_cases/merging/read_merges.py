"""Read what was proposed and decided about numbers of one person (名寄せ), and what of it waits in the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.case_management.adapters.cases_of_people import records_of_residents
from services.case_management.adapters.merging.merges import Merge, distinctions_of, waiting_merges
from services.case_management.adapters.residents import newest_entry
from services.case_management.use_cases.merging.find_candidates import (
    READ,
    CandidatePairs,
    PersonOfPair,
    list_candidates,
    people_of,
)
from services.case_management.use_cases.merging.visible_merges import visible_merges
from shared.access.records import may_see
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Distinction:
    """That somebody else is another person: by whom, when, and why in words; or with `undoes`, that they are not."""

    distinction_id: UUID
    person_no: str
    undoes: UUID | None
    undone: bool
    words: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MergeHistory:
    """All proposals that name a number, and whom it was told to be another person than, oldest first."""

    merges: Sequence[Merge]
    distinctions: Sequence[Distinction]
    people: Mapping[str, PersonOfPair]


@dataclass(frozen=True, slots=True)
class MergesOfOffice:
    """What waits: proposals for a second person, and pairs for anybody."""

    merges: Sequence[Merge]
    candidates: CandidatePairs
    people: Mapping[str, PersonOfPair]


def read_merge_history(work: UnitOfWork, person_no: str, purpose: str) -> MergeHistory:
    """Return what was proposed, decided and said of a number, with those whom the caller may see; a look.

    Raises:
        Problem: not-found.
    """
    if newest_entry(work, person_no) is None:
        raise Problem("not-found", field="person_no")
    merges = visible_merges(work, person_no)
    rows = [({row["low"], row["high"]} - {person_no}, row) for row in distinctions_of(work, person_no)]
    undone = {row["undoes"] for _, row in rows}
    distinctions = [
        Distinction(
            row["distinction_id"],
            other,
            row["undoes"],
            row["distinction_id"] in undone,
            row["words"],
            row["recorded_by"],
            row["recorded_at"],
        )
        for (other,), row in rows
    ]
    records = records_of_residents(work, [distinction.person_no for distinction in distinctions])
    shown = [said for said in distinctions if may_see(work, READ, records[said.person_no])]
    named = {number for merge in merges for number in (merge.goes, merge.stays)}
    named |= {person_no, *(said.person_no for said in shown)}
    work.look("merges", [f"person:{number}" for number in sorted(named)], purpose)
    return MergeHistory(merges, shown, people_of(work, named))


def list_merges(work: UnitOfWork, purpose: str) -> MergesOfOffice:
    """Return what waits in the office, as far as the caller may see both people of it; a look."""
    candidates, waiting = list_candidates(work), waiting_merges(work)
    records = records_of_residents(work, {number for merge in waiting for number in (merge.goes, merge.stays)})
    visible = {number for number, record in records.items() if may_see(work, READ, record)}
    shown = [merge for merge in waiting if visible.issuperset((merge.goes, merge.stays))]
    people = people_of(work, {number for merge in shown for number in (merge.goes, merge.stays)})
    paired = {person.person_no for pair in candidates.items for person in (pair.first, pair.second)}
    work.look("merges", [f"person:{number}" for number in sorted({*people, *paired})], purpose)
    return MergesOfOffice(shown, candidates, people)
