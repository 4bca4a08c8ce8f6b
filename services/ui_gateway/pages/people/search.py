"""Search (検索): one box for names, readings, numbers, birth dates and telephones.

What was typed is sent in a form alone: addresses stand in histories and access logs. The box of every page, and fields
that want the number of a person, answer as one types (assets/suggestions.js): each answer is a look, as a search is.
"""

from typing import Any, Final

from services.ui_gateway.clients import people
from services.ui_gateway.clients.people import Hit
from services.ui_gateway.forms.fields import Text, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages.people.case_labels import who_it_is
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import PageResult

pages = Pages()
SEARCH: Final = "/search"
PURPOSE: Final = "casework"
FORM: Final = Form(
    Text(
        "q",
        "氏名・フリガナ・番号・生年月日・電話",
        help="漢字、かな(読みの初めから)、ケース番号、宛名番号、受付番号、S25.3.1 のような生年月日、電話番号で探せます",
        required=True,
    )
)
MOST_SUGGESTED: Final = 8
"""Lines that are read at a glance below a box."""
_TYPED: Final = Form(Text("q", "入力した文字", required=True), YesNo("people", "宛名番号のある人だけ"))


@pages.get(SEARCH, permission="person.search")
def ask_for_people(request: PageRequest) -> PageResult:
    """The box alone."""
    return PageResult("search.html", {"form": FORM, "typed": "", "hits": None, "address_of": address_of}, {})


@pages.act(SEARCH, permission="person.search", correlation=fresh, on=ask_for_people)
def search_people(request: PageRequest) -> PageResult:
    """Whom the text means, as far as this person may see them; that is a look."""
    typed = request.read(FORM)["q"]
    hits = people.search(request.client("case_management"), typed, PURPOSE)
    return PageResult("search.html", {"form": FORM, "typed": typed, "hits": hits, "address_of": address_of}, hits.raw())


@pages.act(f"{SEARCH}/suggestions", permission="person.search", correlation=fresh)
def suggest_people(request: PageRequest) -> PageResult:
    """The first of those whom the text means so far, as lines below a box; that is a look, as the search is."""
    typed, service = request.read(_TYPED), request.client("case_management")
    hits = people.search(service, typed["q"], PURPOSE, MOST_SUGGESTED, residents=bool(typed["people"]))
    lines = [_line(hit) for hit in hits.items]
    return PageResult("", {}, {"lines": lines, "more": hits.more})


def address_of(hit: Hit) -> str:
    """The page of somebody who was found; empty for a resident without a case."""
    if hit.kind != "resident":
        return f"/intake/{hit.kind}s/{hit.no}"
    return f"/cases/{hit.cases[0].case_no}" if hit.cases else ""


def _line(hit: Hit) -> dict[str, Any]:
    number = hit.no if hit.kind == "resident" else ""
    return {"name": hit.name or "(氏名なし)", "about": who_it_is(hit), "to": address_of(hit), "number": number}
