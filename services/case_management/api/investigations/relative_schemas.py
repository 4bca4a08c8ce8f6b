"""Bodies and answers of relatives liable for support (扶養義務者) and of enquiries to them (扶養照会)."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.case_management.api.written import Birth, Line, PersonNo, Reading, Telephone, Words
from services.case_management.domain.relatives import EnquiryState
from services.case_management.use_cases.relatives import read_relatives as reading
from services.case_management.use_cases.relatives.record_relative import NewAnswer
from shared.contracts.codes import EnquiryExclusion, RelativeOutcome, RelativeRelation
from shared.decisions.api.schemas import Answer, Day

Yen = Annotated[int, Field(ge=1, le=10_000_000, description="yen a month")]


class RelativeContent(BaseModel):
    """What a relative is called and where they live; all but the name may stay open."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    kana: Reading | None = None
    birth: Birth | None = None
    address: Line | None = None
    telephone: Telephone | None = None
    remarks: Words | None = None


class _Described(BaseModel):
    relation: RelativeRelation
    content: RelativeContent

    @property
    def words(self) -> dict[str, Any]:
        """What of the content is known."""
        return self.content.model_dump(exclude_none=True)


class RecordRelative(_Described):
    """A relative, and whose: a member's, or the household's where nobody is named."""

    person_no: PersonNo | None = None


class CorrectRelative(_Described):
    """The whole of what is known by now, after the row that its writer saw."""

    follows: UUID


class RelativeId(Answer):
    """The relative, and the row that was written; the next writer names it in ``follows``."""

    relative_id: UUID
    detail_id: UUID


class ProposeEnquiry(BaseModel):
    """Whether to write to the relative; where not, why."""

    enquire: bool
    reason: EnquiryExclusion | None = None
    words: Words | None = None


class EnquiryProposalId(BaseModel):
    """The proposal that was kept."""

    proposal_id: UUID


class DecideEnquiry(BaseModel):
    """Agree to the proposal, or return it (差戻し)."""

    agreed: bool
    words: Words | None = None


class EnquiryDecision(BaseModel):
    """The proposal that was decided on."""

    proposal_id: UUID
    agreed: bool


class PrintLetter(BaseModel):
    """By which day the relative is asked to answer."""

    due_on: Day


class LetterId(BaseModel):
    """The letter that was printed."""

    letter_id: UUID


class LetterView(Answer):
    """What a letter says; never where the household lives."""

    letter_id: UUID
    relative_name: str
    relative_address: str | None
    relation: RelativeRelation
    member_name: str | None
    due_on: date
    printed_by: str
    printed_at: datetime


class AnswerOfRelative(BaseModel):
    """What came back from a relative; yen a month where money is offered."""

    answered_on: Day
    outcome: RelativeOutcome
    yen: Yen | None = None
    words: Words | None = None

    def answer(self) -> NewAnswer:
        """What is kept."""
        return NewAnswer(**self.model_dump())


class RelativeAnswerId(BaseModel):
    """The answer that was kept."""

    answer_id: UUID


class RelativeDetailView(Answer):
    """What a relative is called, by one row."""

    detail_id: UUID
    relation: RelativeRelation
    content: RelativeContent
    recorded_by: str
    recorded_at: datetime


class EnquiryProposalView(Answer):
    """A proposal, and what was decided on it."""

    proposal_id: UUID
    enquire: bool
    reason: EnquiryExclusion | None
    words: str | None
    proposer: str
    proposed_at: datetime
    agreed: bool | None
    approver: str | None
    decided_at: datetime | None
    decision_words: str | None


class LetterRowView(Answer):
    """A letter that was printed."""

    letter_id: UUID
    due_on: date
    recorded_by: str
    recorded_at: datetime


class RelativeAnswerView(Answer):
    """What came back."""

    answer_id: UUID
    answered_on: date
    outcome: RelativeOutcome
    yen: int | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


class RelativeView(Answer):
    """A relative with all that is recorded, oldest first, and how the enquiry stands."""

    relative_id: UUID
    person_no: str | None
    state: EnquiryState
    details: list[RelativeDetailView]
    proposals: list[EnquiryProposalView]
    letters: list[LetterRowView]
    answers: list[RelativeAnswerView]


class Relatives(BaseModel):
    """The relatives of a case."""

    items: list[RelativeView]

    @classmethod
    def of(cls, items: list[reading.Relative]) -> Self:
        """Relatives as they are shown."""
        return cls(items=[RelativeView.model_validate(item) for item in items])
