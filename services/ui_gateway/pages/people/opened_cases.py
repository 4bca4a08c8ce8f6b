"""Cases from their application on (ケースの付番, 担当の引継ぎ)."""

from typing import Final

from services.ui_gateway.clients import opened_cases
from services.ui_gateway.pages.people import intake
from services.ui_gateway.pages.people.case_records import added_since, number_seen, read_case_and_history
from services.ui_gateway.pages.people.cases import case_number
from services.ui_gateway.pages.people.intake import receipt_number, show_application
from services.ui_gateway.pages.people.member_forms import HAND_OVER, OPENING, choosing
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult

pages = Pages(intake.pages)
_CHARGE: Final = "/cases/<case_no>/charges/new"


@pages.act("/intake/applications/<number>/case", permission="case.open", correlation=fresh, on=show_application)
def open_case(request: PageRequest, number: str) -> ActResult:
    """Give the application its case number; the case is under investigation from now on."""
    body = request.read(OPENING).body()
    done = opened_cases.open_case(request.client("case_management"), receipt_number(number), body, request.key)
    message = f"ケース番号 {done.case_no} を付けました。調査中のケースとして、事実を記録できます。"
    return ActResult(f"/intake/applications/{number}", message, done.raw(), 201)


@pages.get(_CHARGE, permission="case.hand_over")
def ask_to_whom_it_goes(request: PageRequest, case_no: str) -> PageResult:
    """To whom the case goes, and from which day on."""
    case, history = read_case_and_history(request, case_number(case_no))
    form = choosing(HAND_OVER, opened_cases.caseworkers(request.client("case_management")))
    values = {"case": case, "form": form, **added_since(request, case, history)}
    return PageResult("cases/hand_over.html", values, {"case_no": case.case_no})


@pages.act(_CHARGE, permission="case.hand_over", correlation=fresh, on=ask_to_whom_it_goes)
def hand_over_case(request: PageRequest, case_no: str) -> ActResult:
    """Put somebody in charge from a day on."""
    number, body = case_number(case_no), {**request.read(HAND_OVER).body(), "seen": number_seen(request)}
    done = opened_cases.hand_over(request.client("case_management"), number, body, request.key)
    return ActResult(f"/cases/{number}", "担当の引継ぎを記録しました。", done.raw(), 201)
