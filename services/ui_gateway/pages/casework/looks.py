"""Who looked at a household (閲覧した人), for those who answer for it; opening the page is itself a look."""

from functools import partial
from typing import Final

import flask

from services.ui_gateway.clients.audit_log import CaseLook, case_looks
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.pages import labels
from services.ui_gateway.pages.people.cases import PURPOSE, case_number
from services.ui_gateway.routing.listed_answers import asked_of, page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import Download, PageResult, wants_json
from services.ui_gateway.tables.columns import Code, Moment, Staff
from services.ui_gateway.tables.table import Table
from shared.service_kit.problems import Problem

pages = Pages()
_EMERGENCY: Final = {"emergency": "緊急閲覧"}
LOOKS: Final = Table(
    "case_looks",
    "閲覧した人",
    Moment("at", "日時", lambda look: look.at, filterable=True),
    Staff("by", "職員", lambda look: look.actor, filterable=True),
    Code("what", "見たもの", lambda look: look.what, labels=labels.SEEN, filterable=True),
    Code("why", "目的", lambda look: look.purpose, labels=labels.LOOKED_FOR, filterable=True),
    Code(
        "glass",
        "緊急閲覧",
        lambda look: _emergency_of(look),
        labels=_EMERGENCY,
        filterable=True,
        marked=lambda look: "failed",
    ),
)


@pages.get("/cases/<case_no>/looks", permission="case_looks.read")
def show_case_looks(request: PageRequest, case_no: str) -> PageResult | Download:
    """The newest looks of people at this household; where a service is away, the page says which."""
    number, address = case_number(case_no), f"/cases/{case_no}/looks"
    looks = ask_all({"looks": partial(case_looks, request.client("audit_logging"), number, PURPOSE)})["looks"]
    if isinstance(looks, Problem):
        if wants_json() or flask.request.args.get("as"):
            raise looks
        return PageResult("cases/looks.html", {"case_no": number, "away": looks}, {})
    listed = LOOKS.as_asked(looks.items, address, asked_of(), request.clock.today(), count=looks.count)
    values = {"case_no": number, "looks": looks, "listed": listed}
    return page_or_file(request, PageResult("cases/looks.html", values, looks.raw()), listed)


def _emergency_of(look: CaseLook) -> str:
    return "emergency" if look.emergency else ""
