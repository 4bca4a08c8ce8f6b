"""Search (検索): one box for names, readings, numbers, birth dates and telephones.

What was typed is sent in a form alone: addresses stand in histories and access logs.
"""

from typing import Final

from services.ui_gateway.clients import people
from services.ui_gateway.forms.fields import Text
from services.ui_gateway.forms.form import Form
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


@pages.get(SEARCH, permission="person.search")
def ask_for_people(request: PageRequest) -> PageResult:
    """The box alone."""
    return PageResult("search.html", {"form": FORM, "typed": "", "hits": None}, {})


@pages.act(SEARCH, permission="person.search", correlation=fresh, on=ask_for_people)
def search_people(request: PageRequest) -> PageResult:
    """Whom the text means, as far as this person may see them; that is a look."""
    typed = request.read(FORM)["q"]
    hits = people.search(request.client("case_management"), typed, PURPOSE)
    return PageResult("search.html", {"form": FORM, "typed": typed, "hits": hits}, hits.raw())
