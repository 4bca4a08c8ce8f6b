"""End an assignment early (担当の終了): one person is enough, since it only takes away."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.case_management.adapters import assignments as register
from services.case_management.adapters.tables import assignment_ends
from services.case_management.domain.assignments import Assignment
from shared.contracts.facts.case_management import AssignmentEnded
from shared.contracts.permissions import ADMINISTRATOR
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def end_assignment(work: UnitOfWork, assignment_id: UUID, reason: str, last_day: date | None) -> register.Entry:
    """End it after `last_day`, or at once where none is named. Tokens that are out live for five minutes at most.

    Raises:
        Problem: not-found; invalid-input where the day lies in the past; wrong-state where it is over by then, or it is
            the last administrator's: nobody empties the register alone.
    """
    at, today = register.lock_register(work), work.clock.today()
    assignment = register.entry(work, assignment_id).assignment
    day = last_day or today
    if day < today:
        raise Problem("invalid-input", field="last_day", detail="過ぎた日に遡って終えることはできません")
    if (assignment.last_day and assignment.last_day < day) or assignment.stopped_on(day):
        raise Problem("wrong-state", field="state", detail="この担当は、その日より前に終わっています")
    _refuse_the_last_administrators(work, assignment, day)
    row = {"last_day": day, "at_once": last_day is None, "reason": reason}
    work.connection.execute(
        insert(assignment_ends).values(assignment_id=assignment_id, ended_by=work.actor, ended_at=at, **row)
    )
    event = AssignmentEnded(assignment_id=assignment_id, person=assignment.person, **row)
    work.fact(event, subject=f"staff:{assignment.person}")
    return register.entry(work, assignment_id)


def _refuse_the_last_administrators(work: UnitOfWork, assignment: Assignment, day: date) -> None:
    others = [
        entry.assignment
        for entry in register.approved(work)
        if entry.assignment.assignment_id != assignment.assignment_id
    ]
    left = [other for other in others if other.role == ADMINISTRATOR and (not other.last_day or other.last_day > day)]
    if assignment.role == ADMINISTRATOR and not left:
        raise Problem("wrong-state", field="state", detail="最後の管理者です。先に次の管理者を決裁してください")
