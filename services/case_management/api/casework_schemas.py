"""Bodies, queries and answers of casework: notes of a case (ケース記録) and what is to be done in it (約束・予定)."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.case_management.adapters.entries import Entry
from services.case_management.api.written import Line, Words
from services.case_management.domain.casework import Urgency
from services.case_management.use_cases.casework.end_task import TaskEnd
from services.case_management.use_cases.casework.read_notes import Note, NotesOfCase
from services.case_management.use_cases.casework.read_tasks import Task
from services.case_management.use_cases.casework.record_note import Follows, NoteEntry
from services.case_management.use_cases.casework.record_task import TaskEntry
from shared.contracts.codes import DetailKind, EntryChange, NoteContact, NoteKind, TaskKind, TaskOutcome, TaskRhythm
from shared.contracts.purposes import Purpose
from shared.decisions.api.schemas import Answer, Day

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time of day, HH:MM")]


class _Content(BaseModel):
    """What is sealed of an entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoteContent(_Content):
    """What a note says: who was met, what was seen and said, what follows; why it is corrected."""

    met: Line | None = None
    seen: Words | None = None
    said: Words | None = None
    plan: Words | None = None
    why: Words | None = None


class TaskContent(_Content):
    """What is to be done; why it is corrected."""

    what: Words | None = None
    why: Words | None = None


class RecordNote(BaseModel):
    """A note; by which contact is a fact of its own, and only ``visit`` counts as a visit (訪問)."""

    kind: NoteKind
    contact: NoteContact = "none"
    held_on: Day
    began_at: TimeOfDay | None = None
    content: NoteContent

    @property
    def words(self) -> dict[str, Any]:
        """What of the content there is."""
        return self.content.model_dump(exclude_none=True)

    def entry(self) -> NoteEntry:
        """What stands beside the words."""
        began_at = time.fromisoformat(self.began_at) if self.began_at else None
        return NoteEntry(self.kind, self.contact, self.held_on, began_at)


class _After(BaseModel):
    """Which entry the writer saw, and why another one follows it."""

    follows: UUID
    change: Literal["continued", "correction"] = "continued"

    def after(self, number: str) -> Follows:
        """What the entry follows."""
        return Follows(number, self.follows, self.change)


class ContinueNote(RecordNote, _After):
    """The whole note as it is now, after the entry that its writer saw."""


class SignNote(BaseModel):
    """The entry that was read, and what the supervisor remarks."""

    entry_id: UUID
    remark: Words | None = None


class Signed(BaseModel):
    """The note is signed."""

    state: Literal["signed"] = "signed"


class NotesQuery(BaseModel):
    """Which notes: all or those that nobody has signed, and how many of them; the purpose is recorded."""

    purpose: Purpose
    unsigned: bool = False
    newest: Annotated[int, Field(ge=1, le=10_000)] | None = None


class _EntryView(BaseModel):
    entry_id: UUID
    change: EntryChange
    recorded_by: str
    recorded_at: datetime


class NoteEntryView(_EntryView):
    """One entry of a note."""

    kind: NoteKind
    contact: NoteContact
    held_on: date
    began_at: time | None
    content: NoteContent

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry as it is shown."""
        return cls.model_validate({**entry.row, "content": entry.content})


class SignatureView(Answer):
    """Who signed an entry, and what they remarked."""

    entry_id: UUID
    remark: str | None
    recorded_by: str
    recorded_at: datetime


class NoteView(BaseModel):
    """A note: its entries, oldest first (the last one holds), and their signatures."""

    note_no: str
    signed: bool
    entries: list[NoteEntryView]
    signatures: list[SignatureView]

    @classmethod
    def of(cls, note: Note) -> Self:
        """A note as it is shown."""
        return cls(
            note_no=note.newest.no,
            signed=note.signed,
            entries=[NoteEntryView.of(entry) for entry in note.entries],
            signatures=[SignatureView.model_validate(signature) for signature in note.signatures],
        )


class NoteOfCase(NoteView):
    """A note with the name of the householder of its case; "" where nobody knows it."""

    name: str


class NotesView(BaseModel):
    """The notes of a case, newest first, with the newest policy (援助方針) and the day of the last visit (訪問)."""

    case_no: str
    items: list[NoteView]
    count: int
    unsigned: int
    policy: NoteView | None
    visited_on: date | None

    @classmethod
    def of(cls, case_no: str, notes: NotesOfCase) -> Self:
        """Notes as they are shown."""
        return cls(
            case_no=case_no,
            items=[NoteView.of(note) for note in notes.items],
            count=notes.count,
            unsigned=notes.unsigned,
            policy=NoteView.of(notes.policy) if notes.policy else None,
            visited_on=notes.visited_on,
        )


class UnsignedNoteView(Answer):
    """A note that waits for a signature, without its words."""

    case_no: str
    note_no: str
    entry_id: UUID
    kind: NoteKind
    contact: NoteContact
    held_on: date
    recorded_by: str
    recorded_at: datetime
    name: str


class UnsignedNotes(BaseModel):
    """Notes that wait for a signature of the caller, the oldest first; ``count`` is how many there are."""

    items: list[UnsignedNoteView]
    count: int


class RecordTask(BaseModel):
    """What is to be done until when; a declaration (申告書) names the period that it has to cover.

    With a ``rhythm`` the next declaration begins as this one is received.
    """

    kind: TaskKind
    due_on: Day
    covers_from: Day | None = None
    covers_to: Day | None = None
    rhythm: TaskRhythm | None = None
    content: TaskContent

    @property
    def words(self) -> dict[str, Any]:
        """What of the content there is."""
        return self.content.model_dump(exclude_none=True)

    def entry(self) -> TaskEntry:
        """What stands beside the words."""
        return TaskEntry(self.kind, self.due_on, self.covers_from, self.covers_to, self.rhythm)


class ContinueTask(RecordTask, _After):
    """The whole task as it is now (another day), after the entry that its writer saw."""


class EndTask(BaseModel):
    """How it ended and on which day; a declaration that was received names the period that it covers."""

    outcome: TaskOutcome
    ended_on: Day
    covers_from: Day | None = None
    covers_to: Day | None = None
    words: Words | None = None

    def end(self) -> TaskEnd:
        """What stands beside the words."""
        return TaskEnd(self.outcome, self.ended_on, self.covers_from, self.covers_to)


class Ended(BaseModel):
    """The task is ended; ``next_task_no`` is the declaration that is due next by its rhythm."""

    state: Literal["ended"] = "ended"
    next_task_no: str | None


class TaskEntryView(_EntryView):
    """One entry of a task."""

    kind: TaskKind
    due_on: date
    covers_from: date | None
    covers_to: date | None
    rhythm: TaskRhythm | None
    content: TaskContent

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry as it is shown."""
        return cls.model_validate({**entry.row, "content": entry.content})


class EndView(Answer):
    """How a task ended."""

    outcome: TaskOutcome
    ended_on: date
    covers_from: date | None
    covers_to: date | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


class TaskView(BaseModel):
    """What is to be done: its entries, oldest first (the last one holds), how urgent it is, how it ended."""

    case_no: str
    task_no: str
    urgency: Urgency | None
    entries: list[TaskEntryView]
    end: EndView | None

    @classmethod
    def of(cls, task: Task) -> Self:
        """A task as it is shown."""
        return cls(
            case_no=task.case_no,
            task_no=task.newest.no,
            urgency=task.urgency,
            entries=[TaskEntryView.of(entry) for entry in task.entries],
            end=EndView.model_validate(task.end) if task.end else None,
        )


class UpcomingView(Answer):
    """A paper that expires on a day (``certificate``), or an age that is reached on it, of a member of a case."""

    on: date
    certificate: DetailKind | None
    age: int | None
    person_no: str
    name: str
    case_no: str
    caseworker: str | None


class UpcomingList(BaseModel):
    """What comes up by itself, by its day; ``count`` is how much of it there is."""

    items: list[UpcomingView]
    count: int


class TasksView(BaseModel):
    """What is to be done, by its day; ``count`` is how many there are."""

    items: list[TaskView]
    count: int

    @classmethod
    def of(cls, tasks: list[Task], count: int) -> Self:
        """Tasks as they are shown."""
        return cls(items=[TaskView.of(task) for task in tasks], count=count)
