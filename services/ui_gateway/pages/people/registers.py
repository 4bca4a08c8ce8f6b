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
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"
_DESK: Final = ("/intake", "面接相談")


@pages.get("/intake/registers/consultations", permission="consultation.read")
def show_register_of_consultations(request: PageRequest) -> PageResult | Download:
    """面接受付簿: every consultation of a span of days, to be printed."""
    first, last = span_of(request)
    items = intake.consultations(request.client("case_management"), first, last)
    return _register(request, CONSULTATIONS, items, (first, last))


@pages.get("/intake/registers/applications", permission="application.list")
def show_register_of_applications(request: PageRequest) -> PageResult | Download:
    """申請書受理簿: every application of a span of days, to be printed."""
    first, last = span_of(request)
    items = intake.applications(request.client("case_management"), first, last)
    return _register(request, APPLICATIONS, items, (first, last))


@pages.get("/intake/registers/cases", permission="case.list")
def show_register_of_cases(request: PageRequest) -> PageResult | Download:
    """ケース番号登載簿: every case opened in a span of days, to be printed."""
    first, last = span_of(request)
    items = opened_cases.register(request.client("case_management"), first, last, PURPOSE)
    return _register(request, CASES, items, (first, last))


@pages.get("/caseload", permission="case.list")
def show_caseload(request: PageRequest) -> PageResult | Download:
    """担当ケースの一覧(索引簿): every household of a district by reading, to be printed."""
    asked = flask.request.args
    district = fold_numbers(asked.get("district", "").strip())
    if district and not (len(district) == 2 and district.isascii() and district.isdigit()):
        raise Problem("invalid-input", field="district", detail="地区は2桁の数字で入力してください")
    load = opened_cases.caseload(request.client("case_management"), district, PURPOSE)
    today = request.clock.today()
    listed = CASELOAD.as_asked(load.items, "/caseload", asked, today, own={"district": district})
    of = f"地区 {'、'.join(load.districts)}。{format_era(today)} 現在、世帯主の五十音順。" if load.districts else ""
    values = {
        "listed": listed,
        "trail": (),
        "about": of or "地区を入力すると、その地区の世帯を五十音順に表示します。",
        "questions": [("district", "地区", district)],
        "empty": "この地区の世帯はありません。" if load.districts else "",
    }
    return page_or_file(request, PageResult("lists/list.html", values, load.raw()), listed)


def span_of(request: PageRequest) -> tuple[date, date]:
    """The days that the address names as an office types them; without any the fiscal year so far."""
    today = request.clock.today()
    usual = {"from": fiscal_year_first_day(fiscal_year(today)), "to": today}
    try:
        first, last = (
            read_day(text, today) if (text := flask.request.args.get(name, "")) else day for name, day in usual.items()
        )
    except ValueError as error:
        raise Problem("invalid-input", field="from", detail=str(error)) from None
    return first, last


def _register(request: PageRequest, table: Table, items: list[Any], span: tuple[date, date]) -> PageResult | Download:
    first, last = map(format_era, span)
    own: Mapping[str, str] = {"from": span[0].isoformat(), "to": span[1].isoformat()}
    listed = table.as_asked(items, flask.request.path, flask.request.args, request.clock.today(), own=own)
    values = {
        "listed": listed,
        "trail": [_DESK],
        "about": f"{first}から{last}まで。",
        "questions": [("from", "初日", first), ("to", "末日", last)],
        "empty": "この期間の記録はありません。",
    }
    body = {"items": [item.raw() for item in items]}
    return page_or_file(request, PageResult("lists/list.html", values, body), listed)
