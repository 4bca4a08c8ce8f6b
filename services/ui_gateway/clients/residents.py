"""The register of residents (宛名): one person with all entries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
    """A person of the register: all entries, oldest first, of which the last one holds."""

    person_no: str
    entries: list[RegisterEntry]
    case_nos: list[str]

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
