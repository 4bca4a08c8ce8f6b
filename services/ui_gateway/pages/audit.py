"""The auditor's pages: who looked at a resident (閲覧の記録), and unusual looks with their review (点検).

A number of a resident is sent in forms alone: addresses stand in histories and access logs.
"""

import re
from typing import Final
from uuid import UUID

from services.ui_gateway.clients import audit_log
from services.ui_gateway.forms.fields import Choice, PersonNumber, Text
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages import labels
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
LOOKS, FINDINGS = "/audit/looks", "/audit/findings"
REVIEW: Final = "review"
ASKING: Final = Form(
    PersonNumber("person", "宛名番号", least=8, required=True),
    Choice("purpose", "目的", labels.PURPOSES, required=True),
)
REVIEWING: Final = Form(
    Choice("outcome", "結果", labels.OUTCOMES, required=True),
    Text("words", "確かめたこと", longest=500, required=True),
)
_NUMBER: Final = re.compile(r"[0-9]{0,18}")


@pages.get(LOOKS, permission="log.search")
def ask_who_looked(request: PageRequest) -> PageResult:
    """The form that asks for a resident and a purpose."""
    return PageResult("looks.html", {"form": ASKING, "asked": {}, "found": None}, {})


@pages.act(LOOKS, permission="log.search", correlation=fresh, on=ask_who_looked)
def show_who_looked(request: PageRequest) -> PageResult:
    """Every look at the resident, newest first; asking is itself a look."""
    filled, before = request.read(ASKING), request.sent.get("before", "")
    if not _NUMBER.fullmatch(before):
        raise Problem("invalid-input", field="before", detail="画面を開き直してください")
    hits = audit_log.looks_at(request.client("audit_logging"), filled["person"], filled["purpose"], before)
    return PageResult("looks.html", {"form": ASKING, "asked": filled.values, "found": hits}, hits.raw())


@pages.get(FINDINGS, permission="log.review")
def show_findings(request: PageRequest) -> PageResult:
    """Unusual looks that nobody has reviewed, and the newest that somebody has."""
    service = request.client("audit_logging")
    waiting, done = audit_log.findings(service, "open", REVIEW), audit_log.findings(service, "reviewed", REVIEW)
    values = {"form": REVIEWING, "open": waiting, "done": done}
    return PageResult("findings.html", values, {"open": waiting.raw(), "reviewed": done.raw()})


@pages.act("/audit/reviews", permission="log.review", correlation=fresh, on=show_findings)
def review(request: PageRequest) -> ActResult:
    """Keep what the auditor says of a finding."""
    filled = request.read(REVIEWING)
    try:
        finding_id, through = UUID(request.sent_field("finding_id")), int(request.sent_field("through"))
    except ValueError:
        raise Problem("invalid-input", field="finding_id", detail="画面を開き直してください") from None
    body = {**filled.body(), "through": through}
    kept = audit_log.review(request.client("audit_logging"), finding_id, body, request.key)
    return ActResult(FINDINGS, f"点検の結果を記録しました({labels.OUTCOMES[filled['outcome']]})。", kept.raw(), 201)
