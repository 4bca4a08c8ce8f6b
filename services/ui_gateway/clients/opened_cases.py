"""Cases from their application on: opened, their members, who is in charge, the register of their numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class OpenedCaseNo(View):
    """The number of the case that was opened."""

    case_no: str


class AddedMember(View):
    """The member who was added."""

    person_no: str


class OpenedCase(View):
    """A line of the register of case numbers (ケース番号登載簿)."""

    case_no: str
    application_no: str
    opened_by: str
    opened_on: date
    name: str
    district: str | None
    caseworker: str | None


def open_case(service: ServiceClient, application_no: str, body: Mapping[str, Any], key: str) -> OpenedCaseNo:
    """Give an application its case number."""
    path = f"/applications/{application_no}/case"
    return OpenedCaseNo.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def add_member(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> AddedMember:
    """Add a member to a household."""
    path = f"/cases/{case_no}/members"
    return AddedMember.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def end_membership(service: ServiceClient, case_no: str, person_no: str, body: Mapping[str, Any], key: str) -> View:
    """Record that a member left."""
    path = f"/cases/{case_no}/members/{person_no}/end"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def hand_over(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> View:
    """Put somebody in charge of a case from a day on."""
    path = f"/cases/{case_no}/charges"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def register(service: ServiceClient, first: date, last: date, purpose: str) -> list[OpenedCase]:
    """The cases opened in a span of days, by number."""
    query = {"from": first.isoformat(), "to": last.isoformat(), "purpose": purpose}
    return [OpenedCase.model_validate(item) for item in service.get("/cases", query)["items"]]


class CaseOfLoad(View):
    """A case with its householder; ``application_no``: it is not on assistance, under investigation or withdrawn."""

    case_no: str
    person_no: str
    name: str
    kana: str
    persons: int
    district: str | None
    caseworker: str | None
    application_no: str | None
    withdrawn_on: date | None


class Caseload(View):
    """The cases of some districts, by the reading of the householder; without a district nobody's."""

    districts: list[str]
    items: list[CaseOfLoad]


class Caseworker(View):
    """A caseworker of the register of assignments with the districts."""

    person: str
    districts: list[str]


def caseworkers(service: ServiceClient) -> list[Caseworker]:
    """To whom a case may go, by id; nobody while the register names no caseworker."""
    return [Caseworker.model_validate(item) for item in service.get("/caseworkers")["items"]]


def caseload(service: ServiceClient, district: str, purpose: str) -> Caseload:
    """The cases of a district, or of the person's own where none is named."""
    query = {"purpose": purpose} | ({"district": district} if district else {})
    return Caseload.model_validate(service.get("/caseload", query))
