"""Record what is to be done in a case (約束・予定), or give it another day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from services.case_management.adapters.casework import require_record
from services.case_management.adapters.casework_tables import task_ends
from services.case_management.adapters.entries import TASK, add_entry, hold_order, open_record
from services.case_management.use_cases.casework.record_note import Follows
from services.case_management.use_cases.intake.end_application import require_case_to_work_on
from services.case_management.use_cases.intake.record_consultation import Recorded
from shared.contracts.between_fields import task_faults
from shared.contracts.codes import EntryChange, TaskKind, TaskRhythm
from shared.contracts.facts.case_management import TaskRecorded
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """What stands beside the words; a declaration names the period that it has to cover, and how often it is due."""

    kind: TaskKind
    due_on: date
    covers_from: date | None
    covers_to: date | None
    rhythm: TaskRhythm | None


def record_task(
    work: UnitOfWork, case_no: str, entry: TaskEntry, content: Mapping[str, Any], follows: Follows | None = None
) -> Recorded:
    """Record an entry; where it follows none it opens a task under the next number.

    Raises:
        Problem: invalid-input where a declaration names no period, or another kind does, or no words say what is to be
            done; not-found; changed-meanwhile; wrong-state where the task is ended, or the application of the case was
            taken back.
    """
    require_case_to_work_on(work, case_no)
    if follows:
        require_record(work, TASK, case_no, follows.no)
        require_open(work, follows.no)
    change: EntryChange = follows.change if follows else "first"
    _check(entry, content, change)
    number = follows.no if follows else open_record(work, TASK, case_no=case_no)
    after = follows.entry_id if follows else None
    entry_id = add_entry(work, TASK, number, follows=after, change=change, content=content, **asdict(entry))
    event = TaskRecorded(
        task_no=number, entry_id=entry_id, follows=after, change=change, kind=entry.kind, due_on=entry.due_on
    )
    work.fact(event, subject=f"case:{case_no}")
    return Recorded(number, entry_id)


def require_open(work: UnitOfWork, task_no: str) -> None:
    """Refuse what is ended; nobody ends it until this is committed.

    Raises:
        Problem: wrong-state.
    """
    hold_order(work)
    ended = task_ends.c.task_no
    if work.connection.scalar(select(ended).where(ended == task_no)):
        raise Problem("wrong-state", field="state", detail="この予定は終わっています")


def _check(entry: TaskEntry, content: Mapping[str, Any], change: EntryChange) -> None:
    words = {f"content.{name}": text for name, text in content.items()}
    refuse_faults(task_faults({**asdict(entry), **words, "change": change}))
