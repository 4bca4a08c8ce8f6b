"""End what was to be done in a case: done, no longer needed, or a declaration (申告書) received."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import insert

from services.case_management.adapters.casework import require_record
from services.case_management.adapters.casework_tables import task_ends
from services.case_management.adapters.entries import ENDS, TASK, Entry, newest_entry
from services.case_management.adapters.tables import decisions
from services.case_management.domain.casework import RHYTHMS, months_later, next_period
from services.case_management.use_cases.casework.record_task import TaskEntry, record_task, require_open
from services.case_management.use_cases.intake.record_consultation import Recorded
from shared.contracts.between_fields import DECLARATIONS, task_end_faults
from shared.contracts.codes import TaskOutcome
from shared.contracts.facts.case_management import TaskEnded
from shared.decisions.adapters.opened_cases import days_of_withdrawal
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """How it ended and on which day; what was received names the period that it covers."""

    outcome: TaskOutcome
    ended_on: date
    covers_from: date | None
    covers_to: date | None


def end_task(work: UnitOfWork, case_no: str, task_no: str, end: TaskEnd, words: str | None) -> Recorded | None:
    """End it; of a declaration with a rhythm the next one begins as this one is received, and is returned.

    Nothing more is asked for in a case whose application was taken back.

    Raises:
        Problem: not-found; wrong-state where it is ended already; invalid-input where the day lies ahead, the outcome
            is none of its kind, what was received does not cover the period, or nobody says why it is not needed.
    """
    require_record(work, TASK, case_no, task_no)
    require_open(work, task_no)
    entry = newest_entry(work, TASK, task_no)
    _check(work, entry, end, words)
    row = {
        "task_no": task_no,
        **asdict(end),
        "words": words,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(task_ends).values(**work.seal(ENDS, [row])[0]))
    work.fact(TaskEnded(task_no=task_no, **asdict(end)), subject=f"case:{case_no}")
    if end.outcome != "received" or not entry.row["rhythm"] or days_of_withdrawal(work, decisions, [case_no]):
        return None
    return _next(work, case_no, entry)


def _next(work: UnitOfWork, case_no: str, entry: Entry) -> Recorded:
    months = RHYTHMS[entry.row["rhythm"]]
    due_on, period = months_later(entry.row["due_on"], months), next_period(entry.row["covers_to"], months)
    again = TaskEntry(entry.row["kind"], due_on, *period, entry.row["rhythm"])
    return record_task(work, case_no, again, {name: text for name, text in entry.content.items() if name != "why"})


def _check(work: UnitOfWork, entry: Entry, end: TaskEnd, words: str | None) -> None:
    if end.ended_on > work.clock.today():
        raise Problem("invalid-input", field="ended_on", detail="業務日より後の日です。日付を確認してください")
    declaration = entry.row["kind"] in DECLARATIONS
    if end.outcome == ("done" if declaration else "received"):
        detail = "申告書は「受理」で、ほかの予定は「済み」で終わります"
        raise Problem("invalid-input", field="outcome", detail=detail)
    refuse_faults(task_end_faults({**asdict(end), "words": words}))
    if end.covers_from is None or end.covers_to is None:
        return
    if end.covers_from > entry.row["covers_from"] or end.covers_to < entry.row["covers_to"]:
        detail = "申告書の期間が、求めている期間に足りません。足りない分が出るまで、予定は残ります"
        raise Problem("invalid-input", field="covers_from", detail=detail)
