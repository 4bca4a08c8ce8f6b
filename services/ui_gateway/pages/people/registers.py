"""The registers that an office keeps (面接受付簿, 申請書受理簿, ケース番号登載簿, 索引簿), as lists of the kit."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import flask

from services.ui_gateway.clients import intake, opened_cases
from services.ui_gateway.forms.typed_texts import fold_numbers
from services.ui_gateway.pages.people.register_tables import APPLICATIONS, CASELOAD, CASES, CONSULTATIONS
from services.ui_gateway.routing.listed_answers import page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import Download, PageResult
from services.ui_gateway.tables.table import Table
from shared.money_and_time.eras import format_era
from shared.money_and_time.fiscal_years import fiscal_year, fiscal_year_first_day
from shared.money_and_time.typed_dates import read_day

pages = Pages()
PURPOSE: Final = "casework"
_ENDS: Final = {"from": "初日", "to": "末日"}
_DESK: Final = ("/intake", "面接相談")


@pages.get("/intake/registers/consultations", permission="consultation.read")
def show_register_of_consultations(request: PageRequest) -> PageResult | Download:
    """面接受付簿: every consultation of a span of days, to be printed."""
    span, faults = span_of(request)
    items = intake.consultations(request.client("case_management"), span["from"], span["to"])
    return _register(request, CONSULTATIONS, items, span, faults)


@pages.get("/intake/registers/applications", permission="application.list")
def show_register_of_applications(request: PageRequest) -> PageResult | Download:
    """申請書受理簿: every application of a span of days, to be printed."""
    span, faults = span_of(request)
    items = intake.applications(request.client("case_management"), span["from"], span["to"])
    return _register(request, APPLICATIONS, items, span, faults)


@pages.get("/intake/registers/cases", permission="case.list")
def show_register_of_cases(request: PageRequest) -> PageResult | Download:
    """ケース番号登載簿: every case opened in a span of days, to be printed."""
    span, faults = span_of(request)
    items = opened_cases.register(request.client("case_management"), span["from"], span["to"], PURPOSE)
    return _register(request, CASES, items, span, faults)


@pages.get("/caseload", permission="case.list")
def show_caseload(request: PageRequest) -> PageResult | Download:
    """担当ケースの一覧(索引簿): every household of a district by reading, to be printed."""
    asked = flask.request.args
    typed = fold_numbers(asked.get("district", "").strip())
    is_read = not typed or (len(typed) == 2 and typed.isascii() and typed.isdigit())
    district, faults = (typed, {}) if is_read else ("", {"district": "地区は2桁の数字で入力してください"})
    load = opened_cases.caseload(request.client("case_management"), district, PURPOSE)
    today = request.clock.today()
    listed = CASELOAD.as_asked(load.items, "/caseload", asked, today, own={"district": district})
    of = f"地区 {'、'.join(load.districts)}。{format_era(today)} 現在、世帯主の五十音順。" if load.districts else ""
    values = {
        "listed": listed,
        "trail": (),
        "about": of or "地区を入力すると、その地区の世帯を五十音順に表示します。",
        "questions": [("district", "地区", typed)],
        "faults": faults,
        "empty": "この地区の世帯はありません。" if load.districts else "",
    }
    return page_or_file(request, PageResult("lists/list.html", values, load.raw()), listed, faults=faults)


def span_of(request: PageRequest) -> tuple[dict[str, date], dict[str, str]]:
    """The days that the address names as an office types them, and what cannot be read; else the fiscal year so far."""
    today, faults = request.clock.today(), dict[str, str]()
    span = {"from": fiscal_year_first_day(fiscal_year(today)), "to": today}
    for name, words in _ENDS.items():
        try:
            if text := flask.request.args.get(name, ""):
                span[name] = read_day(text, today)
        except ValueError as error:
            faults[name] = f"{words}: {error}"
    return span, faults


def _register(
    request: PageRequest, table: Table, items: list[Any], span: Mapping[str, date], faults: Mapping[str, str]
) -> PageResult | Download:
    first, last = (format_era(span[name]) for name in _ENDS)
    own: Mapping[str, str] = {name: day.isoformat() for name, day in span.items()}
    typed = {name: flask.request.args[name] if name in faults else format_era(span[name]) for name in _ENDS}
    listed = table.as_asked(items, flask.request.path, flask.request.args, request.clock.today(), own=own)
    values = {
        "listed": listed,
        "trail": [_DESK],
        "about": f"{first}から{last}まで。",
        "questions": [(name, words, typed[name]) for name, words in _ENDS.items()],
        "faults": faults,
        "empty": "この期間の記録はありません。",
    }
    body = {"items": [item.raw() for item in items]}
    return page_or_file(request, PageResult("lists/list.html", values, body), listed, faults=faults)
