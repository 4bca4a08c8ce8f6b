"""Who belongs to a household (世帯員): somebody joins, somebody leaves; the past stays as it was."""

from datetime import date
from typing import Any, Final

from services.ui_gateway.clients import intake, opened_cases
from services.ui_gateway.clients.cases import Case
from services.ui_gateway.forms import typed_days
from services.ui_gateway.forms.form import Filled
from services.ui_gateway.pages.people.case_forms import cells_of
from services.ui_gateway.pages.people.case_records import added_since, number_seen, read_case_and_history
from services.ui_gateway.pages.people.cases import case_number
from services.ui_gateway.pages.people.member_forms import JOINING, LAST_DAY, LEAVING
from services.ui_gateway.pages.people.residents import person_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
_LEFT: Final = "世帯から抜けたことを記録しました。その日までの記録は残っています。"
_NEW: Final = "/cases/<case_no>/members/new"
_END: Final = "/cases/<case_no>/members/<person_no>/end"


@pages.get(_NEW, permission="circumstance.record")
def ask_who_joins(request: PageRequest, case_no: str) -> PageResult:
    """Who joins, from which day on."""
    case, history = read_case_and_history(request, case_number(case_no))
    first = not any(item.fact == "person" for item in history)
    start = _applicant(request, case) if first else {}
    values = {"case": case, "form": JOINING, "start": start, **added_since(request, case, history)}
    return PageResult("cases/member_new.html", values, {"case_no": case.case_no})


@pages.act(_NEW, permission="circumstance.record", correlation=fresh, on=ask_who_joins)
def add_member(request: PageRequest, case_no: str) -> ActResult:
    """Somebody joins: by their number, or entered into the register with it."""
    number, body = case_number(case_no), {**_joining(request.read(JOINING)), "seen": number_seen(request)}
    done = opened_cases.add_member(request.client("case_management"), number, body, request.key)
    return ActResult(f"/cases/{number}", f"世帯員に加えました(宛名番号 {done.person_no})。", done.raw(), 201)


@pages.get(_END, permission="circumstance.record")
def ask_about_leaving(request: PageRequest, case_no: str, person_no: str) -> PageResult:
    """On which day somebody leaves, and why; of who left, which day was the right one."""
    case, history = read_case_and_history(request, case_number(case_no))
    number = person_number(person_no)
    held = [item for item in history if (item.fact, item.person_no, item.corrected_by) == ("person", number, None)]
    if not held:
        raise Problem("not-found", field="person_no", detail="この世帯の世帯員ではありません")
    name = next((member.name for member in case.members if member.person_no == number and member.name), number)
    last = max(held, key=lambda item: (item.valid_from or date.min, item.number))
    values = {"case": case, "person_no": number, "name": name, **added_since(request, case, history)}
    values |= {"form": LAST_DAY, "left": last} if last.corrects and last.valid_to else {"form": LEAVING, "left": None}
    return PageResult("cases/member_end.html", values, {"case_no": case.case_no})


@pages.act(_END, permission="circumstance.record", correlation=fresh, on=ask_about_leaving)
def end_membership(request: PageRequest, case_no: str, person_no: str) -> ActResult:
    """Somebody leaves: no fact of theirs holds after their last day."""
    number, person = case_number(case_no), person_number(person_no)
    corrects = request.sent.get("corrects", "")
    body = {**request.read(LAST_DAY if corrects else LEAVING).body(), "seen": number_seen(request)}
    if corrects.isascii() and corrects.isdigit():
        body["corrects"] = int(corrects)
    done = opened_cases.end_membership(request.client("case_management"), number, person, body, request.key)
    message = "最後の日を訂正しました。前の記録も残っています。" if corrects else _LEFT
    return ActResult(f"/cases/{number}", message, done.raw(), 201)


def _applicant(request: PageRequest, case: Case) -> dict[str, Any]:
    """Who applied, as the first member; nothing where this person may not read the application of the case."""
    in_charge = request.actor == f"person:{case.facts.get('caseworker')}"
    reads = request.may("consultation.read") or (request.may("application.read") and in_charge)
    if not (case.application_no and reads):
        return {}
    content = intake.application(request.client("case_management"), case.application_no).newest.content
    applicant, birth = content.get("applicant", {}), content.get("applicant", {}).get("birth")
    names = ("person_no",) if applicant.get("person_no") else ("name", "kana")
    start = {name: applicant[name] for name in names if applicant.get(name)}
    start |= {"cell_birth_date": typed_days.from_json(birth)} if birth else {}
    return start | ({"cell_relation": "self"} if content.get("applied_by", "self") == "self" else {})


def _joining(filled: Filled) -> dict[str, Any]:
    """The body for the service; who is on the register already is not entered again."""
    body = filled.body()
    resident = body.pop("resident", {})
    if resident.get("name") or resident.get("kana"):
        body["resident"] = {"reason": "outside_the_register", **resident}
    return {**body, "cells": cells_of(body)}
