"""What is investigated of a case (調査): requests, relatives liable for support, documents."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient

PURPOSE: Final = "casework"
"""Why the pages of a case look at it."""


class InvestigationEntry(View):
    """What came after a request."""

    kind: str
    happened_on: date
    reason: str | None
    words: str | None
    recorded_by: str


class Investigation(View):
    """A request with what came after it, and how it stands."""

    investigation_id: UUID
    case_no: str
    person_no: str | None
    kind: str
    addressee: str
    asked: str
    sent_on: date
    due_on: date
    consent: str
    consent_on: date | None
    consent_id: UUID | None
    recorded_by: str
    entries: list[InvestigationEntry]
    state: str
    days_left: int


class Consent(View):
    """Who signed a consent (同意書) on which day, when they took it back, or that it was a mistake."""

    consent_id: UUID
    person_no: str
    signed_on: date
    withdrawn_on: date | None
    mistake: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing new rests on it."""
        return self.mistake or self.withdrawn_on is not None


class RelativeDetail(View):
    """What a relative is called, by one row."""

    detail_id: UUID
    relation: str
    content: dict[str, Any]


class EnquiryProposal(View):
    """Whether to write to a relative, and what was decided."""

    proposal_id: UUID
    enquire: bool
    reason: str | None
    words: str | None
    proposer: str
    proposed_at: datetime
    agreed: bool | None
    approver: str | None
    decision_words: str | None


class LetterRow(View):
    """A letter that was printed."""

    letter_id: UUID
    due_on: date
    recorded_by: str
    recorded_at: datetime


class RelativeAnswer(View):
    """What came back; yen a month."""

    answered_on: date
    outcome: str
    yen: int | None
    words: str | None


class Relative(View):
    """A relative with all that is recorded, oldest first."""

    relative_id: UUID
    person_no: str | None
    state: str
    details: list[RelativeDetail]
    proposals: list[EnquiryProposal]
    letters: list[LetterRow]
    answers: list[RelativeAnswer]

    @property
    def newest(self) -> RelativeDetail:
        """What they are called by now."""
        return self.details[-1]

    @property
    def proposal(self) -> EnquiryProposal | None:
        """The newest proposal."""
        return self.proposals[-1] if self.proposals else None


class Letter(View):
    """What a letter to a relative says."""

    relative_name: str
    relative_address: str | None
    relation: str
    member_name: str | None
    due_on: date
    printed_by: str
    printed_at: datetime


class Withdrawal(View):
    """That a document was withdrawn."""

    reason: str
    words: str | None
    recorded_by: str


class Attachment(View):
    """A document; size in bytes. A withdrawn one has no name."""

    attachment_id: UUID
    proves: str
    proves_id: str | None
    content_type: str
    size: int
    name: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawal: Withdrawal | None


class LetterId(View):
    """The letter that was printed."""

    letter_id: UUID


def investigations(service: ServiceClient, case_no: str) -> list[Investigation]:
    """The requests of a case, the most urgent first."""
    return _requests(service, f"/cases/{case_no}/investigations")


def consents(service: ServiceClient, case_no: str) -> list[Consent]:
    """The consents of a case, the newest first."""
    items = service.get(f"/cases/{case_no}/consents", {"purpose": PURPOSE})["items"]
    return [Consent.model_validate(item) for item in items]


def record_consent(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> View:
    """Record that a member signed."""
    return _post(service, f"/cases/{case_no}/consents", body, key)


def withdraw_consent(service: ServiceClient, case_no: str, consent_id: UUID, body: Mapping[str, Any], key: str) -> View:
    """Record that a consent was taken back."""
    return _post(service, f"/cases/{case_no}/consents/{consent_id}/withdrawal", body, key)


def due_investigations(service: ServiceClient) -> list[Investigation]:
    """What is overdue or soon due, of the cases that the person may see."""
    return _requests(service, "/investigations/due")


def request_investigation(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> View:
    """Keep a request."""
    return _post(service, f"/cases/{case_no}/investigations", body, key)


def continue_investigation(
    service: ServiceClient, case_no: str, investigation_id: UUID, body: Mapping[str, Any], key: str
) -> View:
    """Keep what came after a request."""
    return _post(service, f"/cases/{case_no}/investigations/{investigation_id}/entries", body, key)


def relatives(service: ServiceClient, case_no: str) -> list[Relative]:
    """The relatives of a case."""
    items = service.get(f"/cases/{case_no}/relatives", {"purpose": PURPOSE})["items"]
    return [Relative.model_validate(item) for item in items]


def record_relative(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> View:
    """Keep a relative."""
    return _post(service, f"/cases/{case_no}/relatives", body, key)


def add_to_relative(
    service: ServiceClient, case_no: str, relative_id: UUID, what: str, body: Mapping[str, Any], key: str
) -> View:
    """Keep ``details``, ``proposals`` or ``answers`` of a relative."""
    return _post(service, f"/cases/{case_no}/relatives/{relative_id}/{what}", body, key)


def decide_enquiry(
    service: ServiceClient, case_no: str, relative_id: UUID, proposal_id: UUID, body: Mapping[str, Any], key: str
) -> View:
    """Decide on a proposal of another person."""
    return _post(service, f"/cases/{case_no}/relatives/{relative_id}/proposals/{proposal_id}/decision", body, key)


def print_letter(
    service: ServiceClient, case_no: str, relative_id: UUID, body: Mapping[str, Any], key: str
) -> LetterId:
    """Print the letter to a relative."""
    done = _post(service, f"/cases/{case_no}/relatives/{relative_id}/letters", body, key)
    return LetterId.model_validate(done.raw())


def letter(service: ServiceClient, case_no: str, relative_id: UUID, letter_id: UUID) -> Letter:
    """What a printed letter says."""
    path = f"/cases/{case_no}/relatives/{relative_id}/letters/{letter_id}"
    return Letter.model_validate(service.get(path, {"purpose": PURPOSE}))


def attachments(service: ServiceClient, case_no: str, proves: str = "", proves_id: str = "") -> list[Attachment]:
    """The documents of a case, or of what they prove, the newest first."""
    of = {"proves": proves, "proves_id": proves_id} if proves else {}
    items = service.get(f"/cases/{case_no}/attachments", {"purpose": PURPOSE, **of})["items"]
    return [Attachment.model_validate(item) for item in items]


def keep_attachment(service: ServiceClient, case_no: str, about: Mapping[str, Any], content: bytes, key: str) -> View:
    """Keep a document."""
    files = {
        "about.json": ("about.json", json.dumps(dict(about)).encode(), "application/json"),
        "content": ("content", content, "application/octet-stream"),
    }
    answer = service.post(f"/cases/{case_no}/attachments", files=files, key=key_for(key, service.name))
    return View.model_validate(answer)


def attachment_content(service: ServiceClient, case_no: str, attachment_id: UUID) -> tuple[bytes, str]:
    """The bytes of a document, and the header that names them for a browser."""
    answer = service.raw(f"/cases/{case_no}/attachments/{attachment_id}/content", {"purpose": PURPOSE})
    return answer.content, answer.headers["Content-Disposition"]


def withdraw_attachment(
    service: ServiceClient, case_no: str, attachment_id: UUID, body: Mapping[str, Any], key: str
) -> View:
    """Withdraw a document."""
    return _post(service, f"/cases/{case_no}/attachments/{attachment_id}/withdrawal", body, key)


def _requests(service: ServiceClient, path: str) -> list[Investigation]:
    return [Investigation.model_validate(item) for item in service.get(path, {"purpose": PURPOSE})["items"]]


def _post(service: ServiceClient, path: str, body: Mapping[str, Any], key: str) -> View:
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
