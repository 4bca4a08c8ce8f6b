"""The register of residents (宛名): one person with all entries."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class OtherName(View):
    """A further name of a person."""

    kind: str
    name: str
    kana: str | None


class RegisterEntry(View):
    """An entry of a person; nobody recorded what came by an import."""

    number: int
    name: str
    kana: str
    foreign_national: bool
    other_names: list[OtherName]
    recorded_by: str | None
    reason: str | None
    recorded_at: datetime


class Resident(View):
    """A person of the register: all entries, oldest first, of which the last one holds.

    ``merged_into`` is the number to use instead (名寄せ); ``merged`` are those in whose place this one is used.
    """

    person_no: str
    entries: list[RegisterEntry]
    case_nos: list[str]
    merged_into: str | None
    merged: list[str]

    @property
    def newest(self) -> RegisterEntry:
        """What holds."""
        return self.entries[-1]


def resident(service: ServiceClient, person_no: str, purpose: str) -> Resident:
    """One person of the register."""
    return Resident.model_validate(service.get(f"/residents/{person_no}", {"purpose": purpose}))


def rename(service: ServiceClient, person_no: str, body: Mapping[str, Any], key: str) -> View:
    """Enter what a person is called by now."""
    path = f"/residents/{person_no}/entries"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


class Detail(View):
    """A detail of a person; without ``content`` it is protected (秘匿)."""

    detail_id: UUID
    fact: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    expires_on: date | None
    protected: bool
    corrects: UUID | None
    content: dict[str, Any] | None
    recorded_by: str
    recorded_at: datetime
    reason: str


class Details(View):
    """All details of a person, oldest first, and the ids of those that hold on the day."""

    day: date
    items: list[Detail]
    holding: list[UUID]

    def held(self, fact: str) -> list[Detail]:
        """Those of one fact that hold."""
        return [detail for detail in self.items if detail.fact == fact and detail.detail_id in self.holding]

    @property
    def before(self) -> list[Detail]:
        """Those that do not hold on the day, newest first."""
        return [detail for detail in reversed(self.items) if detail.detail_id not in self.holding]


def details(service: ServiceClient, person_no: str, purpose: str) -> Details:
    """The details of a person as they hold today."""
    return Details.model_validate(service.get(f"/residents/{person_no}/details", {"purpose": purpose}))


def detail(service: ServiceClient, person_no: str, detail_id: UUID, purpose: str) -> Detail:
    """One detail with its words, also where they are protected."""
    return Detail.model_validate(service.get(f"/residents/{person_no}/details/{detail_id}", {"purpose": purpose}))


def record_detail(service: ServiceClient, person_no: str, body: Mapping[str, Any], key: str) -> View:
    """Record a detail of a person, or correct one."""
    path = f"/residents/{person_no}/details"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
