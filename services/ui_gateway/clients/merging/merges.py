"""Two numbers of one person (名寄せ): candidates, proposals, what was decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class PersonOfPair(View):
    """Somebody of a pair."""

    person_no: str
    name: str
    kana: str
    birth: str


class Candidate(View):
    """Somebody who may be the person that was asked about, and by which signs."""

    person: PersonOfPair
    reasons: list[str]


class Candidates(View):
    """The person that was asked about, and who may be the same."""

    person: PersonOfPair
    items: list[Candidate]


class CandidatePair(View):
    """Two who may be one person, and by which signs."""

    first: PersonOfPair
    second: PersonOfPair
    reasons: list[str]


class Merge(View):
    """A proposal that ``goes`` leads to ``stays``, or with ``undoes`` that it does not any more."""

    merge_id: UUID
    goes: PersonOfPair
    stays: PersonOfPair
    undoes: UUID | None
    words: str
    state: str
    proposer: str
    proposed_at: datetime
    sha256: str
    approver: str | None
    approved_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class Distinction(View):
    """That somebody else is another person; with ``undoes``, that such a record is taken back (``undone``)."""

    distinction_id: UUID
    person_no: str
    undoes: UUID | None
    undone: bool
    words: str
    recorded_by: str
    recorded_at: datetime


class MergeHistory(View):
    """What was proposed and said about a number, oldest first."""

    merges: list[Merge]
    distinctions: list[Distinction]

    def standing(self, other: str) -> Distinction | None:
        """The record that somebody is another person, while it stands."""
        said = (each for each in self.distinctions if not (each.undoes or each.undone))
        return next((each for each in said if each.person_no == other), None)


class WaitingMerges(View):
    """What waits in the office; ``more``: not all pairs are named."""

    merges: list[Merge]
    pairs: list[CandidatePair]
    more: bool


def candidates(service: ServiceClient, person_no: str, purpose: str) -> Candidates:
    """Who may be the same person."""
    return Candidates.model_validate(service.get(f"/residents/{person_no}/candidates", {"purpose": purpose}))


def merge_history(service: ServiceClient, person_no: str, purpose: str) -> MergeHistory:
    """What was proposed and said about a number."""
    return MergeHistory.model_validate(service.get(f"/residents/{person_no}/merges", {"purpose": purpose}))


def waiting_merges(service: ServiceClient, purpose: str) -> WaitingMerges:
    """What waits in the office."""
    return WaitingMerges.model_validate(service.get("/merges", {"purpose": purpose}))


def propose_merge(service: ServiceClient, person_no: str, body: Mapping[str, Any], key: str) -> View:
    """Propose that a number goes and another one stays."""
    return _post(service, f"/residents/{person_no}/merges", body, key)


def distinguish(service: ServiceClient, person_no: str, body: Mapping[str, Any], key: str) -> View:
    """Say that somebody else is another person."""
    return _post(service, f"/residents/{person_no}/distinctions", body, key)


def propose_undoing(service: ServiceClient, person_no: str, merge_id: UUID, body: Mapping[str, Any], key: str) -> View:
    """Propose that both numbers stand for themselves again."""
    return _post(service, f"/residents/{person_no}/merges/{merge_id}/undoing", body, key)


def approve_merge(service: ServiceClient, person_no: str, merge_id: UUID, sha256: str, key: str) -> View:
    """Approve what the hash names."""
    return _post(service, f"/residents/{person_no}/merges/{merge_id}/approval", {"sha256": sha256}, key)


def withdraw_merge(service: ServiceClient, person_no: str, merge_id: UUID, reason: str, key: str) -> View:
    """Take a proposal back, or return it."""
    return _post(service, f"/residents/{person_no}/merges/{merge_id}/withdrawal", {"reason": reason}, key)


def _post(service: ServiceClient, path: str, body: Mapping[str, Any], key: str) -> View:
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
