"""Casework (ケース記録, 約束・予定): the notes of a case and their signatures, what is to be done and what is due."""

from services.case_management.adapters.tables import decisions
from services.case_management.api.casework_schemas import (
    ContinueNote,
    ContinueTask,
    Ended,
    EndTask,
    NoteOfCase,
    NotesQuery,
    NotesView,
    NoteView,
    RecordNote,
    RecordTask,
    Signed,
    SignNote,
    TasksView,
    TaskView,
    UnsignedNotes,
    UnsignedNoteView,
    UpcomingList,
    UpcomingView,
)
from services.case_management.api.intake_schemas import RecordedView
from services.case_management.use_cases.casework import end_task as ending
from services.case_management.use_cases.casework import read_notes as reading
from services.case_management.use_cases.casework import read_tasks as planning
from services.case_management.use_cases.casework import read_upcoming as coming
from services.case_management.use_cases.casework import record_note as noting
from services.case_management.use_cases.casework import record_task as promising
from services.case_management.use_cases.casework import sign_note as signing
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("casework")
_CASE = case_record(decisions)


@routes.get("/cases/<case_no>/notes", permission="note.read", query=NotesQuery, of=_CASE)
def list_notes(work: UnitOfWork, case_no: str, query: NotesQuery) -> NotesView:
    """The notes of a case in the order of time, newest first."""
    notes = reading.read_notes(work, case_no, query.purpose, unsigned=query.unsigned, newest=query.newest)
    return NotesView.of(case_no, notes)


@routes.post("/cases/<case_no>/notes", permission="note.record", status=201, of=_CASE)
def record_note(work: UnitOfWork, case_no: str, body: RecordNote) -> RecordedView:
    """Record a note of a case under the next number."""
    return RecordedView.of(noting.record_note(work, case_no, body.entry(), body.words))


@routes.get("/cases/<case_no>/notes/<note_no>", permission="note.read", query=PurposeQuery, of=_CASE)
def read_note(work: UnitOfWork, case_no: str, note_no: str, query: PurposeQuery) -> NoteOfCase:
    """One note of a case, with the name of its householder."""
    note, name = reading.read_note(work, case_no, note_no, query.purpose)
    return NoteOfCase(**dict(NoteView.of(note)), name=name)


@routes.post("/cases/<case_no>/notes/<note_no>/entries", permission="note.record", status=201, of=_CASE)
def continue_note(work: UnitOfWork, case_no: str, note_no: str, body: ContinueNote) -> RecordedView:
    """Go on with a note, or correct it; the entries before stay."""
    return RecordedView.of(noting.record_note(work, case_no, body.entry(), body.words, body.after(note_no)))


@routes.post("/cases/<case_no>/notes/<note_no>/signature", permission="note.sign", of=_CASE)
def sign_note(work: UnitOfWork, case_no: str, note_no: str, body: SignNote) -> Signed:
    """Sign, as a supervisor, what somebody else wrote."""
    signing.sign_note(work, case_no, note_no, body.entry_id, body.remark)
    return Signed()


@routes.get("/notes/unsigned", permission="note.list", query=PurposeQuery)
def list_unsigned_notes(work: UnitOfWork, query: PurposeQuery) -> UnsignedNotes:
    """The notes that wait for a signature of the caller, the oldest first."""
    items, count = reading.read_unsigned_notes(work, query.purpose)
    return UnsignedNotes(items=[UnsignedNoteView.model_validate(item) for item in items], count=count)


@routes.get("/cases/<case_no>/tasks", permission="task.read", query=PurposeQuery, of=_CASE)
def list_tasks(work: UnitOfWork, case_no: str, query: PurposeQuery) -> TasksView:
    """What is to be done in a case by its day, and behind it what is ended."""
    tasks = planning.read_tasks(work, case_no, query.purpose)
    return TasksView.of(tasks, len(tasks))


@routes.post("/cases/<case_no>/tasks", permission="task.record", status=201, of=_CASE)
def record_task(work: UnitOfWork, case_no: str, body: RecordTask) -> RecordedView:
    """Record what is to be done in a case, under the next number."""
    return RecordedView.of(promising.record_task(work, case_no, body.entry(), body.words))


@routes.get("/cases/<case_no>/tasks/<task_no>", permission="task.read", query=PurposeQuery, of=_CASE)
def read_task(work: UnitOfWork, case_no: str, task_no: str, query: PurposeQuery) -> TaskView:
    """One of what is to be done in a case."""
    return TaskView.of(planning.read_task(work, case_no, task_no, query.purpose))


@routes.post("/cases/<case_no>/tasks/<task_no>/entries", permission="task.record", status=201, of=_CASE)
def continue_task(work: UnitOfWork, case_no: str, task_no: str, body: ContinueTask) -> RecordedView:
    """Give it another day, or correct it; the entries before stay."""
    return RecordedView.of(promising.record_task(work, case_no, body.entry(), body.words, body.after(task_no)))


@routes.post("/cases/<case_no>/tasks/<task_no>/end", permission="task.record", of=_CASE)
def end_task(work: UnitOfWork, case_no: str, task_no: str, body: EndTask) -> Ended:
    """Done, no longer needed, or a declaration received, after which the next one begins by its rhythm."""
    again = ending.end_task(work, case_no, task_no, body.end(), body.words)
    return Ended(next_task_no=again.no if again else None)


@routes.get("/tasks", permission="task.list", query=PurposeQuery)
def list_due_tasks(work: UnitOfWork, query: PurposeQuery) -> TasksView:
    """What is overdue, due today or within 14 days in the cases of the caller."""
    return TasksView.of(*planning.read_due_tasks(work, query.purpose))


@routes.get("/upcoming", permission="task.list", query=PurposeQuery)
def list_upcoming(work: UnitOfWork, query: PurposeQuery) -> UpcomingList:
    """Papers that expire and ages that are reached within 60 days in the cases of the caller."""
    items, count = coming.read_upcoming(work, query.purpose)
    return UpcomingList(items=[UpcomingView.model_validate(item) for item in items], count=count)
