"""Open a case (ケース番号の付番): an application gets a number, and the facts that are found out have their place."""

from typing import Any

from sqlalchemy import Text, cast, func, insert, select

from services.case_management.adapters.charges import Charge, put_in_charge, refuse_unknown_staff
from services.case_management.adapters.deciding import FIRST_OWN_CASE, LAST_OWN_CASE
from services.case_management.adapters.entries import Entry
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.intake.end_application import require_open
from shared.contracts.facts.case_management import CaseOpened
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.decisions.adapters.restrictions import shield_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def open_case(work: UnitOfWork, application_no: str, charge: Charge) -> str:
    """Open a case under the next number, under investigation (調査中), and return the number.

    It is not on assistance, and no act determines it, before its start is decided on. Who is shielded stays so.

    Raises:
        Problem: not-found; wrong-state where the application was withdrawn, asks for no start, is under the other law,
            or has a case, or where no number is left; invalid-input where who is named is no caseworker of the
            district.
    """
    application = require_open(work, application_no)
    _refuse_what_starts_no_case(work, application)
    if application.row["shielded"] and not charge.caseworker:
        detail = "支援措置の対象の人です。担当員だけが見られるように、担当員を入力してください"
        raise Problem("invalid-input", field="caseworker", detail=detail)
    refuse_unknown_staff(work, charge, work.clock.today())
    lock_circumstances(work)
    cases, case_no = decisions.cases, _next_own(work)
    row: dict[str, Any] = {"case_no": case_no, "application_no": application_no, "opened_by": work.actor}
    row |= {"opened_on": work.clock.today(), "recorded_at": work.clock.now()}
    work.connection.execute(insert(cases).values(**row))
    if application.row["shielded"]:
        shield_case(work, decisions, case_no)
    work.fact(CaseOpened(application_no=application_no), subject=f"case:{case_no}")
    put_in_charge(work, case_no, charge, application.row["applied_on"], "application")
    return case_no


def _next_own(work: UnitOfWork) -> str:
    number = decisions.cases.c.case_no
    own = number.between(cast(str(FIRST_OWN_CASE), Text), cast(str(LAST_OWN_CASE), Text))
    newest = work.connection.scalar(select(func.max(number)).where(own))
    if newest == str(LAST_OWN_CASE):
        detail = "付番できるケース番号を使い切りました。システム管理者に連絡してください"
        raise Problem("wrong-state", field="case_no", detail=detail)
    return str(int(newest) + 1 if newest else FIRST_OWN_CASE)


def _refuse_what_starts_no_case(work: UnitOfWork, application: Entry) -> None:
    if application.row["kind"] != "start" or application.row["programme"] != decisions.programme:
        detail = "生活保護の開始の申請だけが、新しいケースになります"
        raise Problem("wrong-state", field="application_no", detail=detail)
    cases = decisions.cases.c
    if opened := work.connection.scalar(select(cases.case_no).where(cases.application_no == application.no)):
        detail = "この申請のケース番号は、すでに付いています"
        raise Problem("wrong-state", field="application_no", detail=detail, extra={"case_no": opened})
