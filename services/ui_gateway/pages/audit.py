"""The auditor's pages: who looked at a resident (閲覧の記録), and unusual looks with their review (点検).

A number of a resident is sent in forms alone: addresses stand in histories and access logs.
"""

import re
from typing import Final
from uuid import UUID

from services.ui_gateway.clients import log
from services.ui_gateway.pages import words
from services.ui_gateway.pages.door import Pages, fresh
from services.ui_gateway.pages.replies import Done, Shown
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem

pages = Pages()
LOOKS, FINDINGS = "/audit/looks", "/audit/findings"
REVIEW: Final = "review"
_PERSON: Final = re.compile(r"[0-9]{8,10}")
_NUMBER: Final = re.compile(r"[0-9]{0,18}")


@pages.get(LOOKS, permission="log.search")
def ask_who_looked(visit: Visit) -> Shown:
    """The form that asks for a resident and a purpose."""
    return Shown("looks.html", {"person": "", "purpose": "", "found": None}, {})


@pages.act(LOOKS, permission="log.search", correlation=fresh)
def show_who_looked(visit: Visit) -> Shown:
    """Every look at the resident, newest first; asking is itself a look."""
    person, purpose = visit.sent_field("person").strip(), visit.sent_field("purpose", choices=_codes(words.PURPOSES))
    before = visit.sent.get("before", "")
    for name, value, form in (("person", person, _PERSON), ("before", before, _NUMBER)):
        if not form.fullmatch(value):
            raise Problem("invalid-input", field=name, detail="宛名番号は8〜10桁の数字です")
    found = log.looks_at(visit.room("audit_logging"), person, purpose, before)
    return Shown("looks.html", {"person": person, "purpose": purpose, "found": found}, found.raw())


@pages.get(FINDINGS, permission="log.review")
def show_findings(visit: Visit) -> Shown:
    """Unusual looks that nobody has reviewed, and the newest that somebody has."""
    room = visit.room("audit_logging")
    waiting, done = log.findings(room, "open", REVIEW), log.findings(room, "reviewed", REVIEW)
    return Shown("findings.html", {"open": waiting, "done": done}, {"open": waiting.raw(), "reviewed": done.raw()})


@pages.act("/audit/reviews", permission="log.review", correlation=fresh)
def review(visit: Visit) -> Done:
    """Keep what the auditor says of a finding."""
    outcome = visit.sent_field("outcome", choices=_codes(words.OUTCOMES))
    try:
        finding_id, through = UUID(visit.sent_field("finding_id")), int(visit.sent_field("through"))
    except ValueError:
        raise Problem("invalid-input", field="finding_id", detail="画面を開き直してください") from None
    body = {"outcome": outcome, "words": visit.sent_field("words"), "through": through}
    kept = log.review(visit.room("audit_logging"), finding_id, body, visit.key)
    return Done(FINDINGS, f"点検の結果を記録しました({words.OUTCOMES[outcome]})。", kept.raw(), 201)


def _codes(known: dict[str, str]) -> frozenset[str]:
    return frozenset(known)
