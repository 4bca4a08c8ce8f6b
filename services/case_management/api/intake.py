"""Intake (面接相談, 申請): consultations and applications, and the registers that come out of them."""

from services.case_management.adapters.entries import APPLICATION, CONSULTATION, record_of
from services.case_management.api.intake_schemas import (
    Applications,
    ApplicationView,
    ConsultationRegister,
    ConsultationView,
    ContinueApplication,
    ContinueConsultation,
    DelayApplication,
    DelayId,
    OpenApplication,
    OpinionId,
    RecordConsultation,
    RecordedView,
    Review,
    SpanQuery,
    WithdrawApplication,
    Withdrawn,
)
from services.case_management.use_cases.intake import end_application as ending
from services.case_management.use_cases.intake import read_applications as reading
from services.case_management.use_cases.intake import read_consultations as consulting
from services.case_management.use_cases.intake import record_application as applying
from services.case_management.use_cases.intake import record_consultation as recording
from services.case_management.use_cases.intake import review_consultation as reviewing
from shared.decisions.api.schemas import PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("intake")
_CONSULTATION, _APPLICATION = record_of(CONSULTATION), record_of(APPLICATION)


@routes.post("/consultations", permission="consultation.record", status=201)
def record_consultation(work: UnitOfWork, body: RecordConsultation) -> RecordedView:
    """Record a consultation under the next receipt number."""
    return RecordedView.of(recording.record_consultation(work, body.entry(), body.words))


@routes.post("/consultations/<consultation_no>/entries", permission="consultation.record", status=201, of=_CONSULTATION)
def continue_consultation(work: UnitOfWork, consultation_no: str, body: ContinueConsultation) -> RecordedView:
    """Go on with a consultation, or correct it; the entries before stay."""
    return RecordedView.of(
        recording.record_consultation(
            work,
            body.entry(),
            body.words,
            consultation_no=consultation_no,
            follows=body.follows,
            change=body.change,
        )
    )


@routes.post(
    "/consultations/<consultation_no>/opinions", permission="consultation.review", status=201, of=_CONSULTATION
)
def review_consultation(work: UnitOfWork, consultation_no: str, body: Review) -> OpinionId:
    """Give a supervisor's opinion on an entry."""
    return OpinionId(opinion_id=reviewing.review_consultation(work, consultation_no, body.entry_id, body.words))


@routes.get("/consultations", permission="consultation.read", query=SpanQuery)
def list_consultations(work: UnitOfWork, query: SpanQuery) -> ConsultationRegister:
    """The register of consultations (面接受付簿)."""
    span = query.from_, query.to, query.purpose
    return ConsultationRegister.of(consulting.read_register(work, CONSULTATION, "consultation.read", "held_on", *span))


@routes.get("/consultations/<consultation_no>", permission="consultation.read", query=PurposeQuery, of=_CONSULTATION)
def read_consultation(work: UnitOfWork, consultation_no: str, query: PurposeQuery) -> ConsultationView:
    """One consultation with its history."""
    return ConsultationView.of(consulting.read_consultation(work, consultation_no, query.purpose))


@routes.post("/applications", permission="application.record", status=201)
def record_application(work: UnitOfWork, body: OpenApplication) -> RecordedView:
    """Receive an application under the next receipt number."""
    return RecordedView.of(
        applying.record_application(work, body.entry(), body.words, consultation_no=body.consultation_no)
    )


@routes.post("/applications/<application_no>/entries", permission="application.record", status=201, of=_APPLICATION)
def continue_application(work: UnitOfWork, application_no: str, body: ContinueApplication) -> RecordedView:
    """Complete an application, or correct it; the entries before stay."""
    return RecordedView.of(
        applying.record_application(
            work,
            body.entry(),
            body.words,
            application_no=application_no,
            follows=body.follows,
            change=body.change,
        )
    )


@routes.post("/applications/<application_no>/delays", permission="application.record", status=201, of=_APPLICATION)
def delay_application(work: UnitOfWork, application_no: str, body: DelayApplication) -> DelayId:
    """Record why deciding takes more than 14 days."""
    return DelayId(delay_id=ending.delay_application(work, application_no, body.reason, body.words))


@routes.post("/applications/<application_no>/withdrawal", permission="application.record", of=_APPLICATION)
def withdraw_application(work: UnitOfWork, application_no: str, body: WithdrawApplication) -> Withdrawn:
    """Record that the applicant took it back."""
    ending.withdraw_application(work, application_no, body.on, body.words)
    return Withdrawn(state="withdrawn")


@routes.get("/applications", permission="application.list", query=SpanQuery)
def list_applications(work: UnitOfWork, query: SpanQuery) -> Applications:
    """The register of applications (申請書受理簿)."""
    return Applications.of(reading.read_applications(work, query.from_, query.to, query.purpose))


@routes.get("/applications/open", permission="application.list", query=PurposeQuery)
def list_open_applications(work: UnitOfWork, query: PurposeQuery) -> Applications:
    """The applications that wait for a decision, the most urgent first."""
    return Applications.of(reading.read_open_applications(work, query.purpose))


@routes.get("/applications/<application_no>", permission="application.read", query=PurposeQuery, of=_APPLICATION)
def read_application(work: UnitOfWork, application_no: str, query: PurposeQuery) -> ApplicationView:
    """One application with its history."""
    return ApplicationView.of(reading.read_application(work, application_no, query.purpose))
