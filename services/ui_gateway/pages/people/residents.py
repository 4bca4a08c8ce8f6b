"""A person of the register of residents (宛名): what they are called, by now and before."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from services.ui_gateway.clients import residents
from services.ui_gateway.clients.merging import merges
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.clients.residents import RegisterEntry, Resident
from services.ui_gateway.pages.people import case_labels as labels
from services.ui_gateway.pages.people.detail_forms import FORMS, start_of
from services.ui_gateway.pages.people.member_forms import RENAMING
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"
_PERSON_NO: Final = re.compile(r"[0-9]{10}")


@pages.get("/residents/<person_no>", permission="resident.read")
def show_resident(request: PageRequest, person_no: str) -> PageResult:
    """One person with every entry of the register."""
    service, number = request.client("case_management"), person_number(person_no)
    questions: dict[str, Callable[[], Any]] = {
        "item": partial(residents.resident, service, number, PURPOSE),
        "details": partial(residents.details, service, number, PURPOSE),
        "candidates": partial(merges.candidates, service, number, PURPOSE),
    }
    answers = ask_all(questions)
    item = answers["item"]
    if isinstance(item, Problem):
        raise item
    values = {**answers, "form": RENAMING, "start": _start(item.newest), "detail_forms": FORMS, "start_of": start_of}
    return PageResult("residents/resident.html", values, item.raw())


@pages.get("/residents/<person_no>/details/<uuid:detail_id>", permission="address.reveal")
def show_detail(request: PageRequest, person_no: str, detail_id: UUID) -> PageResult:
    """One detail alone, also where it is protected: a look of its own."""
    number = person_number(person_no)
    item = residents.detail(request.client("case_management"), number, detail_id, PURPOSE)
    values = {"item": item, "person_no": number, "form": FORMS[item.fact], "start": start_of(item)}
    return PageResult("residents/person_detail.html", values, item.raw())


@pages.act("/residents/<person_no>/entries", permission="resident.correct", correlation=fresh, on=show_resident)
def rename_resident(request: PageRequest, person_no: str) -> ActResult:
    """Enter what a person is called by now, after the entry that was read; the form asks for one other name alone."""
    follows = request.sent_field("follows")
    if not (follows.isascii() and follows.isdigit()):
        raise Problem("invalid-input", field="follows", detail="画面を開き直してください")
    service, number = request.client("case_management"), person_number(person_no)
    body = {**request.read(RENAMING).body(), "follows": int(follows)}
    if further := _further_names(residents.resident(service, number, PURPOSE), body["follows"]):
        body["other_names"] = [*body.get("other_names", []), *further]
    done = residents.rename(service, number, body, request.key)
    return ActResult(f"/residents/{person_no}", "宛名の登録を記録しました。前の登録も残っています。", done.raw(), 201)


@pages.act("/residents/<person_no>/details", permission="resident.correct", correlation=fresh, on=show_resident)
def record_detail(request: PageRequest, person_no: str) -> ActResult:
    """Record where somebody lives, how they are reached, which papers they hold; or correct it."""
    fact = request.sent_field("fact", choices=frozenset(FORMS))
    body = {**request.read(FORMS[fact]).body(), "fact": fact}
    if corrects := request.sent.get("corrects", ""):
        body["corrects"] = corrects
    done = residents.record_detail(request.client("case_management"), person_number(person_no), body, request.key)
    message = f"{labels.DETAIL_FACTS[fact]}を記録しました。前の記録も残っています。"
    return ActResult(f"/residents/{person_no}", message, done.raw(), 201)


def person_number(text: str) -> str:
    """Return a person number.

    Raises:
        Problem: not-found where it is none.
    """
    if not _PERSON_NO.fullmatch(text):
        raise Problem("not-found", field="person_no", detail="この宛名番号の人は登録されていません")
    return text


def _further_names(item: Resident, follows: int) -> list[dict[str, Any]]:
    """The other names after the first of the entry that was read, as they are; the service refuses an older entry."""
    read = next((entry for entry in item.entries if entry.number == follows), None)
    further = read.other_names[1:] if read else []
    return [other.model_dump(include={"kind", "name", "kana"}, exclude_none=True) for other in further]


def _start(entry: RegisterEntry) -> dict[str, Any]:
    """What holds, as the form shows it."""
    start: dict[str, Any] = {"name": entry.name, "kana": entry.kana, "foreign_national": entry.foreign_national}
    for other in entry.other_names[:1]:
        start |= {"other_kind": other.kind, "other_name": other.name, "other_kana": other.kana}
    return start
