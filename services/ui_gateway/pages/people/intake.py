"""The desk of intake (面接相談): a conversation that may stop anywhere, applications, and the days to decide."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from services.ui_gateway.clients import intake, opened_cases
from services.ui_gateway.clients.intake import ApplicationEntry, ConsultationEntry
from services.ui_gateway.forms import typed_days
from services.ui_gateway.forms.form import Filled
from services.ui_gateway.pages.people.intake_forms import APPLICATION, CONSULTATION, DELAY, OPINION, WITHDRAWAL, again
from services.ui_gateway.pages.people.member_forms import OPENING, choosing
from services.ui_gateway.pages.people.register_tables import OPEN_APPLICATIONS, RECENT_CONSULTATIONS
from services.ui_gateway.routing.listed_answers import asked_of, page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
DESK: Final = "/intake"
RECENT: Final = timedelta(days=14)
"""How far back the desk shows consultations."""


@pages.get(DESK, permission="consultation.read")
def show_desk_of_intake(request: PageRequest) -> PageResult | Download:
    """What waits for a decision, by urgency, and the consultations of the last days."""
    client, today = request.client("case_management"), request.clock.today()
    waiting = intake.open_applications(client)
    recent = intake.consultations(client, today - RECENT, today)[::-1]
    lists = [
        table.as_asked(rows, DESK, asked_of(), today)
        for table, rows in ((OPEN_APPLICATIONS, waiting), (RECENT_CONSULTATIONS, recent))
    ]
    values = {"waiting": lists[0], "recent": lists[1], "today": today}
    body = {"waiting": [item.raw() for item in waiting]}
    return page_or_file(request, PageResult("intake/intake.html", values, body), *lists)


@pages.get("/intake/consultations/new", permission="consultation.record")
def ask_for_consultation(request: PageRequest) -> PageResult:
    """A conversation begins."""
    start = {"held_on": request.clock.today(), "channel": "counter", "result": "continuing"}
    return PageResult("intake/consultation_new.html", {"form": CONSULTATION, "start": start}, {})


@pages.act("/intake/consultations/new", permission="consultation.record", correlation=fresh, on=ask_for_consultation)
def record_consultation(request: PageRequest) -> ActResult:
    """Record it as far as it went."""
    body = _body(request.read(CONSULTATION))
    done = intake.record_consultation(request.client("case_management"), body, request.key)
    return ActResult(f"/intake/consultations/{done.no}", f"相談を記録しました(受付番号 {done.no})。", done.raw(), 201)


@pages.get("/intake/consultations/<number>", permission="consultation.read")
def show_consultation(request: PageRequest, number: str) -> PageResult:
    """One consultation as it stands, what was said before, and what may follow."""
    item = intake.consultation(request.client("case_management"), receipt_number(number))
    values = {
        "item": item,
        "form": again(CONSULTATION),
        "start": _start_of_consultation(item.newest),
        "opinion": OPINION,
    }
    return PageResult("intake/consultation.html", values, item.raw())


@pages.act(
    "/intake/consultations/<number>/entries",
    permission="consultation.record",
    correlation=fresh,
    on=show_consultation,
)
def continue_consultation(request: PageRequest, number: str) -> ActResult:
    """Go on with it, or correct it, after the entry that was read."""
    body = {**_body(request.read(again(CONSULTATION))), "follows": request.sent_field("follows")}
    done = intake.continue_consultation(request.client("case_management"), receipt_number(number), body, request.key)
    message = "相談の記録を追加しました。前の記録も残っています。"
    return ActResult(f"/intake/consultations/{number}", message, done.raw(), 201)


@pages.act(
    "/intake/consultations/<number>/opinions",
    permission="consultation.review",
    correlation=fresh,
    on=show_consultation,
)
def review_consultation(request: PageRequest, number: str) -> ActResult:
    """Give a supervisor's opinion on the entry that was read."""
    body = {**request.read(OPINION).body(), "entry_id": request.sent_field("entry_id")}
    done = intake.review_consultation(request.client("case_management"), receipt_number(number), body, request.key)
    return ActResult(f"/intake/consultations/{number}", "査察指導員の意見を記録しました。", done.raw(), 201)


@pages.get("/intake/consultations/<number>/application", permission="application.record")
def ask_for_application(request: PageRequest, number: str) -> PageResult:
    """An application that came of a consultation: what is known already stands in it."""
    item = intake.consultation(request.client("case_management"), receipt_number(number))
    content, today = item.newest.content, request.clock.today()
    start = {
        **_words(content, "name", "kana", "address", "telephone"),
        "birth": _birth(content.get("birth")),
        "applied_on": today,
        "received_on": today,
        "kind": "start",
        "ground": "application",
        "form": "written",
        "legal_basis": "act",
        "applied_by": "self",
        "shielded": item.newest.shielded or None,
        "district": item.newest.district,
    }
    values = {"form": APPLICATION, "start": start, "number": number}
    return PageResult("intake/application_new.html", values, {})


@pages.act(
    "/intake/consultations/<number>/application",
    permission="application.record",
    correlation=fresh,
    on=ask_for_application,
)
def record_application(request: PageRequest, number: str) -> ActResult:
    """Receive the application; missing papers hold nothing up."""
    body = {**_body(request.read(APPLICATION)), "consultation_no": receipt_number(number)}
    done = intake.record_application(request.client("case_management"), body, request.key)
    message = f"申請を受理しました(受理番号 {done.no})。足りない書類があっても、期限は申請日から数えます。"
    return ActResult(f"/intake/applications/{done.no}", message, done.raw(), 201)


@pages.get("/intake/applications/<number>", permission="application.read")
def show_application(request: PageRequest, number: str) -> PageResult:
    """One application: until when to decide, what is missing, what may follow."""
    client = request.client("case_management")
    item = intake.application(client, receipt_number(number))
    opens = request.may("case.open") and item.starts_a_case
    values = {
        "item": item,
        "form": again(APPLICATION),
        "start": _start_of_application(item.newest),
        "delay": DELAY,
        "withdrawal": WITHDRAWAL,
        "opening": choosing(OPENING, opened_cases.caseworkers(client)) if opens else None,
        "today": request.clock.today(),
    }
    return PageResult("intake/application.html", values, item.raw())


@pages.act(
    "/intake/applications/<number>/entries", permission="application.record", correlation=fresh, on=show_application
)
def continue_application(request: PageRequest, number: str) -> ActResult:
    """Complete it, or correct it, after the entry that was read."""
    body = {**_body(request.read(again(APPLICATION))), "follows": request.sent_field("follows")}
    done = intake.continue_application(request.client("case_management"), receipt_number(number), body, request.key)
    message = "申請の記録を追加しました。前の記録も残っています。"
    return ActResult(f"/intake/applications/{number}", message, done.raw(), 201)


@pages.act(
    "/intake/applications/<number>/delays", permission="application.record", correlation=fresh, on=show_application
)
def delay_application(request: PageRequest, number: str) -> ActResult:
    """Record why deciding takes more than 14 days."""
    body = request.read(DELAY).body()
    done = intake.delay_application(request.client("case_management"), receipt_number(number), body, request.key)
    message = "14日を超える理由を記録しました。期限は申請から30日です。"
    return ActResult(f"/intake/applications/{number}", message, done.raw(), 201)


@pages.act(
    "/intake/applications/<number>/withdrawal", permission="application.record", correlation=fresh, on=show_application
)
def withdraw_application(request: PageRequest, number: str) -> ActResult:
    """Record that the applicant took it back."""
    body = request.read(WITHDRAWAL).body()
    done = intake.withdraw_application(request.client("case_management"), receipt_number(number), body, request.key)
    return ActResult(f"/intake/applications/{number}", "申請の取下げを記録しました。", done.raw())


def _body(filled: Filled) -> dict[str, Any]:
    """The body for the service, with a content even where nothing is known."""
    body = filled.body()
    body.setdefault("content", {})
    if "applied_by" in filled.values:
        body["content"].setdefault("applicant", {})
    return body


def receipt_number(text: str) -> str:
    """Return the number of a consultation or an application.

    Raises:
        Problem: not-found where it is none.
    """
    if not (len(text) == 10 and text.isascii() and text.isdigit()):
        raise Problem("not-found", field="number", detail="この受付番号の記録はありません")
    return text


def _birth(text: str | None) -> Any:
    return typed_days.from_json(text) if text else None


def _words(content: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: content.get(name) for name in names}


def _start_of_consultation(entry: ConsultationEntry) -> dict[str, Any]:
    """What holds, as the form shows it."""
    content = {name: value for name, value in entry.content.items() if name != "why"}
    return {**content, **entry.raw(), "held_on": entry.held_on, "birth": _birth(content.get("birth")), "change": None}


def _start_of_application(entry: ApplicationEntry) -> dict[str, Any]:
    content = {name: value for name, value in entry.content.items() if name != "why"}
    applicant = content.pop("applicant", {})
    days = {"applied_on": entry.applied_on, "received_on": entry.received_on}
    birth = _birth(applicant.get("birth"))
    return {**applicant, **content, **entry.raw(), **days, "birth": birth, "change": None}
