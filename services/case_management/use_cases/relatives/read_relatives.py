"""Read the relatives liable for support (扶養義務者) of a case, each with how the enquiry to them stands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.case_management.adapters.investigations.relatives import (
    ANSWERS,
    DECISIONS,
    DETAILS,
    PROPOSALS,
    relative_answers,
    relative_decisions,
    relative_details,
    relative_letters,
    relative_proposals,
    relatives,
)
from services.case_management.adapters.tables import decisions
from services.case_management.domain.relatives import Decision, EnquiryState, enquiry_state
from shared.contracts.codes import EnquiryExclusion, RelativeOutcome, RelativeRelation
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Detail:
    """What a relative is called and where they live, by one row."""

    detail_id: UUID
    relation: RelativeRelation
    content: dict[str, Any]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whether to write to a relative, and what another person decided; None while nobody did."""

    proposal_id: UUID
    detail_id: UUID
    enquire: bool
    reason: EnquiryExclusion | None
    words: str | None
    proposer: str
    proposed_at: datetime
    agreed: bool | None
    approver: str | None
    decided_at: datetime | None
    decision_words: str | None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter that was printed."""

    letter_id: UUID
    due_on: date
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; yen a month."""

    answer_id: UUID
    answered_on: date
    outcome: RelativeOutcome
    yen: int | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative with all that is recorded about them, oldest first, and how the enquiry stands today."""

    relative_id: UUID
    person_no: str | None
    details: Sequence[Detail]
    proposals: Sequence[Proposal]
    letters: Sequence[LetterRow]
    answers: Sequence[Answer]
    today: date

    @property
    def state(self) -> EnquiryState:
        """How the enquiry stands; an answer that came before the newest proposal is still one."""
        newest = self.proposals[-1] if self.proposals else None
        as_recorded = newest is not None and newest.detail_id == self.details[-1].detail_id
        decision = Decision(newest.enquire, newest.agreed, as_recorded) if newest else None
        due_on = self.letters[-1].due_on if self.letters else None
        return enquiry_state(decision, due_on, bool(self.answers), self.today)


def read_relatives(work: UnitOfWork, case_no: str, purpose: str) -> list[Relative]:
    """Return the relatives of a case in the order in which they were recorded; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    heads = select(relatives).where(relatives.c.case_no == case_no).order_by(relatives.c.number)
    rows = work.connection.execute(heads).all()
    persons = sorted({row.person_no for row in rows if row.person_no})
    work.look("relatives", [f"case:{case_no}", *(f"person:{number}" for number in persons)], purpose)
    ids = [row.relative_id for row in rows]
    details, proposals = _details(work, ids), _proposals(work, ids)
    letters, answers = _letters(work, ids), _answers(work, ids)
    return [
        Relative(
            row.relative_id,
            row.person_no,
            details[row.relative_id],
            proposals.get(row.relative_id, []),
            letters.get(row.relative_id, []),
            answers.get(row.relative_id, []),
            work.clock.today(),
        )
        for row in rows
    ]


def newest_detail(work: UnitOfWork, relative_id: UUID) -> Detail:
    """Return what a relative is called by now."""
    return _details(work, [relative_id])[relative_id][-1]


def detail_named(work: UnitOfWork, relative_id: UUID, detail_id: UUID) -> Detail:
    """Return what a relative was called by one row of theirs."""
    details = _details(work, [relative_id])[relative_id]
    return next(detail for detail in details if detail.detail_id == detail_id)


def _rows(work: UnitOfWork, table: Table, ids: Sequence[UUID]) -> Sequence[Mapping[Any, Any]]:
    of_relatives = select(table).where(table.c.relative_id.in_(ids)).order_by(table.c.number)
    return work.connection.execute(of_relatives).mappings().all()


def _details(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Detail]]:
    details: dict[UUID, list[Detail]] = {}
    for row in work.unseal(DETAILS, _rows(work, relative_details, ids)):
        content = json.loads(row["content"])
        detail = Detail(row["detail_id"], row["relation"], content, row["recorded_by"], row["recorded_at"])
        details.setdefault(row["relative_id"], []).append(detail)
    return details


def _proposals(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Proposal]]:
    rows = work.unseal(PROPOSALS, _rows(work, relative_proposals, ids))
    of_them = relative_decisions.c.proposal_id.in_([row["proposal_id"] for row in rows])
    decided_rows = work.connection.execute(select(relative_decisions).where(of_them)).mappings().all()
    decided = {row["proposal_id"]: row for row in work.unseal(DECISIONS, decided_rows)}
    proposals: dict[UUID, list[Proposal]] = {}
    for row in rows:
        decision = decided.get(row["proposal_id"], {})
        proposal = Proposal(
            row["proposal_id"],
            row["detail_id"],
            row["enquire"],
            row["reason"],
            row["words"],
            row["proposer"],
            row["proposed_at"],
            decision.get("agreed"),
            decision.get("approver"),
            decision.get("decided_at"),
            decision.get("words"),
        )
        proposals.setdefault(row["relative_id"], []).append(proposal)
    return proposals


def _letters(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[LetterRow]]:
    letters: dict[UUID, list[LetterRow]] = {}
    for row in _rows(work, relative_letters, ids):
        letter = LetterRow(row["letter_id"], row["due_on"], row["recorded_by"], row["recorded_at"])
        letters.setdefault(row["relative_id"], []).append(letter)
    return letters


def _answers(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Answer]]:
    answers: dict[UUID, list[Answer]] = {}
    for row in work.unseal(ANSWERS, _rows(work, relative_answers, ids)):
        answer = Answer(**{name: row[name] for name in Answer.__dataclass_fields__})
        answers.setdefault(row["relative_id"], []).append(answer)
    return answers
