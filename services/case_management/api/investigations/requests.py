"""Investigations (調査依頼, 法29条; 検診命令, 法28条): requests, what came after them, and what is due."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from services.case_management.adapters.tables import decisions
from services.case_management.api.written import Line, PersonNo, Words
from services.case_management.domain.investigation import InvestigationState
from services.case_management.use_cases.investigations import read_investigations as reading
from services.case_management.use_cases.investigations import record_investigation as recording
from shared.contracts.codes import (
    ConsentForm,
    InvestigationAddressee,
    InvestigationClosing,
    InvestigationEntryKind,
)
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import Answer, Day, PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("investigations")
_CASE = case_record(decisions)
_PATH = "/cases/<case_no>/investigations"


class RequestInvestigation(BaseModel):
    """Whom the office asks, about which member (nobody: the household), what, until when, and on whose consent."""

    person_no: PersonNo | None = None
    kind: InvestigationAddressee
    addressee: Line
    asked: Words
    sent_on: Day
    due_on: Day
    consent: ConsentForm = "not_needed"
    consent_id: UUID | None = None

    def request(self) -> recording.Request:
        """What is kept."""
        return recording.Request(**self.model_dump())


class InvestigationId(BaseModel):
    """The request that was kept."""

    investigation_id: UUID


class ContinueInvestigation(BaseModel):
    """A reminder, an answer with what it says, or the end without one, with its reason."""

    kind: InvestigationEntryKind
    happened_on: Day
    reason: InvestigationClosing | None = None
    words: Words | None = None

    def entry(self) -> recording.NewEntry:
        """What is kept."""
        return recording.NewEntry(**self.model_dump())


class InvestigationEntryId(BaseModel):
    """The entry that was kept."""

    entry_id: UUID


class InvestigationEntryView(Answer):
    """What came after a request."""

    entry_id: UUID
    kind: InvestigationEntryKind
    happened_on: date
    reason: InvestigationClosing | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


class InvestigationView(Answer):
    """A request with what came after it, oldest first, and how it stands; days left are below 0 after the due day."""

    investigation_id: UUID
    case_no: str
    person_no: str | None
    kind: InvestigationAddressee
    addressee: str
    asked: str
    sent_on: date
    due_on: date
    consent: ConsentForm
    consent_on: date | None
    consent_id: UUID | None
    recorded_by: str
    recorded_at: datetime
    entries: list[InvestigationEntryView]
    state: InvestigationState
    days_left: int

    @classmethod
    def of(cls, item: reading.Investigation) -> Self:
        """A request as it is shown."""
        shown = {name: getattr(item, name) for name in cls.model_fields if name not in ("state", "days_left")}
        return cls.model_validate({**shown, "state": item.standing.state, "days_left": item.standing.days_left})


class Investigations(BaseModel):
    """Requests, the most urgent first."""

    items: list[InvestigationView]

    @classmethod
    def of(cls, items: list[reading.Investigation]) -> Self:
        """Requests as they are shown."""
        return cls(items=[InvestigationView.of(item) for item in items])


@routes.post(_PATH, permission="investigation.record", status=201, of=_CASE)
def request_investigation(work: UnitOfWork, case_no: str, body: RequestInvestigation) -> InvestigationId:
    """Keep a request to somebody outside about a household."""
    return InvestigationId(investigation_id=recording.record_investigation(work, case_no, body.request()))


@routes.get(_PATH, permission="investigation.read", query=PurposeQuery, of=_CASE)
def list_investigations(work: UnitOfWork, case_no: str, query: PurposeQuery) -> Investigations:
    """The requests of a case, the most urgent first."""
    return Investigations.of(reading.read_investigations(work, case_no, query.purpose))


@routes.post(f"{_PATH}/<investigation_id>/entries", permission="investigation.record", status=201, of=_CASE)
def continue_investigation(
    work: UnitOfWork, case_no: str, investigation_id: UUID, body: ContinueInvestigation
) -> InvestigationEntryId:
    """Keep a reminder, an answer, or the end of a request."""
    entry_id = recording.continue_investigation(work, case_no, investigation_id, body.entry())
    return InvestigationEntryId(entry_id=entry_id)


@routes.get("/investigations/due", permission="investigation.list", query=PurposeQuery)
def list_due_investigations(work: UnitOfWork, query: PurposeQuery) -> Investigations:
    """What is overdue or soon due, of the cases that the caller may see."""
    return Investigations.of(reading.read_due_investigations(work, query.purpose))
