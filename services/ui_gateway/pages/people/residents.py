"""A person of the register of residents (宛名): what they are called, by now and before."""

import re
from typing import Any, Final

from services.ui_gateway.clients import residents
from services.ui_gateway.clients.residents import RegisterEntry
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
    item = residents.resident(request.client("case_management"), person_number(person_no), PURPOSE)
    values = {"item": item, "form": RENAMING, "start": _start(item.newest)}
    return PageResult("people/resident.html", values, item.raw())


@pages.act("/residents/<person_no>/entries", permission="resident.correct", correlation=fresh, on=show_resident)
def rename_resident(request: PageRequest, person_no: str) -> ActResult:
    """Enter what a person is called by now, after the entry that was read."""
    follows = request.sent_field("follows")
    if not (follows.isascii() and follows.isdigit()):
        raise Problem("invalid-input", field="follows", detail="画面を開き直してください")
    body = {**request.read(RENAMING).body(), "follows": int(follows)}
    done = residents.rename(request.client("case_management"), person_number(person_no), body, request.key)
    return ActResult(f"/residents/{person_no}", "宛名の登録を記録しました。前の登録も残っています。", done.raw(), 201)


def person_number(text: str) -> str:
    """Return a person number.

    Raises:
        Problem: not-found where it is none.
    """
    if not _PERSON_NO.fullmatch(text):
        raise Problem("not-found", field="person_no", detail="この宛名番号の人は登録されていません")
    return text


def _start(entry: RegisterEntry) -> dict[str, Any]:
    """What holds, as the form shows it."""
    start: dict[str, Any] = {"name": entry.name, "kana": entry.kana, "foreign_national": entry.foreign_national}
    for other in entry.other_names[:1]:
        start |= {"other_kind": other.kind, "other_name": other.name, "other_kana": other.kana}
    return start
