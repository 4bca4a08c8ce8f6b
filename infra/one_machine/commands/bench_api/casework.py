"""Five years of casework of every household: notes with signatures, declarations and their ends, all words sealed."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from infra.one_machine.commands.bench_api.history import YEARS, case_numbers, runtime_of
from infra.one_machine.folders import Folders
from services.case_management.adapters.casework_tables import note_signatures, task_ends
from services.case_management.adapters.entries import NOTE, TASK, RecordKind
from services.case_management.app import service
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

NOTES_A_YEAR: Final = 6
TASKS_A_YEAR: Final = 2
_CONTACTS: Final = ("visit", "telephone", "counter")
_WRITER: Final = "person:demo-caseworker"
_SIGNER: Final = "person:demo-supervisor"
_WORDS: Final = "(架空)体調は変わりない。次の訪問で通帳の写しを預かる約束をした。就労の時間が少し増えたとのこと。"
_BATCH: Final = 2_000

Rows = Sequence[dict[str, Any]]


def add_casework(folders: Folders, month: str) -> None:
    """Give every household its notes and tasks of the years before a month; the tasks of the last year are open."""
    runtime, numbers = runtime_of(folders), list(enumerate(case_numbers(folders)))
    for past in range(YEARS, 0, -1):
        spring = date(int(month[:4]) - past, 4, 1)
        for first in range(0, len(numbers), _BATCH):
            batch = numbers[first : first + _BATCH]
            with unit_of_work(runtime, actor=f"service:{service.name}", correlation=str(uuid4())) as work:
                _add_notes(work, spring, batch)
                _add_tasks(work, spring, batch, ended=past > 1)
    runtime.engine.dispose()


def _add_notes(work: UnitOfWork, spring: date, cases: Sequence[tuple[int, str]]) -> None:
    rows = _opened(work, NOTE, spring, cases, NOTES_A_YEAR)
    for row in rows:
        row |= {"kind": "contact", "contact": _CONTACTS[row["part"] % len(_CONTACTS)]}
        row |= {"held_on": spring + timedelta(days=60 * row["part"]), "content": {"said": _WORDS, "plan": _WORDS}}
    _add_entries(work, NOTE, rows, ("kind", "contact", "held_on"))
    signed = ((row["entry_id"], _WRITER, _SIGNER, row["recorded_at"]) for row in rows if row["part"])
    work.copy(note_signatures, signed, ("entry_id", "author", "recorded_by", "recorded_at"))


def _add_tasks(work: UnitOfWork, spring: date, cases: Sequence[tuple[int, str]], *, ended: bool) -> None:
    rows = _opened(work, TASK, spring, cases, TASKS_A_YEAR)
    for row in rows:
        row |= {"kind": "promise", "due_on": spring + timedelta(days=300 * row["part"] + 60)}
        row |= {"content": {"what": _WORDS}}
    _add_entries(work, TASK, rows, ("kind", "due_on"))
    if ended:
        ends = ((row["task_no"], "done", row["due_on"], _WRITER, row["recorded_at"]) for row in rows)
        work.copy(task_ends, ends, ("task_no", "outcome", "ended_on", "recorded_by", "recorded_at"))


def _opened(work: UnitOfWork, kind: RecordKind, spring: date, cases: Sequence[tuple[int, str]], each: int) -> Rows:
    """So many records of each case, opened in a year under the numbers of that year."""
    now = datetime.now(UTC)
    rows = [
        {
            kind.no: f"{spring.year}{at * each + part + 1:06}",
            "case_no": case_no,
            "part": part,
            "entry_id": uuid4(),
            "change": "first",
            "recorded_by": _WRITER,
            "recorded_at": now,
        }
        for at, case_no in cases
        for part in range(each)
    ]
    heads = ((row[kind.no], row["case_no"], _WRITER, now) for row in rows)
    work.copy(kind.heads, heads, (kind.no, "case_no", "opened_by", "opened_at"))
    return rows


def _add_entries(work: UnitOfWork, kind: RecordKind, rows: Rows, own: Sequence[str]) -> None:
    columns = ("entry_id", kind.no, "change", *own, "content", "recorded_by", "recorded_at")
    written = ({**row, "content": json.dumps(row["content"], ensure_ascii=False)} for row in rows)
    sealed = work.seal(kind.sealed, written)
    work.copy(kind.entries, ([row[name] for name in columns] for row in sealed), columns)
