"""Who belongs to a household (世帯員): somebody joins, somebody leaves; the past stays as it was."""

from typing import Any

from services.ui_gateway.clients import opened_cases
from services.ui_gateway.forms.form import Filled
from services.ui_gateway.pages.people import cases
from services.ui_gateway.pages.people.case_forms import cells_of
from services.ui_gateway.pages.people.cases import case_number, number_seen, show_case
from services.ui_gateway.pages.people.member_forms import JOINING, LEAVING
from services.ui_gateway.pages.people.residents import person_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult

pages = Pages(cases.pages)


@pages.act("/cases/<case_no>/members", permission="circumstance.record", correlation=fresh, on=show_case)
def add_member(request: PageRequest, case_no: str) -> ActResult:
    """Somebody joins: by their number, or entered into the register with it."""
    number, body = case_number(case_no), {**_joining(request.read(JOINING)), "seen": number_seen(request)}
    done = opened_cases.add_member(request.client("case_management"), number, body, request.key)
    return ActResult(f"/cases/{number}", f"世帯員に加えました(宛名番号 {done.person_no})。", done.raw(), 201)


@pages.act(
    "/cases/<case_no>/members/<person_no>/end", permission="circumstance.record", correlation=fresh, on=show_case
)
def end_membership(request: PageRequest, case_no: str, person_no: str) -> ActResult:
    """Somebody leaves: no fact of theirs holds after their last day."""
    number, person = case_number(case_no), person_number(person_no)
    body = {**request.read(LEAVING).body(), "seen": number_seen(request)}
    done = opened_cases.end_membership(request.client("case_management"), number, person, body, request.key)
    message = "世帯から抜けたことを記録しました。その日までの記録は残っています。"
    return ActResult(f"/cases/{number}", message, done.raw(), 201)


def _joining(filled: Filled) -> dict[str, Any]:
    """The body for the service; who is on the register already is not entered again."""
    body = filled.body()
    resident = body.pop("resident", {})
    if resident.get("name") or resident.get("kana"):
        body["resident"] = {"reason": "outside_the_register", **resident}
    return {**body, "cells": cells_of(body)}
