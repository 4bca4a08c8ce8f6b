"""Who looked at a case, for those who answer for it."""

from __future__ import annotations

from datetime import date, datetime

from services.audit_logging.adapters.case_record import ask_case_record
from services.audit_logging.api.schemas import Answer, PurposeQuery
from services.audit_logging.use_cases.search import list_case_looks as looks
from shared.access.deciding_services import asked_record
from shared.access.records import Record
from shared.service_kit.http.routing import Routes
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("cases")


class CaseLook(Answer):
    """Who looked at what of the case, when, and why (codes); `emergency`: through an emergency (緊急閲覧)."""

    at: datetime
    actor: str
    what: str
    purpose: str
    emergency: bool


class CaseLooks(Answer):
    """At most 20 looks of people into this case alone, newest first; `count` is how many there are since `first`.

    `incomplete`: some of these days may be missing, since the log could not read them or has lost what they say.
    """

    items: list[CaseLook]
    count: int
    first: date
    incomplete: bool


@routes.get(
    "/cases/<case_no>/looks",
    permission="case_looks.read",
    query=PurposeQuery,
    of=asked_record,
    ask=ask_case_record,
)
def list_case_looks(work: UnitOfWork, case_no: str, query: PurposeQuery, asked: Record) -> CaseLooks:
    """Who looked at a case (閲覧した人) in the last 90 days; a look of its own.

    Looks with which the office examines its own staff, and lists of many cases, are left out.
    """
    if not (len(case_no) == 8 and case_no.isascii() and case_no.isdigit()):
        raise Problem("invalid-input", field="case_no", detail="ケース番号は8桁の数字です")
    return CaseLooks.model_validate(looks.list_case_looks(work, asked, query.purpose))
