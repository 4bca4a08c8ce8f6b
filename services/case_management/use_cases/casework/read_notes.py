"""Read case notes (ケース記録): those of a case in the order of time, and those of all cases that wait to be signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.casework import (
    Lying,
    cases_in,
    few,
    record_of_case,
    records_of_case,
    standing_of_all,
)
from services.case_management.adapters.casework_tables import note_entries, note_signatures
from services.case_management.adapters.entries import NOTE, SIGNATURES, Entry, opened
from services.case_management.adapters.householders import householders
from services.case_management.adapters.tables import decisions
from shared.contracts.codes import NoteContact, NoteKind
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.scope import may_see_cases
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 200
"""Notes that one list of unsigned ones names."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed an entry, and what they remarked."""

    entry_id: UUID
    remark: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its entries, oldest first, and their signatures; it is signed where what holds is."""

    entries: Sequence[Entry]
    signatures: Sequence[Signature]
    signed: bool

    @property
    def newest(self) -> Entry:
        """What holds."""
        return self.entries[-1]


@dataclass(frozen=True, slots=True)
class NotesOfCase:
    """The notes of a case that were asked for, newest first; how many there are and wait; what holds of all of them."""

    items: Sequence[Note]
    count: int
    unsigned: int
    policy: Note | None
    visited_on: date | None


@dataclass(frozen=True, slots=True)
class UnsignedNote:
    """A note that waits for a signature, without its words; `name` is that of the householder."""

    case_no: str
    note_no: str
    entry_id: UUID
    kind: NoteKind
    contact: NoteContact
    held_on: date
    recorded_by: str
    recorded_at: datetime
    name: str


def read_notes(work: UnitOfWork, case_no: str, purpose: str, *, unsigned: bool, newest: int | None) -> NotesOfCase:
    """Return the notes of a case, all or those that nobody has signed, newest first; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    work.look("notes", [f"case:{case_no}"], purpose)
    return notes_of_case(work, case_no, unsigned=unsigned, newest=newest)


def notes_of_case(work: UnitOfWork, case_no: str, *, unsigned: bool, newest: int | None) -> NotesOfCase:
    """The same of a case that there is, for who records the look; what is not shown of many years stays sealed."""
    chains = sorted(records_of_case(work, NOTE, case_no, note_signatures, "entry_id"), key=_place, reverse=True)
    waiting = [chain for chain in chains if chain[-1][1] is None]
    newest_rows = [chain[-1][0] for chain in chains]
    policy = next((chain for chain in chains if chain[-1][0]["kind"] == "policy"), None)
    return NotesOfCase(
        items=[_note(work, chain) for chain in (waiting if unsigned else chains)[:newest]],
        count=len(chains),
        unsigned=len(waiting),
        policy=_note(work, policy) if policy else None,
        visited_on=max((row["held_on"] for row in newest_rows if row["contact"] == "visit"), default=None),
    )


def read_note(work: UnitOfWork, case_no: str, note_no: str, purpose: str) -> tuple[Note, str]:
    """Return one note of a case, and the name of its householder; the look is recorded.

    Raises:
        Problem: not-found.
    """
    chain = record_of_case(work, NOTE, case_no, note_no, note_signatures, "entry_id")
    head = householders(work, [case_no]).get(case_no)
    work.look("notes", [f"case:{case_no}", *([head.subject] if head else [])], purpose)
    return _note(work, chain), head.name if head else ""


def read_unsigned_notes(work: UnitOfWork, purpose: str) -> tuple[list[UnsignedNote], int]:
    """Return what the caller may sign and wrote no entry of, the oldest first, and how many there are."""
    signed = select(note_signatures.c.entry_id).where(note_signatures.c.entry_id == note_entries.c.entry_id)
    own = note_entries.alias("own")
    written = select(own.c.entry_id).where(own.c.note_no == note_entries.c.note_no, own.c.recorded_by == work.actor)
    of_others = select(note_entries.c.entry_id).where(~written.exists(), ~signed.exists())
    rows = standing_of_all(work, NOTE, note_entries.c.entry_id.in_(few(of_others)))
    seen = may_see_cases(work, decisions, "note.sign", cases_in(rows))
    visible = [row for row in rows if row["case_no"] in seen]
    shown = visible[:MOST]
    known = householders(work, cases_in(shown))
    if shown:
        heads = sorted({head.subject for head in known.values()})
        work.look("notes", [*(f"case:{case_no}" for case_no in cases_in(shown)), *heads], purpose)
    names = {case_no: head.name for case_no, head in known.items()}
    columns = [name for name in UnsignedNote.__dataclass_fields__ if name != "name"]
    return [
        UnsignedNote(**{column: row[column] for column in columns}, name=names.get(row["case_no"], "")) for row in shown
    ], len(visible)


def _place(chain: Sequence[Lying]) -> tuple[Any, ...]:
    """The place of a note in time."""
    return chain[-1][0]["held_on"], chain[-1][0]["note_no"]


def _note(work: UnitOfWork, chain: Sequence[Lying]) -> Note:
    signed = work.unseal(SIGNATURES, [signature for _, signature in chain if signature])
    return Note(
        entries=opened(work, NOTE, [entry for entry, _ in chain]),
        signatures=[Signature(*(row[name] for name in Signature.__dataclass_fields__)) for row in signed],
        signed=chain[-1][1] is not None,
    )
