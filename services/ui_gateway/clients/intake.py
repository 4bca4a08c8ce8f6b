"""Intake (面接相談, 申請): consultations, applications and their registers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient

PURPOSE: Final = "casework"
"""Why the desk looks at its own records."""


class Entry(View):
    """An entry of a record; ``content`` is what its writer said."""

    entry_id: UUID
    change: str
    shielded: bool
    district: str | None
    recorded_by: str
    recorded_at: datetime
    content: dict[str, Any]


class ConsultationEntry(Entry):
    """An entry of a consultation."""

    held_on: date
    channel: str
    matter: str
    result: str
    wish_to_apply: bool
    form_handed: bool


class ConsultationRow(ConsultationEntry):
    """A line of the register of consultations (面接受付簿)."""

    consultation_no: str


class Opinion(View):
    """A supervisor's opinion."""

    entry_id: UUID
    words: str
    recorded_by: str
    recorded_at: datetime


class Consultation(View):
    """A consultation: its entries, oldest first, of which the last one holds."""

    consultation_no: str
    entries: list[ConsultationEntry]
    opinions: list[Opinion]
    application_nos: list[str]

    @property
    def newest(self) -> ConsultationEntry:
        """What holds."""
        return self.entries[-1]


class ApplicationEntry(Entry):
    """An entry of an application."""

    programme: str
    kind: str
    ground: str
    form: str
    legal_basis: str
    present_location: bool
    applied_on: date
    received_on: date
    case_no: str | None


class Delay(View):
    """Why deciding takes longer."""

    reason: str
    words: str | None
    recorded_by: str
    recorded_at: datetime


class Withdrawal(View):
    """That the applicant took it back, and what was said about it."""

    words: str | None
    recorded_by: str
    recorded_at: datetime


class ApplicationSummary(View):
    """An application as it stands, with the days until it has to be decided on."""

    application_no: str
    consultation_no: str | None
    opened_case_no: str | None
    state: str
    decide_by: date
    at_most: date
    limit: str
    days_left: int
    withdrawn_on: date | None
    newest: ApplicationEntry
    delays: list[Delay]

    @property
    def starts_a_case(self) -> bool:
        """Whether it may be given a case number."""
        new = self.newest.kind == "start" and self.newest.programme == "public_assistance"
        return new and self.state == "open" and not self.opened_case_no


class Application(ApplicationSummary):
    """An application with all its entries."""

    entries: list[ApplicationEntry]
    withdrawal: Withdrawal | None


class Recorded(View):
    """The record and the entry that were written."""

    no: str
    entry_id: UUID


def consultations(service: ServiceClient, first: date, last: date) -> list[ConsultationRow]:
    """The register of consultations of a span of days."""
    items = service.get("/consultations", _span(first, last))["items"]
    return [ConsultationRow.model_validate(item) for item in items]


def consultation(service: ServiceClient, number: str) -> Consultation:
    """One consultation."""
    return Consultation.model_validate(service.get(f"/consultations/{number}", {"purpose": PURPOSE}))


def record_consultation(service: ServiceClient, body: Mapping[str, Any], key: str) -> Recorded:
    """Record a consultation under the next receipt number."""
    return _recorded(service, "/consultations", body, key)


def continue_consultation(service: ServiceClient, number: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Go on with a consultation, or correct it."""
    return _recorded(service, f"/consultations/{number}/entries", body, key)


def review_consultation(service: ServiceClient, number: str, body: Mapping[str, Any], key: str) -> View:
    """Give an opinion on an entry."""
    path = f"/consultations/{number}/opinions"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def applications(service: ServiceClient, first: date, last: date) -> list[ApplicationSummary]:
    """The register of applications of a span of days."""
    items = service.get("/applications", _span(first, last))["items"]
    return [ApplicationSummary.model_validate(item) for item in items]


def open_applications(service: ServiceClient) -> list[ApplicationSummary]:
    """The applications that wait for a decision, the most urgent first."""
    items = service.get("/applications/open", {"purpose": PURPOSE})["items"]
    return [ApplicationSummary.model_validate(item) for item in items]


def application(service: ServiceClient, number: str) -> Application:
    """One application."""
    return Application.model_validate(service.get(f"/applications/{number}", {"purpose": PURPOSE}))


def record_application(service: ServiceClient, body: Mapping[str, Any], key: str) -> Recorded:
    """Receive an application under the next receipt number."""
    return _recorded(service, "/applications", body, key)


def continue_application(service: ServiceClient, number: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Complete an application, or correct it."""
    return _recorded(service, f"/applications/{number}/entries", body, key)


def delay_application(service: ServiceClient, number: str, body: Mapping[str, Any], key: str) -> View:
    """Record why deciding takes longer."""
    path = f"/applications/{number}/delays"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def withdraw_application(service: ServiceClient, number: str, body: Mapping[str, Any], key: str) -> View:
    """Record that the applicant took it back."""
    path = f"/applications/{number}/withdrawal"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def _recorded(service: ServiceClient, path: str, body: Mapping[str, Any], key: str) -> Recorded:
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def _span(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat(), "purpose": PURPOSE}
