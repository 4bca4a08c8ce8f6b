"""A fact of a household on a page of its own (世帯の状況の記録): a change from a day on, or a correction."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients import cases
from services.ui_gateway.clients.cases import Case, Circumstance
from services.ui_gateway.clients.parallel import ask_all, parted
from services.ui_gateway.pages.people.case_forms import FACTS_OF_CASE, FORMS, SINCE_EVER, body_of, months_of, start_of
from services.ui_gateway.pages.people.cases import PURPOSE, case_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
HOUSEHOLD: Final = "household"
"""In an address in place of a person number: the fact is of the household itself."""
CHANGE: Final = "change"
"""In an address in place of the number of what is corrected: what holds from a day on is recorded."""
_PATH: Final = "/cases/<case_no>/record/<fact>/<whose>/<what>"


@pages.get(_PATH, permission="circumstance.record")
def show_record_form(request: PageRequest, case_no: str, fact: str, whose: str, what: str) -> PageResult:
    """The form of one fact, filled with what holds, or with what is to be corrected."""
    number, person_no, corrects = case_number(case_no), _whose(fact, whose), _what(what)
    case, history = read_case_and_history(request, number)
    held = _held(history, fact, person_no, corrects, request.clock.today())
    values = {
        "case": case,
        "fact": fact,
        "whose": whose,
        "what": what,
        "name": _name(case, person_no),
        "form": FORMS[fact],
        "start": _start(fact, held, corrects),
        "held": held,
        "months": months_of(held.valid_from, held.valid_to) if held else "",
        "later": _begins_later(history, held),
        **added_since(request, case, history),
    }
    return PageResult("cases/record_fact.html", values, {"case_no": number})


@pages.act(_PATH, permission="circumstance.record", correlation=fresh, on=show_record_form)
def record_circumstance(request: PageRequest, case_no: str, fact: str, whose: str, what: str) -> ActResult:
    """Record a fact of the household or of one of its members; nothing before it is overwritten."""
    number, person_no, corrects = case_number(case_no), _whose(fact, whose), _what(what)
    filled = request.read(FORMS[fact])
    body = body_of(fact, filled, person_no=person_no, corrects=corrects)
    body["seen"] = number_seen(request)
    done = cases.record_circumstance(request.client("case_management"), number, body, request.key)
    months = months_of(filled["from"], filled["to"])
    message = f"{months}の内容として記録しました。前の記録も残っています。次の決定は、この内容で行います。"
    return ActResult(f"/cases/{number}", message, done.raw(), 201)


def read_case_and_history(request: PageRequest, case_no: str) -> tuple[Case, Sequence[Circumstance]]:
    """A case as it is now, and every fact of it; a form needs both.

    Raises:
        Problem: not-found; unavailable where the service is away.
    """
    service = request.client("case_management")
    questions: dict[str, Callable[[], Any]] = {
        "case": partial(cases.case, service, case_no, "", "", PURPOSE),
        "history": partial(cases.circumstances, service, case_no, PURPOSE),
    }
    answers, away = parted(ask_all(questions))
    for problem in away.values():
        raise problem
    return answers["case"], answers["history"]


def newest(history: Sequence[Circumstance]) -> int:
    """The number of the newest circumstance; 0 where there is none."""
    return history[-1].number if history else 0


def number_seen(request: PageRequest) -> int:
    """The number of the newest circumstance that the page showed; 0 where the form names none."""
    seen = request.sent.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() else 0


def added_since(request: PageRequest, case: Case, history: Sequence[Circumstance]) -> dict[str, Any]:
    """What a form carries of the history, and what was recorded since the one that came back was opened."""
    seen = request.came_back.sent.get("seen", "") if request.came_back else ""
    since = [item for item in history if item.number > int(seen)] if seen.isascii() and seen.isdigit() else []
    named = {member.person_no: member.name or member.person_no for member in case.members}
    return {"seen": newest(history), "since": since, "named": named}


def _whose(fact: str, whose: str) -> str:
    """The person of a fact; empty for one of the household itself."""
    is_person = len(whose) == 10 and whose.isascii() and whose.isdigit()
    if fact not in FORMS or (fact in FACTS_OF_CASE) != (whose == HOUSEHOLD) or not (is_person or whose == HOUSEHOLD):
        raise Problem("not-found", field="fact", detail="この記録の画面はありません")
    return "" if whose == HOUSEHOLD else whose


def _what(what: str) -> int | None:
    """The number of what is corrected; None for a change."""
    if what == CHANGE:
        return None
    if not (what.isascii() and what.isdigit() and len(what) < 19):
        raise Problem("not-found", field="what", detail="訂正する記録がありません")
    return int(what)


def _held(
    history: Sequence[Circumstance], fact: str, person_no: str, corrects: int | None, today: date
) -> Circumstance | None:
    """What is to be corrected; else what holds today, and of several that have begun what began last."""
    own = [item for item in history if (item.fact, item.person_no or "") == (fact, person_no)]
    if corrects is not None:
        named = [item for item in own if item.number == corrects]
        if not named:
            raise Problem("not-found", field="what", detail="訂正する記録がありません")
        return named[0]
    standing = [item for item in own if item.corrected_by is None]
    begun = [item for item in standing if item.valid_from is None or item.valid_from <= today]
    return max(begun or standing, key=lambda item: (item.valid_from or date.min, item.number), default=None)


def _begins_later(history: Sequence[Circumstance], held: Circumstance | None) -> date | None:
    """From which day on another record already counts that follows the one held."""
    if held is None:
        return None
    own = [item for item in history if (item.fact, item.person_no) == (held.fact, held.person_no)]
    standing = [item.valid_from for item in own if item.corrected_by is None and item.valid_from]
    return min((day for day in standing if day > (held.valid_from or date.min)), default=None)


def _start(fact: str, held: Circumstance | None, corrects: int | None) -> dict[str, Any]:
    """What a form starts with; a change has days and a reason of its own."""
    if held is None:
        return {}
    start = start_of(fact, held.data)
    days = {"from": held.valid_from or SINCE_EVER, "to": held.valid_to, "reason": "mistake"}
    return start if corrects is None else {**start, **days}


def _name(case: Case, person_no: str) -> str:
    named = {member.person_no: member.name for member in case.members}
    return named.get(person_no) or person_no
