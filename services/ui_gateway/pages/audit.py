"""The auditor's pages: who looked at a resident (閲覧の記録), and unusual looks with their review (点検).

A number of a resident is sent in forms alone: addresses stand in histories and access logs.
"""

import re
from typing import Final
from uuid import UUID

from services.ui_gateway.clients import audit_log
from services.ui_gateway.pages import labels
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
LOOKS, FINDINGS = "/audit/looks", "/audit/findings"
REVIEW: Final = "review"
_PERSON: Final = re.compile(r"[0-9]{8,10}")
_NUMBER: Final = re.compile(r"[0-9]{0,18}")


@pages.get(LOOKS, permission="log.search")
def ask_who_looked(request: PageRequest) -> PageResult:
    """The form that asks for a resident and a purpose."""
    return PageResult("looks.html", {"person": "", "purpose": "", "found": None}, {})


@pages.act(LOOKS, permission="log.search", correlation=fresh)
def show_who_looked(request: PageRequest) -> PageResult:
    """Every look at the resident, newest first; asking is itself a look."""
    person = request.sent_field("person").strip()
    purpose = request.sent_field("purpose", choices=_codes(labels.PURPOSES))
    before = request.sent.get("before", "")
    for name, value, form in (("person", person, _PERSON), ("before", before, _NUMBER)):
        if not form.fullmatch(value):
            raise Problem("invalid-input", field=name, detail="宛名番号は8〜10桁の数字です")
    hits = audit_log.looks_at(request.client("audit_logging"), person, purpose, before)
    return PageResult("looks.html", {"person": person, "purpose": purpose, "found": hits}, hits.raw())


@pages.get(FINDINGS, permission="log.review")
def show_findings(request: PageRequest) -> PageResult:
    """Unusual looks that nobody has reviewed, and the newest that somebody has."""
    service = request.client("audit_logging")
    waiting, done = audit_log.findings(service, "open", REVIEW), audit_log.findings(service, "reviewed", REVIEW)
    return PageResult("findings.html", {"open": waiting, "done": done}, {"open": waiting.raw(), "reviewed": done.raw()})


@pages.act("/audit/reviews", permission="log.review", correlation=fresh)
def review(request: PageRequest) -> ActResult:
    """Keep what the auditor says of a finding."""
    outcome = request.sent_field("outcome", choices=_codes(labels.OUTCOMES))
    try:
        finding_id, through = UUID(request.sent_field("finding_id")), int(request.sent_field("through"))
    except ValueError:
        raise Problem("invalid-input", field="finding_id", detail="画面を開き直してください") from None
    body = {"outcome": outcome, "words": request.sent_field("words"), "through": through}
    kept = audit_log.review(request.client("audit_logging"), finding_id, body, request.key)
    return ActResult(FINDINGS, f"点検の結果を記録しました({labels.OUTCOMES[outcome]})。", kept.raw(), 201)


def _codes(known: dict[str, str]) -> frozenset[str]:
    return frozenset(known)
