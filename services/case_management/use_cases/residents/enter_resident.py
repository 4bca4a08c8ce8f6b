"""Enter somebody into the register of residents (宛名) by hand: a first entry, or one in place of another."""

from uuid import uuid4

from sqlalchemy import Text, cast, func, select

from services.case_management.adapters.entries import APPLICATION, entries_of, records_of
from services.case_management.adapters.merging.merged import refuse_merged
from services.case_management.adapters.residents import (
    FIRST_OWN,
    LAST_OWN,
    REGISTER,
    Names,
    newest_entry,
    write_by_hand,
)
from services.case_management.adapters.tables import residents
from shared.access.records import may_see
from shared.contracts.codes import ResidentReason
from shared.contracts.facts.case_management import ResidentEntered
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def enter_resident(
    work: UnitOfWork,
    names: Names,
    reason: ResidentReason,
    *,
    person_no: str | None = None,
    application_no: str | None = None,
) -> str:
    """Enter a person who is not on the register; without a number under the next one of the register's own.

    Who is entered for an application is shielded as long as that is, from the first moment on.

    Raises:
        Problem: not-found where there is no such application, or none that the caller may see; wrong-state where the
            number is somebody's already.
    """
    if application_no is not None:
        _refuse_other_application(work, application_no)
    REGISTER.hold(work.connection)
    if person_no and newest_entry(work, person_no):
        raise Problem("wrong-state", field="person_no", detail="この宛名番号は、すでに登録されています")
    number = person_no or _next_own(work)
    _write(work, number, names, reason, application_no)
    return number


def rename_resident(work: UnitOfWork, person_no: str, names: Names, reason: ResidentReason, follows: int) -> None:
    """Enter what a person is called by now, in place of the entry that its writer saw; that one stays on record.

    Raises:
        Problem: not-found; wrong-state where the number was merged; changed-meanwhile where another entry came since.
    """
    REGISTER.hold(work.connection)
    newest = newest_entry(work, person_no)
    if newest is None:
        raise Problem("not-found", field="person_no")
    refuse_merged(work, person_no)
    if newest != follows:
        detail = "開いた後に、この人の登録が変わりました。最新の内容を確認してください"
        raise Problem("changed-meanwhile", field="follows", detail=detail, extra={"newest": newest})
    _write(work, person_no, names, reason)


def _refuse_other_application(work: UnitOfWork, application_no: str) -> None:
    """One that there is not, and one that the caller may not see, are answered alike."""
    record = records_of(work, APPLICATION, [application_no])[application_no]
    if not entries_of(work, APPLICATION, application_no) or not may_see(work, "application.read", record):
        raise Problem("not-found", field="application_no", detail="この受理番号の申請はありません")


def _write(
    work: UnitOfWork, person_no: str, names: Names, reason: ResidentReason, application_no: str | None = None
) -> None:
    entry_id = uuid4()
    write_by_hand(work, entry_id, person_no, names, reason, application_no)
    work.fact(ResidentEntered(entry_id=entry_id, reason=reason), subject=f"person:{person_no}")


def _next_own(work: UnitOfWork) -> str:
    """The number after the newest that was given here; one that a ward's file brought is passed over."""
    number = residents.c.person_no
    own = number.between(cast(str(FIRST_OWN), Text), cast(str(LAST_OWN), Text))
    newest = work.connection.scalar(select(func.max(number)).where(own, residents.c.entry_id.is_not(None)))
    next_one = int(newest) + 1 if newest else FIRST_OWN
    while next_one <= LAST_OWN and newest_entry(work, str(next_one)) is not None:
        next_one += 1
    if next_one > LAST_OWN:
        raise Problem(
            "wrong-state", field="person_no", detail="仮の宛名番号を使い切りました。宛名番号を入力してください"
        )
    return str(next_one)
