"""One household (ケース): what is known of it, its history, and what was determined."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.ui_gateway.clients.cases_investigated.investigations import Consent
from services.ui_gateway.clients.casework.notes import Notes
from services.ui_gateway.clients.casework.tasks import Tasks
from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class Member(View):
    """A member of a case with the facts that hold."""

    person_no: str
    name: str | None = None
    kana: str | None = None
    facts: dict[str, Any]


class Case(View):
    """A case as of a month, as known on a day."""

    case_no: str
    application_no: str | None
    withdrawn_on: date | None
    programme: str
    month: str
    facts: dict[str, Any]
    members: list[Member]


class Circumstance(View):
    """A fact with its days, who recorded it, and what took its place."""

    number: int
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    recorded_by: str | None
    reason: str | None
    corrects: int | None
    corrected_by: int | None
    replaced_by: int | None
    data: dict[str, Any]


class Line(View):
    """One line of a determination, in yen."""

    kind: str
    member: str | None
    yen: int
    basis: str


class DeterminedMonth(View):
    """A determination of a month without its lines."""

    state: str
    month: str
    yen: int
    replaced_by: UUID | None


class Determination(View):
    """A determination of a month; yen of the month by kind."""

    kinds: dict[str, int]
    yen: int
    lines: list[Line]
    approver: str | None
    approved_at: datetime | None


class Overview(View):
    """One household: as of a month, every fact of it, its determinations, and what holds for the month.

    Its newest notes, what is to be done and its consents are there where the question is of now.
    """

    case: Case
    history: list[Circumstance]
    determinations: list[DeterminedMonth]
    in_force: Determination | None
    notes: Notes | None = None
    tasks: Tasks | None = None
    consents: list[Consent] | None = None


class Recorded(View):
    """The number under which a fact was recorded."""

    number: int


def overview(service: ServiceClient, case_no: str, month: str, known_on: str, purpose: str) -> Overview:
    """A case as of a month, as known at the end of a day (each the current one where empty), and all of its history."""
    asked = {"purpose": purpose, "month": month, "known_on": known_on}
    query = {name: value for name, value in asked.items() if value}
    return Overview.model_validate(service.get(f"/cases/{case_no}/overview", query))


def case(service: ServiceClient, case_no: str, month: str, known_on: str, purpose: str) -> Case:
    """A case as of a month, as known at the end of a day; each the current one where empty."""
    asked = {"purpose": purpose, "month": month, "known_on": known_on}
    query = {name: value for name, value in asked.items() if value}
    return Case.model_validate(service.get(f"/cases/{case_no}", query))


def circumstances(service: ServiceClient, case_no: str, purpose: str) -> list[Circumstance]:
    """Every fact of a case, in the order in which they were recorded."""
    items = service.get(f"/cases/{case_no}/circumstances", {"purpose": purpose})["items"]
    return [Circumstance.model_validate(item) for item in items]


def record_circumstance(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Record a fact of a case or of one of its members."""
    path = f"/cases/{case_no}/circumstances"
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
