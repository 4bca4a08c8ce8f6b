"""Read what is to be done: in a case, and what is due for the caller over all cases, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from services.case_management.adapters.casework import cases_in, few, record_of_case, records_of_case, standing_of_all
from services.case_management.adapters.casework_tables import task_ends, task_entries, tasks
from services.case_management.adapters.entries import ENDS, TASK, Entry, opened
from services.case_management.adapters.tables import decisions
from services.case_management.domain.casework import Urgency, horizon, urgency
from shared.contracts.codes import TaskOutcome
from shared.contracts.permissions import DUE
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.scope import may_see_cases
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 200
"""Tasks that one list of what is due names."""


_ENDS: Final = (
    select(task_ends).join(tasks, tasks.c.task_no == task_ends.c.task_no).where(tasks.c.case_no == bindparam("case_no"))
)
_Sealed = tuple[Sequence[Mapping[Any, Any]], Mapping[Any, Any] | None]
"""The entries of a task, oldest first, and its end, as they lie: their words sealed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended."""

    outcome: TaskOutcome
    ended_on: date
    covers_from: date | None
    covers_to: date | None
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, with its entries, oldest first, and how it ended."""

    case_no: str
    entries: Sequence[Entry]
    end: Ended | None
    today: date

    @property
    def newest(self) -> Entry:
        """What holds."""
        return self.entries[-1]

    @property
    def urgency(self) -> Urgency | None:
        """How urgent it is; None where it is ended."""
        return None if self.end else urgency(self.newest.row["due_on"], self.today)


def read_tasks(work: UnitOfWork, case_no: str, purpose: str) -> list[Task]:
    """Return what is to be done in a case by its day, and behind it what is ended, latest first; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    open_, ended = _of_case(work, case_no, purpose)
    return [_task(work, case_no, *task) for task in (*open_, *ended)]


def read_task(work: UnitOfWork, case_no: str, task_no: str, purpose: str) -> Task:
    """Return one of a case; the look is recorded.

    Raises:
        Problem: not-found.
    """
    chain = record_of_case(work, TASK, case_no, task_no)
    work.look("tasks", [f"case:{case_no}"], purpose)
    ends = work.session.execute(select(task_ends).where(task_ends.c.task_no == task_no)).mappings()
    return _task(work, case_no, chain, ends.one_or_none())


def tasks_to_do(work: UnitOfWork, case_no: str, purpose: str, most: int) -> tuple[list[Task], int]:
    """Return the first of what is to be done in a case that there is, by its day, and how many tasks it has in all.

    What is not shown of many years stays sealed; the look is recorded.
    """
    open_, ended = _of_case(work, case_no, purpose)
    return [_task(work, case_no, *task) for task in open_[:most]], len(open_) + len(ended)


def _of_case(work: UnitOfWork, case_no: str, purpose: str) -> tuple[list[_Sealed], list[_Sealed]]:
    """The tasks of a case as they lie: what is to be done by its day, and what is ended, latest first."""
    work.look("tasks", [f"case:{case_no}"], purpose)
    ends = {row["task_no"]: row for row in work.session.execute(_ENDS, {"case_no": case_no}).mappings()}
    all_: list[_Sealed] = [(chain, ends.get(chain[-1]["task_no"])) for chain in records_of_case(work, TASK, case_no)]
    open_ = sorted((task for task in all_ if not task[1]), key=lambda task: task[0][-1]["due_on"])
    ended = sorted((task for task in all_ if task[1]), key=lambda task: task[0][-1]["number"], reverse=True)
    return open_, ended


def _task(work: UnitOfWork, case_no: str, chain: Sequence[Mapping[Any, Any]], end: Mapping[Any, Any] | None) -> Task:
    ended = [
        Ended(*(row[name] for name in Ended.__dataclass_fields__)) for row in work.unseal(ENDS, [end] if end else [])
    ]
    return Task(case_no, opened(work, TASK, chain), ended[0] if ended else None, work.clock.today())


def read_due_tasks(work: UnitOfWork, purpose: str) -> tuple[list[Task], int]:
    """Return what is overdue or due within 14 days in the cases of the caller, by its day, and how many there are."""
    ended = select(task_ends.c.task_no).where(task_ends.c.task_no == tasks.c.task_no)
    open_ = few(select(tasks.c.task_no).where(~ended.exists()))
    today = work.clock.today()
    rows = standing_of_all(work, TASK, task_entries.c.task_no.in_(open_) & (task_entries.c.due_on <= horizon(today)))
    seen = may_see_cases(work, decisions, DUE, cases_in(rows))
    visible = [row for row in rows if row["case_no"] in seen]
    shown = sorted(visible, key=lambda row: (row["due_on"], row["number"]))[:MOST]
    if shown:
        work.look("tasks", [f"case:{case_no}" for case_no in cases_in(shown)], purpose)
    entries = opened(work, TASK, shown)
    return [Task(entry.row["case_no"], [entry], None, today) for entry in entries], len(visible)
