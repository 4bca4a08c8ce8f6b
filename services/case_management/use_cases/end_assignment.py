"""End an assignment early (担当の終了): one person is enough, since it only takes away."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.case_management.adapters import assignments as register
from services.case_management.adapters.assignment_views import AssignmentView
from services.case_management.adapters.tables import assignment_ends
from services.case_management.domain.assignments import Assignment
from shared.contracts.facts.case_management import AssignmentEnded
from shared.contracts.permissions import ADMINISTRATOR
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def end_assignment(work: UnitOfWork, assignment_id: UUID, reason: str, last_day: date | None) -> AssignmentView:
    """End it after `last_day`, or at once where none is named. Tokens that are out live for five minutes at most.

    Raises:
        Problem: not-found; invalid-input where the day lies in the past; wrong-state where it is over by then, or it is
            the last administrator's: nobody empties the register alone.
    """
    at, today = register.lock_register(work), work.clock.today()
    one = register.entry(work, assignment_id).one
    day = last_day or today
    if day < today:
        raise Problem("invalid-input", field="last_day", detail="過ぎた日に遡って終えることはできません")
    if (one.last_day and one.last_day < day) or one.stopped_on(day):
        raise Problem("wrong-state", field="state", detail="この担当は、その日より前に終わっています")
    _refuse_the_last_administrators(work, one, day)
    row = {"last_day": day, "at_once": last_day is None, "reason": reason}
    work.session.execute(
        insert(assignment_ends).values(assignment_id=assignment_id, ended_by=work.actor, ended_at=at, **row)
    )
    fact = AssignmentEnded(assignment_id=assignment_id, person=one.person, **row)
    work.fact(fact, subject=f"staff:{one.person}")
    return AssignmentView.of(register.entry(work, assignment_id))


def _refuse_the_last_administrators(work: UnitOfWork, one: Assignment, day: date) -> None:
    others = [entry.one for entry in register.approved(work) if entry.one.assignment_id != one.assignment_id]
    left = [other for other in others if other.role == ADMINISTRATOR and (not other.last_day or other.last_day > day)]
    if one.role == ADMINISTRATOR and not left:
        raise Problem("wrong-state", field="state", detail="最後の管理者です。先に次の管理者を決裁してください")
