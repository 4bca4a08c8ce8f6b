"""What the lists of notes and of tasks of one case show of each of their lines."""

from datetime import date, datetime
from typing import Any, Final

from services.ui_gateway.pages.people import case_labels as labels
from services.ui_gateway.staff_names import staff_in_words
from services.ui_gateway.tables.columns import Code, Day, Staff, Text
from services.ui_gateway.tables.table import Table
from shared.money_and_time.eras import format_era
from shared.service_kit.clock import TOKYO

_SIGNED: Final = {False: "確認待ち", True: "確認済み"}
_WORDS: Final = {
    "met": "会った人・出席者",
    "seen": "見たこと",
    "said": "聞いたこと・話したこと",
    "plan": "今後の方針・結論",
    "why": "訂正の理由",
}


def notes_of(case_no: str) -> Table:
    """The notes of a case with all of their words."""
    return Table(
        "case_notes",
        "ケース記録",
        Text("no", "記録番号", lambda note: note.note_no, to=lambda note: f"/cases/{case_no}/notes/{note.note_no}"),
        Day("held_on", "いつ", lambda note: note.newest.held_on, filterable=True),
        Text("began_at", "時刻", lambda note: note.newest.began_at and note.newest.began_at.strftime("%H:%M")),
        Code("kind", "何の記録", lambda note: note.newest.kind, labels=labels.NOTE_KINDS, filterable=True),
        Code("contact", "方法", lambda note: note.newest.contact, labels=labels.NOTE_CONTACTS, filterable=True),
        Text("words", "内容", lambda note: _words(note.newest.content), sortable=False),
        Code("change", "追記・訂正", _changed, labels=labels.CHANGES),
        Staff("by", "記録した人", lambda note: note.newest.recorded_by, filterable=True),
        Day("recorded_on", "記録した日", lambda note: _day(note.newest.recorded_at), filterable=True),
        Code("signed", "確認", lambda note: note.signed, labels=_SIGNED, filterable=True, marked=_look),
        Text("signatures", "確認した人・指導", _signatures, sortable=False),
        page_rows=20,
    )


def tasks_of(case_no: str) -> Table:
    """What is to be done in a case, and how it ended."""
    return Table(
        "case_tasks",
        "予定・約束",
        Text("no", "番号", lambda task: task.task_no, to=lambda task: f"/cases/{case_no}/tasks/{task.task_no}"),
        Day("due_on", "期限", lambda task: task.newest.due_on, filterable=True),
        Code("kind", "種類", lambda task: task.newest.kind, labels=labels.TASK_KINDS, filterable=True),
        Text("what", "何をするか", lambda task: task.newest.content.get("what"), sortable=False),
        Day("covers_from", "申告の初日", lambda task: task.newest.covers_from),
        Day("covers_to", "申告の末日", lambda task: task.newest.covers_to),
        Code("state", "状態", _state, labels=_STATES, filterable=True, marked=_state),
        Day("ended_on", "終わった日", lambda task: task.end and task.end.ended_on, filterable=True),
        Staff("by", "記録した人", lambda task: task.newest.recorded_by, filterable=True),
    )


_STATES: Final = {**labels.URGENCIES, **labels.TASK_OUTCOMES}


def _state(task: Any) -> str:
    return str(task.end.outcome if task.end else task.urgency)


def _words(content: dict[str, Any]) -> str:
    return "\n".join(f"{label}: {content[name]}" for name, label in _WORDS.items() if content.get(name))


def _changed(note: Any) -> str | None:
    return note.newest.change if len(note.entries) > 1 else None


def _look(note: Any) -> str:
    return "approved" if note.signed else "proposed"


def _signatures(note: Any) -> str:
    own = (signature for signature in note.signatures if signature.entry_id == note.newest.entry_id)
    return "\n".join(f"{_signed(signature)} {signature.remark or ''}".strip() for signature in own)


def _signed(signature: Any) -> str:
    return f"{format_era(_day(signature.recorded_at))} {staff_in_words(signature.recorded_by)}"


def _day(at: datetime) -> date:
    return at.astimezone(TOKYO).date()
