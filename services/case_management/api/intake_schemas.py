"""Bodies, queries and answers of intake: consultations (面接相談) and applications (申請)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.case_management.adapters.entries import Entry
from services.case_management.api.intake_content import ApplicationContent, ConsultationContent
from services.case_management.api.schemas import District
from services.case_management.api.written import ReceiptNo, Words
from services.case_management.domain.intake import LimitState
from services.case_management.use_cases.intake.read_applications import Application
from services.case_management.use_cases.intake.read_consultations import Consultation
from services.case_management.use_cases.intake.record_application import ApplicationEntry
from services.case_management.use_cases.intake.record_consultation import ConsultationEntry, Recorded
from shared.contracts.assistance import Programme
from shared.contracts.codes import (
    ApplicationForm,
    ApplicationKind,
    ApplicationState,
    ConsultationMatter,
    ConsultationResult,
    ContactChannel,
    DelayReason,
    EntryChange,
    LegalBasis,
    StartGround,
)
from shared.contracts.purposes import Purpose
from shared.decisions.api.schemas import Answer, Day

CaseNo = Annotated[str, Field(pattern=r"^[0-9]{8}$", description="case number (ケース番号)")]


class RecordConsultation(BaseModel):
    """A consultation as it was held; whatever is not known yet stays out."""

    held_on: Day
    channel: ContactChannel
    matter: ConsultationMatter
    result: ConsultationResult = "continuing"
    wish_to_apply: bool = False
    form_handed: bool = False
    shielded: bool = False
    district: District | None = None
    content: ConsultationContent

    @property
    def words(self) -> dict[str, Any]:
        """What of the content is known."""
        return self.content.model_dump(exclude_none=True)

    def entry(self) -> ConsultationEntry:
        """What stands beside the words."""
        return ConsultationEntry(**{name: getattr(self, name) for name in ConsultationEntry.__dataclass_fields__})


class _Follows(BaseModel):
    """Which entry the writer saw, and why another one follows it."""

    follows: UUID
    change: Literal["continued", "correction"] = "continued"


class ContinueConsultation(RecordConsultation, _Follows):
    """The whole consultation as it is now, after the entry that its writer saw."""


class RecordApplication(BaseModel):
    """An application as it was made; missing papers hold nothing up."""

    programme: Programme = "public_assistance"
    kind: ApplicationKind = "start"
    ground: StartGround = "application"
    form: ApplicationForm = "written"
    legal_basis: LegalBasis = "act"
    present_location: bool = False
    applied_on: Day
    received_on: Day
    case_no: CaseNo | None = None
    shielded: bool = False
    district: District | None = None
    content: ApplicationContent

    @property
    def words(self) -> dict[str, Any]:
        """What of the content is known."""
        return self.content.model_dump(exclude_none=True)

    def entry(self) -> ApplicationEntry:
        """What stands beside the words."""
        return ApplicationEntry(**{name: getattr(self, name) for name in ApplicationEntry.__dataclass_fields__})


class OpenApplication(RecordApplication):
    """An application, and the consultation it came from."""

    consultation_no: ReceiptNo | None = None


class ContinueApplication(RecordApplication, _Follows):
    """The whole application as it is now, after the entry that its writer saw."""


class RecordedView(Answer):
    """A record's number (受付番号), and the entry that was written; the next writer names it in ``follows``."""

    no: str
    entry_id: UUID

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """What was recorded."""
        return cls.model_validate(recorded)


class Review(BaseModel):
    """A supervisor's opinion on the entry that was read."""

    entry_id: UUID
    words: Words


class OpinionId(BaseModel):
    """The opinion that was kept."""

    opinion_id: UUID


class DelayApplication(BaseModel):
    """Why deciding takes more than 14 days."""

    reason: DelayReason
    words: Words | None = None


class DelayId(BaseModel):
    """The reason that was kept."""

    delay_id: UUID


class WithdrawApplication(BaseModel):
    """On which day the applicant took it back."""

    on: Day
    words: Words | None = None


class Withdrawn(BaseModel):
    """The application is withdrawn."""

    state: ApplicationState


class SpanQuery(BaseModel):
    """The days of a register, both included, and why it is looked at."""

    from_: Day = Field(alias="from")
    to: Day
    purpose: Purpose

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("the register ends before it begins")
        return self


class _EntryView(BaseModel):
    entry_id: UUID
    change: EntryChange
    shielded: bool
    district: str | None
    recorded_by: str
    recorded_at: datetime


class ConsultationEntryView(_EntryView):
    """One entry of a consultation."""

    held_on: date
    channel: ContactChannel
    matter: ConsultationMatter
    result: ConsultationResult
    wish_to_apply: bool
    form_handed: bool
    content: ConsultationContent

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry as it is shown."""
        return cls.model_validate({**entry.row, "content": entry.content})


class OpinionView(Answer):
    """A supervisor's opinion."""

    opinion_id: UUID
    entry_id: UUID
    words: str
    recorded_by: str
    recorded_at: datetime


class ConsultationView(BaseModel):
    """A consultation: its entries, oldest first (the last one holds), opinions, and applications that came of it."""

    consultation_no: str
    entries: list[ConsultationEntryView]
    opinions: list[OpinionView]
    application_nos: list[str]

    @classmethod
    def of(cls, consultation: Consultation) -> Self:
        """A consultation as it is shown."""
        return cls(
            consultation_no=consultation.entries[-1].no,
            entries=[ConsultationEntryView.of(entry) for entry in consultation.entries],
            opinions=[OpinionView.model_validate(opinion) for opinion in consultation.opinions],
            application_nos=list(consultation.application_nos),
        )


class ConsultationRow(ConsultationEntryView):
    """A line of the register of consultations (面接受付簿)."""

    consultation_no: str


class ConsultationRegister(BaseModel):
    """The consultations of a span of days, by number, as they stand."""

    items: list[ConsultationRow]

    @classmethod
    def of(cls, entries: list[Entry]) -> Self:
        """The register as it is shown."""
        rows: list[Any] = [{**entry.row, "content": entry.content} for entry in entries]
        return cls(items=[ConsultationRow.model_validate(row) for row in rows])


class ApplicationEntryView(_EntryView):
    """One entry of an application."""

    programme: Programme
    kind: ApplicationKind
    ground: StartGround
    form: ApplicationForm
    legal_basis: LegalBasis
    present_location: bool
    applied_on: date
    received_on: date
    case_no: str | None
    content: ApplicationContent

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry as it is shown."""
        return cls.model_validate({**entry.row, "content": entry.content})


class DelayView(Answer):
    """Why deciding takes longer."""

    delay_id: UUID
    reason: DelayReason
    words: str | None
    recorded_by: str
    recorded_at: datetime


class WithdrawalView(Answer):
    """That the applicant took it back, and what was said about it."""

    withdrawn_on: date
    words: str | None
    recorded_by: str
    recorded_at: datetime


class ApplicationSummary(BaseModel):
    """An application as it stands: until when to decide (14 days, 30 with a reason), and how many days are left."""

    application_no: str
    consultation_no: str | None
    opened_case_no: str | None
    state: ApplicationState
    decide_by: date
    at_most: date
    limit: LimitState
    days_left: int
    withdrawn_on: date | None
    newest: ApplicationEntryView
    delays: list[DelayView]

    @classmethod
    def of(cls, application: Application) -> Self:
        """An application as it is shown."""
        return cls(**_summary(application))


class ApplicationView(ApplicationSummary):
    """An application with all its entries, oldest first."""

    entries: list[ApplicationEntryView]
    withdrawal: WithdrawalView | None

    @classmethod
    def of(cls, application: Application) -> Self:
        """An application as it is shown."""
        entries = [ApplicationEntryView.of(entry) for entry in application.entries]
        withdrawal = application.withdrawal and WithdrawalView.model_validate(application.withdrawal)
        return cls(**_summary(application), entries=entries, withdrawal=withdrawal)


class Applications(BaseModel):
    """Applications: a register by number, or what is open, the most urgent first."""

    items: list[ApplicationSummary]

    @classmethod
    def of(cls, applications: list[Application]) -> Self:
        """Applications as they are shown."""
        return cls(items=[ApplicationSummary.of(application) for application in applications])


def _summary(application: Application) -> dict[str, Any]:
    limits, withdrawal = application.limits, application.withdrawal
    return {
        "application_no": application.newest.no,
        "consultation_no": application.consultation_no,
        "opened_case_no": application.opened_case_no,
        "state": application.state,
        "decide_by": limits.decide_by,
        "at_most": limits.at_most,
        "limit": application.limit_state,
        "days_left": application.days_left,
        "withdrawn_on": withdrawal.withdrawn_on if withdrawal else None,
        "newest": ApplicationEntryView.of(application.newest),
        "delays": [DelayView.model_validate(delay) for delay in application.delays],
    }
