"""Read what is to be done: in a case, and what is due for the caller over all cases, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from services.case_management.adapters.casework import (
    Lying,
    cases_in,
    few,
    record_of_case,
    records_of_case,
    standing_of_all,
)
from services.case_management.adapters.casework_tables import task_ends, task_entries, tasks
from services.case_management.adapters.entries import ENDS, TASK, Entry, opened
from services.case_management.adapters.tables import decisions
from services.case_management.domain.casework import Urgency, horizon, urgency
from shared.contracts.codes import TaskOutcome
from shared.contracts.permissions import DUE
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.opened_cases import withdrawn
from shared.decisions.adapters.scope import may_see_cases
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 200
"""Tasks that one list of what is due names."""


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
    work.look("tasks", [f"case:{case_no}"], purpose)
    open_, ended = _of_case(work, case_no)
    return [_task(work, case_no, chain) for chain in (*open_, *ended)]


def read_task(work: UnitOfWork, case_no: str, task_no: str, purpose: str) -> Task:
    """Return one of a case; the look is recorded.

    Raises:
        Problem: not-found.
    """
    chain = record_of_case(work, TASK, case_no, task_no, task_ends, "task_no")
    work.look("tasks", [f"case:{case_no}"], purpose)
    return _task(work, case_no, chain)


def tasks_to_do(work: UnitOfWork, case_no: str, most: int) -> tuple[list[Task], int]:
    """Return the first of what is to be done in a case that there is, by its day, and how many tasks it has in all.

    It is for who records the look; what is not shown of many years stays sealed.
    """
    open_, ended = _of_case(work, case_no)
    return [_task(work, case_no, chain) for chain in open_[:most]], len(open_) + len(ended)


def _of_case(work: UnitOfWork, case_no: str) -> tuple[list[list[Lying]], list[list[Lying]]]:
    """The tasks of a case as they lie: what is to be done by its day, and what is ended, latest first."""
    chains = records_of_case(work, TASK, case_no, task_ends, "task_no")
    open_ = [chain for chain in chains if not chain[-1][1]]
    ended = [chain for chain in chains if chain[-1][1]]
    open_.sort(key=lambda chain: chain[-1][0]["due_on"])
    ended.sort(key=lambda chain: chain[-1][0]["number"], reverse=True)
    return open_, ended


def _task(work: UnitOfWork, case_no: str, chain: Sequence[Lying]) -> Task:
    ends = work.unseal(ENDS, [end for _, end in chain[-1:] if end])
    ended = [Ended(*(row[name] for name in Ended.__dataclass_fields__)) for row in ends]
    return Task(
        case_no, opened(work, TASK, [entry for entry, _ in chain]), ended[0] if ended else None, work.clock.today()
    )


def read_due_tasks(work: UnitOfWork, purpose: str) -> tuple[list[Task], int]:
    """Return what is overdue or due within 14 days in the cases of the caller, by its day, and how many there are.

    Nothing is due in a case whose application was taken back.
    """
    ended = select(task_ends.c.task_no).where(task_ends.c.task_no == tasks.c.task_no)
    open_ = few(select(tasks.c.task_no).where(~ended.exists(), tasks.c.case_no.not_in(withdrawn(decisions))))
    today = work.clock.today()
    rows = standing_of_all(work, TASK, task_entries.c.task_no.in_(open_) & (task_entries.c.due_on <= horizon(today)))
    seen = may_see_cases(work, decisions, DUE, cases_in(rows))
    visible = [row for row in rows if row["case_no"] in seen]
    shown = sorted(visible, key=lambda row: (row["due_on"], row["number"]))[:MOST]
    if shown:
        work.look("tasks", [f"case:{case_no}" for case_no in cases_in(shown)], purpose)
    entries = opened(work, TASK, shown)
    return [Task(entry.row["case_no"], [entry], None, today) for entry in entries], len(visible)
