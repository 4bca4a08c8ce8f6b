"""Record a case note (ケース記録): the first entry, one that goes on with it, or a correction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from services.case_management.adapters.casework import require_record
from services.case_management.adapters.entries import NOTE, add_entry, open_record
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.intake.record_consultation import Recorded
from shared.contracts.between_fields import note_faults
from shared.contracts.codes import EntryChange, NoteContact, NoteKind
from shared.contracts.facts.case_management import NoteRecorded
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What stands beside the words of a note. By which contact is a fact: `visit` alone counts as a visit (訪問)."""

    kind: NoteKind
    contact: NoteContact
    held_on: date
    began_at: time | None


@dataclass(frozen=True, slots=True)
class Follows:
    """Which record goes on: the entry that its writer saw, and why another one follows it."""

    no: str
    entry_id: UUID
    change: EntryChange


def record_note(
    work: UnitOfWork, case_no: str, entry: NoteEntry, content: Mapping[str, Any], follows: Follows | None = None
) -> Recorded:
    """Record an entry; where it follows none it opens a note under the next number.

    Raises:
        Problem: invalid-input where the day lies ahead, the contact contradicts the kind or is a visit to nobody, or a
            correction does not say why; not-found; changed-meanwhile.
    """
    require_case(work, decisions, case_no)
    if follows:
        require_record(work, NOTE, case_no, follows.no)
    change: EntryChange = follows.change if follows else "first"
    _check(work, entry, content, change)
    number = follows.no if follows else open_record(work, NOTE, case_no=case_no)
    after = follows.entry_id if follows else None
    entry_id = add_entry(work, NOTE, number, follows=after, change=change, content=content, **asdict(entry))
    event = NoteRecorded(
        note_no=number,
        entry_id=entry_id,
        follows=after,
        change=change,
        kind=entry.kind,
        contact=entry.contact,
        held_on=entry.held_on,
    )
    work.fact(event, subject=f"case:{case_no}")
    return Recorded(number, entry_id)


def _check(work: UnitOfWork, entry: NoteEntry, content: Mapping[str, Any], change: EntryChange) -> None:
    if entry.held_on > work.clock.today():
        raise Problem("invalid-input", field="held_on", detail="業務日より後の日です。日付を確認してください")
    words = {f"content.{name}": text for name, text in content.items()}
    refuse_faults(note_faults({**asdict(entry), **words, "change": change}))
