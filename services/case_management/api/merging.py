"""Two numbers of one person (名寄せ): candidates with reasons, proposals, approval by another person, undoing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.case_management.adapters.cases_of_people import record_of_resident
from services.case_management.adapters.merging.merges import Merge
from services.case_management.api.written import PersonNo, Words
from services.case_management.use_cases.merging import approve_merge as approval
from services.case_management.use_cases.merging import propose_merge as proposal
from services.case_management.use_cases.merging.distinguish import distinguish
from services.case_management.use_cases.merging.find_candidates import PersonOfPair, find_candidates
from services.case_management.use_cases.merging.read_merges import list_merges, read_merge_history
from shared.contracts.codes import MergeState, SameSign, TakenBack
from shared.decisions.api.schemas import Answer, Approve, PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("merging")
Why = Annotated[Words, Field(description="why, in words")]


class ProposeMerge(BaseModel):
    """Which number stays, and why the two are one person."""

    stays: PersonNo
    words: Why


class UndoMerge(BaseModel):
    """Why the two are not one person after all."""

    words: Why


class WithdrawMerge(BaseModel):
    """Why a proposal is taken back, or returned."""

    reason: TakenBack


class Distinguish(BaseModel):
    """Who is another person, and why; with ``undoes``, the record of the two that is taken back, and why."""

    other: PersonNo
    words: Why
    undoes: UUID | None = None


class PersonOfPairView(Answer):
    """Somebody of a pair; ``birth`` is empty where no household says it."""

    person_no: str
    name: str
    kana: str
    birth: str


class CandidateView(Answer):
    """Somebody who may be the person that was asked about, and by which signs."""

    person: PersonOfPairView
    reasons: list[SameSign]


class CandidatesView(Answer):
    """The person that was asked about, and who may be the same, by number."""

    person: PersonOfPairView
    items: list[CandidateView]


class CandidatePairView(Answer):
    """Two who may be one person, and by which signs."""

    first: PersonOfPairView
    second: PersonOfPairView
    reasons: list[SameSign]


class MergeView(Answer):
    """A proposal: ``goes`` leads to ``stays`` once it is approved; with ``undoes`` that ends."""

    merge_id: UUID
    goes: PersonOfPairView
    stays: PersonOfPairView
    undoes: UUID | None
    words: str
    state: MergeState
    proposer: str
    proposed_at: datetime
    sha256: str
    approver: str | None
    approved_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, merge: Merge, people: Mapping[str, PersonOfPair]) -> "MergeView":
        """A proposal as it is shown."""
        values = {name: getattr(merge, name) for name in cls.model_fields if name not in ("goes", "stays")}
        pair = {name: PersonOfPairView.model_validate(people[getattr(merge, name)]) for name in ("goes", "stays")}
        return cls(**values, **pair)


class MergeIdView(Answer):
    """A proposal by its id, how far it is, and the hash that an approval names."""

    merge_id: UUID
    state: MergeState
    sha256: str


class DistinctionView(Answer):
    """That somebody else is another person; with ``undoes``, that such a record is taken back (``undone``)."""

    distinction_id: UUID
    person_no: str
    undoes: UUID | None
    undone: bool
    words: str
    recorded_by: str
    recorded_at: datetime


class DistinctionId(Answer):
    """The id of a record that two numbers are two people."""

    distinction_id: UUID


class MergeHistoryView(Answer):
    """All proposals that name a number, and whom it was recorded to be another person than, oldest first."""

    merges: list[MergeView]
    distinctions: list[DistinctionView]


class MergesView(Answer):
    """What waits in the office: proposals, and the first pairs; ``more``: there are more pairs."""

    merges: list[MergeView]
    pairs: list[CandidatePairView]
    more: bool


_PATH = "/residents/<person_no>"


@routes.get(f"{_PATH}/candidates", permission="resident.read", query=PurposeQuery, of=record_of_resident)
def read_candidates(work: UnitOfWork, person_no: str, query: PurposeQuery) -> CandidatesView:
    """Who may be the same person, with the reasons."""
    return CandidatesView.model_validate(find_candidates(work, person_no, query.purpose))


@routes.get(f"{_PATH}/merges", permission="resident.read", query=PurposeQuery, of=record_of_resident)
def read_merges_of(work: UnitOfWork, person_no: str, query: PurposeQuery) -> MergeHistoryView:
    """What was proposed and decided about a number."""
    history = read_merge_history(work, person_no, query.purpose)
    return MergeHistoryView(
        merges=[MergeView.of(merge, history.people) for merge in history.merges],
        distinctions=[DistinctionView.model_validate(said) for said in history.distinctions],
    )


@routes.get("/merges", permission="merge.list", query=PurposeQuery)
def list_waiting_merges(work: UnitOfWork, query: PurposeQuery) -> MergesView:
    """What waits in the office, as far as the caller may see both people."""
    waiting = list_merges(work, query.purpose)
    return MergesView(
        merges=[MergeView.of(merge, waiting.people) for merge in waiting.merges],
        pairs=[CandidatePairView.model_validate(pair) for pair in waiting.candidates.items],
        more=waiting.candidates.more,
    )


@routes.post(f"{_PATH}/merges", permission="merge.propose", status=201, of=record_of_resident)
def propose_merging(work: UnitOfWork, person_no: str, body: ProposeMerge) -> MergeIdView:
    """Propose that this number goes and another one stays."""
    return MergeIdView.model_validate(proposal.propose_merge(work, person_no, body.stays, body.words))


@routes.post(f"{_PATH}/merges/<merge_id>/undoing", permission="merge.propose", status=201, of=record_of_resident)
def propose_undoing(work: UnitOfWork, person_no: str, merge_id: UUID, body: UndoMerge) -> MergeIdView:
    """Propose that both numbers stand for themselves again."""
    return MergeIdView.model_validate(proposal.propose_undo(work, person_no, merge_id, body.words))


@routes.post(f"{_PATH}/merges/<merge_id>/approval", permission="merge.approve", approval=True, of=record_of_resident)
def approve_merging(work: UnitOfWork, person_no: str, merge_id: UUID, body: Approve) -> MergeIdView:
    """Approve what the hash names, as another person."""
    return MergeIdView.model_validate(approval.approve_merge(work, person_no, merge_id, body.sha256))


@routes.post(f"{_PATH}/merges/<merge_id>/withdrawal", permission="merge.withdraw", of=record_of_resident)
def withdraw_merging(work: UnitOfWork, person_no: str, merge_id: UUID, body: WithdrawMerge) -> MergeIdView:
    """Take a proposal back, or return it."""
    return MergeIdView.model_validate(approval.withdraw_merge(work, person_no, merge_id, body.reason))


@routes.post(f"{_PATH}/distinctions", permission="merge.propose", status=201, of=record_of_resident)
def distinguish_people(work: UnitOfWork, person_no: str, body: Distinguish) -> DistinctionId:
    """Record that two numbers are two people, or take that back."""
    return DistinctionId(distinction_id=distinguish(work, person_no, body.other, body.words, body.undoes))
