"""Record an investigation request (調査依頼), and what came after it: a reminder, an answer, the end without one."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.investigations.requests import (
    ENTRIES,
    REQUESTS,
    investigation_entries,
    investigations,
)
from services.case_management.use_cases.intake.end_application import require_case_to_work_on
from services.case_management.use_cases.investigations.consents import require_consent
from services.case_management.use_cases.investigations.members import require_member
from shared.contracts.between_fields import request_entry_faults, request_faults
from shared.contracts.codes import ConsentForm, InvestigationAddressee, InvestigationClosing, InvestigationEntryKind
from shared.contracts.facts.case_management import InvestigationContinued, InvestigationRequested
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork

_ENTRIES = declare("investigations.entries")


@dataclass(frozen=True, slots=True)
class Request:
    """Whom the office asks about whom, what, and until when; `consent_id` is the consent on which it rests."""

    person_no: str | None
    kind: InvestigationAddressee
    addressee: str
    asked: str
    sent_on: date
    due_on: date
    consent: ConsentForm
    consent_id: UUID | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What came after a request."""

    kind: InvestigationEntryKind
    happened_on: date
    reason: InvestigationClosing | None
    words: str | None


def record_investigation(work: UnitOfWork, case_no: str, request: Request) -> UUID:
    """Keep a request to somebody outside about a household or one of its members.

    Raises:
        Problem: not-found; invalid-input where the days contradict each other, the person is of another household, or
            the request rests on no consent that holds; wrong-state where the application of the case was taken back.
    """
    require_case_to_work_on(work, case_no)
    _check(request, work.clock.today())
    require_member(work, case_no, request.person_no)
    consent_on = None
    if request.consent_id:
        consent_on = require_consent(work, case_no, request.consent_id, request.person_no, request.sent_on)
    row = {
        "investigation_id": uuid4(),
        "case_no": case_no,
        **asdict(request),
        "consent_on": consent_on,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(investigations).values(**work.seal(REQUESTS, [row])[0]))
    event = InvestigationRequested(
        investigation_id=row["investigation_id"],
        addressee=request.kind,
        person=request.person_no,
        sent_on=request.sent_on,
        due_on=request.due_on,
        consent=request.consent,
    )
    work.fact(event, subject=f"case:{case_no}")
    return event.investigation_id


def continue_investigation(work: UnitOfWork, case_no: str, investigation_id: UUID, entry: NewEntry) -> UUID:
    """Keep what came after a request; an answer may come in parts, and also after the request was closed.

    Raises:
        Problem: not-found; invalid-input where the day is none of its, or an answer has no words; wrong-state where
            the request is answered or closed already.
    """
    _ENTRIES.each(str(investigation_id)).hold(work.connection)
    requests = investigations.c
    sent_on = work.connection.scalar(
        select(requests.sent_on).where(requests.investigation_id == investigation_id, requests.case_no == case_no)
    )
    if sent_on is None:
        raise Problem("not-found", field="investigation_id")
    _check_entry(work, investigation_id, entry, sent_on)
    row = {
        "entry_id": uuid4(),
        "investigation_id": investigation_id,
        **asdict(entry),
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(investigation_entries).values(**work.seal(ENTRIES, [row])[0]))
    event = InvestigationContinued(
        investigation_id=investigation_id,
        entry_id=row["entry_id"],
        kind=entry.kind,
        on=entry.happened_on,
        reason=entry.reason,
    )
    work.fact(event, subject=f"case:{case_no}")
    return event.entry_id


def _check(request: Request, today: date) -> None:
    if request.sent_on > today:
        raise Problem("invalid-input", field="sent_on", detail="依頼日が業務日より後です。日付を確認してください")
    refuse_faults(request_faults(asdict(request)))


def _check_entry(work: UnitOfWork, investigation_id: UUID, entry: NewEntry, sent_on: date) -> None:
    if not sent_on <= entry.happened_on <= work.clock.today():
        raise Problem("invalid-input", field="happened_on", detail="依頼日から業務日までの日にしてください")
    refuse_faults(request_entry_faults(asdict(entry)))
    entries = investigation_entries.c
    kinds = set(work.connection.scalars(select(entries.kind).where(entries.investigation_id == investigation_id)))
    if entry.kind != "answered" and kinds & {"answered", "closed"}:
        raise Problem("wrong-state", field="state", detail="この調査は、すでに回答済みか終結しています")
