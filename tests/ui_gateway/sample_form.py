"""A page with a form of every kind of field, and a service behind it that only notes what it is asked."""

from typing import Any

from flask import current_app

from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.forms.fields import Choice, Day, Kana, Lines, PersonNumber, Text, Yen, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

ADDRESS = "/sample/1"
FORM = Form(
    Text("name", "氏名", required=True, into="person.names.0.written"),
    Kana("kana", "フリガナ", into="person.names.0.kana"),
    Day("born", "生年月日", birth=True, required=True, help="例 R8.12.1、2026-12-01", into="person.born"),
    PersonNumber("number", "宛名番号", into="person.number"),
    Yen("rent", "家賃", required=True, help="月の額"),
    Choice("kind", "相談の種類", {"first": "初回", "again": "再相談"}, required=True),
    YesNo("pressing", "急迫した状況", required=True),
    Lines("words", "相談の内容", help="本人の言葉で"),
)
FILLED = {
    "name": "架空 一郎",
    "kana": "ｶｸｳ いちろう",
    "born": "S40.4.1",
    "number": "１０００００００01",
    "rent": "４５,０００円",
    "kind": "first",
    "pressing": "no",
    "words": "家賃が払えない。\nあす退去と言われた",
}
BODY = {
    "person": {
        "names": [{"written": "架空 一郎", "kana": "カクウ イチロウ"}],
        "born": "1965-04-01",
        "number": "1000000001",
    },
    "rent": 45_000,
    "kind": "first",
    "pressing": False,
    "words": "家賃が払えない。\nあす退去と言われた",
}
OPINION = Form(Lines("opinion", "決裁者の意見", required=True))
_TEMPLATE = """{% extends "base.html" %}{% import "forms.html" as forms %}{% block title %}相談{% endblock %}
{% block main %}<h1>相談</h1>
{% if open %}{% call forms.act(request, form, address, "記録する", hidden) %}
<p>相談を記録します。</p>{% endcall %}{% endif %}
{% if request.may("import.approve") %}{{ forms.act(request, opinion, address ~ "/approval", "決裁する") }}{% endif %}
{% endblock %}"""

pages = Pages()
asked: list[tuple[str, dict[str, Any]]] = []
"""Key and body of everything that the service was asked."""
answers: list[Problem] = []
"""What the service refuses next; it takes what comes where nothing stands here."""
closed: list[bool] = []
"""Something, where the page does not show the form any more."""


@pages.get("/sample/<int:number>", permission=None)
def show_sample(request: PageRequest, number: int) -> PageResult:
    """The page with the form."""
    values = {
        "form": FORM,
        "address": f"/sample/{number}",
        "hidden": {"version": "7"},
        "open": not closed,
        "opinion": OPINION,
    }
    return PageResult(current_app.jinja_env.from_string(_TEMPLATE), values, {})  # type: ignore[arg-type]


@pages.act("/sample/<int:number>", permission=None, correlation=fresh, on=show_sample)
def record_sample(request: PageRequest, number: int) -> ActResult:
    """Ask the service."""
    filled = request.read(FORM)
    asked.append((request.key, filled.body()))
    if answers:
        raise answers.pop()
    return ActResult(f"/sample/{number}", "記録しました。", filled.body())


def opinion_to_confirm(request: PageRequest, number: int) -> Approval:
    """What the opinion is of; it has to be filled in before anybody is asked to confirm it."""
    return Approval(sha256=["0" * 64], words=f"相談の決裁({len(request.read(OPINION)['opinion'])}字)")


@pages.act(
    "/sample/<int:number>/approval",
    permission="import.approve",
    correlation=fresh,
    confirms=opinion_to_confirm,
    on=show_sample,
)
def approve_sample(request: PageRequest, number: int) -> ActResult:
    """Ask the service with the confirmation."""
    filled = request.read(OPINION)
    asked.append((request.key, filled.body()))
    if answers:
        raise answers.pop()
    return ActResult(f"/sample/{number}", "決裁しました。", filled.body())
