"""Investigation requests (調査依頼) of a household on one page, and what is due of all cases one may see."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import flask

from services.ui_gateway.clients import cases
from services.ui_gateway.clients.cases_investigated import investigations
from services.ui_gateway.clients.parallel import ask_all, parted
from services.ui_gateway.pages.investigations.investigation_forms import (
    CONSENT,
    CONSENT_END,
    ENTRY,
    REQUEST,
    consent_form,
    request_form,
)
from services.ui_gateway.pages.investigations.investigation_tables import DUE, investigations_of
from services.ui_gateway.pages.people.cases import PURPOSE, case_number
from services.ui_gateway.routing.listed_answers import page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult
from shared.money_and_time.eras import format_era

pages = Pages()


def of_case(request: PageRequest, case_no: str, **questions: Callable[[], Any]) -> dict[str, Any]:
    """The case with what else a page asks of it at once; `names` are those of its members.

    Raises:
        Problem: as the service answers.
    """
    case: Callable[[], Any] = partial(cases.case, request.client("case_management"), case_no, "", "", PURPOSE)
    asked: dict[str, Callable[[], Any]] = {"case": case, **questions}
    answers, away = parted(ask_all(asked))
    for problem in away.values():
        raise problem
    names = {member.person_no: member.name or member.person_no for member in answers["case"].members}
    return {**answers, "names": names, "today": request.clock.today()}


@pages.get("/investigations", permission="investigation.list")
def show_due_investigations(request: PageRequest) -> PageResult | Download:
    """What is overdue or soon due, the most urgent first."""
    items = investigations.due_investigations(request.client("case_management"))
    listed = DUE.as_asked(items, "/investigations", flask.request.args, request.clock.today())
    values = {
        "listed": listed,
        "trail": (),
        "about": "回答がまだないもの。期限を過ぎたものから順に並んでいます。",
        "questions": (),
        "faults": {},
        "empty": "期限の近い調査はありません。",
    }
    page = PageResult("lists/list.html", values, {"items": [item.raw() for item in items]})
    return page_or_file(request, page, listed)


@pages.get("/cases/<case_no>/investigations", permission="investigation.read")
def show_investigations(request: PageRequest, case_no: str) -> PageResult | Download:
    """The requests of a household, the most urgent first, each with what came after it."""
    number = case_number(case_no)
    service = request.client("case_management")
    questions = {"items": investigations.investigations, "consents": investigations.consents}
    values = of_case(request, number, **{name: partial(ask, service, number) for name, ask in questions.items()})
    address, today = f"/cases/{number}/investigations", request.clock.today()
    listed = investigations_of(values["names"]).as_asked(values["items"], address, flask.request.args, today)
    members, names = values["case"].members, values["names"]
    resting = {
        str(item.consent_id): f"{names.get(item.person_no, item.person_no)} {format_era(item.signed_on)}"
        for item in values["consents"]
        if not item.is_over
    }
    more = {"form": request_form(members, resting), "entry_form": ENTRY, "listed": listed}
    more |= {"consent_form": consent_form(members), "consent_end": CONSENT_END}
    body = {"items": [item.raw() for item in values["items"]]}
    return page_or_file(request, PageResult("investigations/requests.html", {**values, **more}, body), listed)


@pages.act(
    "/cases/<case_no>/investigations", permission="investigation.record", correlation=fresh, on=show_investigations
)
def request_investigation(request: PageRequest, case_no: str) -> ActResult:
    """Keep a request."""
    number, body = case_number(case_no), request.read(REQUEST).body()
    done = investigations.request_investigation(request.client("case_management"), number, body, request.key)
    return ActResult(f"/cases/{number}/investigations", "調査依頼を記録しました。", done.raw(), 201)


@pages.act(
    "/cases/<case_no>/investigations/<uuid:investigation_id>/entries",
    permission="investigation.record",
    correlation=fresh,
    on=show_investigations,
)
def continue_investigation(request: PageRequest, case_no: str, investigation_id: UUID) -> ActResult:
    """Keep a reminder, an answer, or the end of a request."""
    number, body = case_number(case_no), request.read(ENTRY).body()
    service = request.client("case_management")
    done = investigations.continue_investigation(service, number, investigation_id, body, request.key)
    return ActResult(f"/cases/{number}/investigations", "調査の経過を記録しました。", done.raw(), 201)


@pages.act("/cases/<case_no>/consents", permission="investigation.record", correlation=fresh, on=show_investigations)
def record_consent(request: PageRequest, case_no: str) -> ActResult:
    """Record that a member signed a consent."""
    number, body = case_number(case_no), request.read(CONSENT).body()
    done = investigations.record_consent(request.client("case_management"), number, body, request.key)
    message = "同意書を記録しました。書類は「添付の書類」で、この同意書に添付できます。"
    return ActResult(f"/cases/{number}/investigations", message, done.raw(), 201)


@pages.act(
    "/cases/<case_no>/consents/<uuid:consent_id>/withdrawal",
    permission="investigation.record",
    correlation=fresh,
    on=show_investigations,
)
def withdraw_consent(request: PageRequest, case_no: str, consent_id: UUID) -> ActResult:
    """Record that a consent was taken back."""
    number, body = case_number(case_no), request.read(CONSENT_END).body()
    done = investigations.withdraw_consent(request.client("case_management"), number, consent_id, body, request.key)
    message = "同意の撤回を記録しました。これより後の調査は、この同意書にもとづけません。"
    return ActResult(f"/cases/{number}/investigations", message, done.raw())


@pages.act(
    "/cases/<case_no>/consents/<uuid:consent_id>/mistake",
    permission="investigation.record",
    correlation=fresh,
)
def undo_consent(request: PageRequest, case_no: str, consent_id: UUID) -> ActResult:
    """Record that a consent was recorded by mistake."""
    number, service = case_number(case_no), request.client("case_management")
    done = investigations.withdraw_consent(service, number, consent_id, {"mistake": True}, request.key)
    return ActResult(f"/cases/{number}/investigations", "同意書を誤記と記録しました。", done.raw())
