"""Relatives liable for support (扶養義務者) of a household: who they are, the enquiry to each, their answers."""

from functools import partial
from typing import Any
from uuid import UUID

import flask

from services.ui_gateway.clients.cases_investigated import investigations
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages.investigations.investigation_forms import (
    ANSWER,
    CORRECTION,
    DECISION,
    LETTER,
    PROPOSAL,
    RELATIVE,
    relative_form,
)
from services.ui_gateway.pages.investigations.investigation_tables import relatives_of
from services.ui_gateway.pages.investigations.requests import of_case
from services.ui_gateway.pages.people.cases import case_number
from services.ui_gateway.routing.listed_answers import page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult

pages = Pages()
_RELATIVE = "/cases/<case_no>/relatives/<uuid:relative_id>"


@pages.get("/cases/<case_no>/relatives", permission="relative.read")
def show_relatives(request: PageRequest, case_no: str) -> PageResult | Download:
    """The relatives of a household, each with how the enquiry stands and what is next."""
    number = case_number(case_no)
    values = of_case(
        request, number, items=partial(investigations.relatives, request.client("case_management"), number)
    )
    address, today = f"/cases/{number}/relatives", request.clock.today()
    listed = relatives_of(values["names"]).as_asked(values["items"], address, flask.request.args, today)
    more = {
        "listed": listed,
        "form": relative_form(values["case"].members),
        "correction": CORRECTION,
        "proposal": PROPOSAL,
        "decision": DECISION,
        "letter": LETTER,
        "answer": ANSWER,
        "start_of": _start,
    }
    body = {"items": [item.raw() for item in values["items"]]}
    return page_or_file(request, PageResult("investigations/relatives.html", {**values, **more}, body), listed)


@pages.act("/cases/<case_no>/relatives", permission="relative.record", correlation=fresh, on=show_relatives)
def record_relative(request: PageRequest, case_no: str) -> ActResult:
    """Keep a relative."""
    number, body = case_number(case_no), request.read(RELATIVE).body()
    done = investigations.record_relative(request.client("case_management"), number, body, request.key)
    return _done(number, "扶養義務者を記録しました。", done.raw())


@pages.act(f"{_RELATIVE}/details", permission="relative.record", correlation=fresh, on=show_relatives)
def correct_relative(request: PageRequest, case_no: str, relative_id: UUID) -> ActResult:
    """Keep what a relative is called, and where they live, by now."""
    follows = request.sent_field("follows")
    return _add(
        request, case_no, relative_id, "details", CORRECTION, "記録しました。前の記録も残っています。", follows=follows
    )


@pages.act(f"{_RELATIVE}/proposals", permission="relative.record", correlation=fresh, on=show_relatives)
def propose_enquiry(request: PageRequest, case_no: str, relative_id: UUID) -> ActResult:
    """Propose to write to a relative, or not to."""
    return _add(request, case_no, relative_id, "proposals", PROPOSAL, "起案しました。査察指導員が決裁します。")


@pages.act(f"{_RELATIVE}/answers", permission="relative.record", correlation=fresh, on=show_relatives)
def record_answer(request: PageRequest, case_no: str, relative_id: UUID) -> ActResult:
    """Keep what a relative answered."""
    return _add(request, case_no, relative_id, "answers", ANSWER, "回答を記録しました。")


@pages.act(
    f"{_RELATIVE}/proposals/<uuid:proposal_id>/decision",
    permission="relative.decide",
    correlation=fresh,
    on=show_relatives,
)
def decide_enquiry(request: PageRequest, case_no: str, relative_id: UUID, proposal_id: UUID) -> ActResult:
    """Decide on a proposal of another person."""
    number, body = case_number(case_no), request.read(DECISION).body()
    service = request.client("case_management")
    done = investigations.decide_enquiry(service, number, relative_id, proposal_id, body, request.key)
    return _done(number, "決裁しました。" if body["agreed"] else "差し戻しました。", done.raw())


@pages.act(f"{_RELATIVE}/letters", permission="relative.print", correlation=fresh, on=show_relatives)
def print_letter(request: PageRequest, case_no: str, relative_id: UUID) -> ActResult:
    """Note that the letter is printed, and show it."""
    number, body = case_number(case_no), request.read(LETTER).body()
    done = investigations.print_letter(request.client("case_management"), number, relative_id, body, request.key)
    address = f"/cases/{number}/relatives/{relative_id}/letters/{done.letter_id}"
    return ActResult(address, "扶養照会書を作りました。このページを印刷してください。", done.raw(), 201)


@pages.get(f"{_RELATIVE}/letters/<uuid:letter_id>", permission="relative.print")
def show_letter(request: PageRequest, case_no: str, relative_id: UUID, letter_id: UUID) -> PageResult:
    """扶養照会書, to be printed; where the household lives stands nowhere in it."""
    number = case_number(case_no)
    item = investigations.letter(request.client("case_management"), number, relative_id, letter_id)
    return PageResult("investigations/letter.html", {"item": item, "case_no": number}, item.raw())


def _add(
    request: PageRequest, case_no: str, relative_id: UUID, what: str, form: Form, message: str, **more: str
) -> ActResult:
    number, body = case_number(case_no), {**request.read(form).body(), **more}
    service = request.client("case_management")
    done = investigations.add_to_relative(service, number, relative_id, what, body, request.key)
    return _done(number, message, done.raw())


def _done(case_no: str, message: str, body: dict[str, Any]) -> ActResult:
    return ActResult(f"/cases/{case_no}/relatives", message, body, 201)


def _start(relative: investigations.Relative) -> dict[str, Any]:
    """What a relative is called by now, as the form shows it."""
    return {"relation": relative.newest.relation, **relative.newest.content}
