"""Case notes (ケース記録): those of a case, and those of all cases that wait for a signature."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.ui_gateway.clients.intake import Recorded
from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class NoteEntry(View):
    """An entry of a note; ``content`` is what its writer said."""

    entry_id: UUID
    change: str
    kind: str
    contact: str
    held_on: date
    began_at: time | None
    recorded_by: str
    recorded_at: datetime
    content: dict[str, Any]


class Signature(View):
    """Who signed an entry, and what they remarked."""

    entry_id: UUID
    remark: str | None
    recorded_by: str
    recorded_at: datetime


class Note(View):
    """A note: its entries, oldest first, of which the last one holds."""

    note_no: str
    signed: bool
    entries: list[NoteEntry]
    signatures: list[Signature]

    @property
    def newest(self) -> NoteEntry:
        """What holds."""
        return self.entries[-1]


class NoteOfCase(Note):
    """A note with the name of the householder of its case."""

    name: str


class Notes(View):
    """The notes of a case, newest first, with the newest policy (援助方針) and the day of the last visit (訪問)."""

    items: list[Note]
    count: int
    unsigned: int
    policy: Note | None
    visited_on: date | None


class UnsignedNote(View):
    """A note that waits for a signature."""

    case_no: str
    note_no: str
    kind: str
    contact: str
    held_on: date
    recorded_by: str
    name: str


class UnsignedNotes(View):
    """The notes that wait for a signature, the oldest first; ``count`` is how many there are."""

    items: list[UnsignedNote]
    count: int


def notes(service: ServiceClient, case_no: str, purpose: str, *, newest: int = 10_000, unsigned: bool = False) -> Notes:
    """The newest notes of a case."""
    query = {"purpose": purpose, "newest": str(newest), "unsigned": str(unsigned).lower()}
    return Notes.model_validate(service.get(f"/cases/{case_no}/notes", query))


def note(service: ServiceClient, case_no: str, number: str, purpose: str) -> NoteOfCase:
    """One note of a case."""
    return NoteOfCase.model_validate(service.get(f"/cases/{case_no}/notes/{number}", {"purpose": purpose}))


def unsigned_notes(service: ServiceClient, purpose: str) -> UnsignedNotes:
    """The notes that wait for a signature of this person."""
    return UnsignedNotes.model_validate(service.get("/notes/unsigned", {"purpose": purpose}))


def record_note(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Record a note of a case under the next number."""
    path = f"/cases/{case_no}/notes"
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def continue_note(service: ServiceClient, case_no: str, number: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Go on with a note, or correct it."""
    path = f"/cases/{case_no}/notes/{number}/entries"
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def sign_note(service: ServiceClient, case_no: str, number: str, body: Mapping[str, Any], key: str) -> View:
    """Sign a note."""
    path = f"/cases/{case_no}/notes/{number}/signature"
    return View.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
