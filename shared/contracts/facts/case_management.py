"""Facts that case_management publishes for the whole office: who of the staff has which role (担当); the intake."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.codes import (
    ApplicationForm,
    ApplicationKind,
    ConsentForm,
    ConsultationMatter,
    ConsultationResult,
    ContactChannel,
    DelayReason,
    DetailFact,
    DetailKind,
    DocumentType,
    DocumentWithdrawal,
    EnquiryExclusion,
    EntryChange,
    ExportFormat,
    InvestigationAddressee,
    InvestigationClosing,
    InvestigationEntryKind,
    LegalBasis,
    NoteContact,
    NoteKind,
    Proves,
    RelativeOutcome,
    RelativeRelation,
    ResidentReason,
    StartGround,
    TaskKind,
    TaskOutcome,
)
from shared.contracts.facts.fact_data import FactData
from shared.contracts.purposes import Assigned


class AssignmentsProposed(FactData):
    """Assignments of staff (職員の担当) were proposed as one: what the approval has to name."""

    TYPE = "assignments.proposed.v1"
    proposal_id: UUID
    count: int
    reason: Assigned
    sha256: str


class AssignmentApproved(FactData):
    """A person of the staff has a role from a day on, or stands in for another (代行), by two other people."""

    TYPE = "assignment.approved.v1"
    assignment_id: UUID
    person: str
    duty: str
    role: str | None
    districts: list[str]
    programmes: list[str]
    stands_in_for: str | None
    from_: date = Field(alias="from")
    to: date | None
    proposer: str
    approver: str


class AssignmentEnded(FactData):
    """An assignment ends early: after its last day, or at once."""

    TYPE = "assignment.ended.v1"
    assignment_id: UUID
    person: str
    last_day: date
    at_once: bool
    reason: Assigned


class AccessExported(FactData):
    """Who could do what on a day was exported: how many rows, and their SHA-256."""

    TYPE = "access.exported.v1"
    on: date
    format: ExportFormat
    rows: int
    sha256: str


class ConsultationRecorded(FactData):
    """An entry of a consultation (面接相談): the first one, one that goes on, or a correction; words stay behind."""

    TYPE = "consultation.recorded.v1"
    entry_id: UUID
    follows: UUID | None
    change: EntryChange
    held_on: date
    channel: ContactChannel
    matter: ConsultationMatter
    result: ConsultationResult
    wish_to_apply: bool
    shielded: bool


class ConsultationReviewed(FactData):
    """A supervisor (査察指導員) gave an opinion on an entry of a consultation."""

    TYPE = "consultation.reviewed.v1"
    opinion_id: UUID
    entry_id: UUID


class ApplicationRecorded(FactData):
    """An entry of an application (申請): by what law, in which form, and until when it has to be decided on."""

    TYPE = "application.recorded.v1"
    entry_id: UUID
    follows: UUID | None
    change: EntryChange
    consultation_no: str | None
    kind: ApplicationKind
    ground: StartGround
    form: ApplicationForm
    legal_basis: LegalBasis
    present_location: bool
    applied_on: date
    decide_by: date
    shielded: bool


class ResidentEntered(FactData):
    """Somebody was entered into the register of residents (宛名) by hand, or is called otherwise by now."""

    TYPE = "resident.entered.v1"
    entry_id: UUID
    reason: ResidentReason


class DetailRecorded(FactData):
    """A detail of a person was recorded by hand (住所, 連絡先, 手帳 …): from which day to which, what it corrects."""

    TYPE = "person.detail_recorded.v1"
    detail_id: UUID
    fact: DetailFact
    kind: DetailKind
    from_: date | None = Field(alias="from")
    to: date | None
    expires_on: date | None
    protected: bool
    corrects: UUID | None


class CaseOpened(FactData):
    """A case got its number (ケース番号) for an application; it is under investigation, and not on assistance."""

    TYPE = "case.opened.v1"
    application_no: str


class ApplicationDelayed(FactData):
    """Why deciding on an application takes more than 14 days, up to 30 (法24条5項ただし書)."""

    TYPE = "application.delayed.v1"
    delay_id: UUID
    reason: DelayReason


class ApplicationWithdrawn(FactData):
    """The applicant took the application back (取下げ)."""

    TYPE = "application.withdrawn.v1"
    on: date


class InvestigationRequested(FactData):
    """Somebody was asked about a member of a household (調査依頼, 法29条): who by a code, until when; words stay."""

    TYPE = "investigation.requested.v1"
    investigation_id: UUID
    addressee: InvestigationAddressee
    person: str | None
    sent_on: date
    due_on: date
    consent: ConsentForm


class ConsentRecorded(FactData):
    """A member of a household has agreed that the office asks about them (同意書)."""

    TYPE = "consent.recorded.v1"
    consent_id: UUID
    person: str
    signed_on: date


class ConsentWithdrawn(FactData):
    """A consent was taken back (同意の撤回); without a day it was recorded by mistake (誤記)."""

    TYPE = "consent.withdrawn.v1"
    consent_id: UUID
    withdrawn_on: date | None


class InvestigationContinued(FactData):
    """A request was reminded of (督促), answered, or closed without an answer."""

    TYPE = "investigation.continued.v1"
    investigation_id: UUID
    entry_id: UUID
    kind: InvestigationEntryKind
    on: date
    reason: InvestigationClosing | None


class NoteRecorded(FactData):
    """An entry of a case note (ケース記録): by which contact, on which day; words stay behind."""

    TYPE = "note.recorded.v1"
    note_no: str
    entry_id: UUID
    follows: UUID | None
    change: EntryChange
    kind: NoteKind
    contact: NoteContact
    held_on: date


class NoteSigned(FactData):
    """A supervisor (査察指導員) signed an entry of a case note."""

    TYPE = "note.signed.v1"
    note_no: str
    entry_id: UUID


class TaskRecorded(FactData):
    """What is to be done in a case (約束・予定), and until when; or that it has another day now."""

    TYPE = "task.recorded.v1"
    task_no: str
    entry_id: UUID
    follows: UUID | None
    change: EntryChange
    kind: TaskKind
    due_on: date


class TaskEnded(FactData):
    """It is done, no longer needed, or a declaration (申告書) was received with the period that it covers."""

    TYPE = "task.ended.v1"
    task_no: str
    outcome: TaskOutcome
    ended_on: date
    covers_from: date | None
    covers_to: date | None


class RelativeRecorded(FactData):
    """A relative who is liable for support (扶養義務者) was recorded, or is described otherwise by now."""

    TYPE = "relative.recorded.v1"
    relative_id: UUID
    detail_id: UUID
    follows: UUID | None
    person: str | None
    relation: RelativeRelation


class EnquiryProposed(FactData):
    """A caseworker proposes to write to a relative (扶養照会), or not to, with the reason."""

    TYPE = "relative.enquiry_proposed.v1"
    relative_id: UUID
    proposal_id: UUID
    enquire: bool
    reason: EnquiryExclusion | None


class EnquiryDecided(FactData):
    """Another person decided on such a proposal: agreed, or returned (差戻し)."""

    TYPE = "relative.enquiry_decided.v1"
    relative_id: UUID
    proposal_id: UUID
    enquire: bool
    agreed: bool
    proposer: str
    approver: str


class EnquiryPrinted(FactData):
    """The letter to a relative (扶養照会書) was printed, by which proposal, with the day by which to answer."""

    TYPE = "relative.enquiry_printed.v1"
    relative_id: UUID
    letter_id: UUID
    proposal_id: UUID
    due_on: date


class RelativeAnswered(FactData):
    """What a relative answered (扶養届), or that nothing came; yen a month where money is offered."""

    TYPE = "relative.answered.v1"
    relative_id: UUID
    answer_id: UUID
    on: date
    outcome: RelativeOutcome
    yen: int | None


class AttachmentKept(FactData):
    """A document (添付) was kept at what it proves: its type by content, its size in bytes, its hash."""

    TYPE = "attachment.kept.v1"
    attachment_id: UUID
    proves: Proves
    content_type: DocumentType
    size: int
    sha256: str


class AttachmentWithdrawn(FactData):
    """A document was withdrawn (誤添付など); it stays, and nobody opens it any more."""

    TYPE = "attachment.withdrawn.v1"
    attachment_id: UUID
    reason: DocumentWithdrawal
