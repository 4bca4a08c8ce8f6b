"""Consents (同意書) of a case: recorded, listed, taken back."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.case_management.adapters.tables import decisions
from services.case_management.api.written import PersonNo
from services.case_management.use_cases.investigations import consents as agreeing
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import Answer, Day, PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("consents")
_CASE = case_record(decisions)
_PATH = "/cases/<case_no>/consents"


class RecordConsent(BaseModel):
    """Which member signed, and on which day."""

    person_no: PersonNo
    signed_on: Day


class ConsentId(BaseModel):
    """The consent that was recorded."""

    consent_id: UUID


class WithdrawConsent(BaseModel):
    """On which day it was taken back; or that it was recorded by mistake (誤記), and nobody had signed."""

    withdrawn_on: Day | None = None
    mistake: bool = False


class ConsentView(Answer):
    """A consent; with ``withdrawn_on`` it was taken back, with ``mistake`` nobody had signed."""

    consent_id: UUID
    person_no: str
    signed_on: date
    recorded_by: str
    recorded_at: datetime
    withdrawn_on: date | None
    mistake: bool


class Consents(BaseModel):
    """The consents of a case, the newest first."""

    items: list[ConsentView]


@routes.post(_PATH, permission="investigation.record", status=201, of=_CASE)
def record_consent(work: UnitOfWork, case_no: str, body: RecordConsent) -> ConsentId:
    """Record that a member has agreed that the office asks about them."""
    return ConsentId(consent_id=agreeing.record_consent(work, case_no, body.person_no, body.signed_on))


@routes.get(_PATH, permission="investigation.read", query=PurposeQuery, of=_CASE)
def list_consents(work: UnitOfWork, case_no: str, query: PurposeQuery) -> Consents:
    """The consents of a case."""
    items = agreeing.read_consents(work, case_no, query.purpose)
    return Consents(items=[ConsentView.model_validate(item) for item in items])


@routes.post(f"{_PATH}/<consent_id>/withdrawal", permission="investigation.record", of=_CASE)
def withdraw_consent(work: UnitOfWork, case_no: str, consent_id: UUID, body: WithdrawConsent) -> ConsentId:
    """Record that a consent was taken back, or was none; the requests that rest on it stay."""
    agreeing.withdraw_consent(work, case_no, consent_id, body.withdrawn_on, mistake=body.mistake)
    return ConsentId(consent_id=consent_id)
