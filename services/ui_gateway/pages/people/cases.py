"""The household on one page (世帯): who, where, in force and why, with the time control "as of month, known on day"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import flask

from services.ui_gateway.clients import cases
from services.ui_gateway.clients.case_payments import case_payments
from services.ui_gateway.clients.cases import Case, Circumstance, Determination
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.pages.people.case_forms import FORMS, body_of, start_of
from services.ui_gateway.pages.people.member_forms import HAND_OVER, JOINING, LEAVING
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.money_and_time.months import month_of
from shared.money_and_time.typed_dates import read_day
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"
_CASE_NO: Final = re.compile(r"[0-9]{8}")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class AsOf:
    """As of which month, known at the end of which day; "" is now."""

    month: str
    known_on: str

    @property
    def is_past(self) -> bool:
        """Whether what is shown may differ from what is known now."""
        return bool(self.known_on)


@pages.get("/cases/<case_no>", permission="case.read")
def show_case(request: PageRequest, case_no: str) -> PageResult:
    """One household with its facts, its history and what was determined; each look is in the log before the page is."""
    number, as_of = case_number(case_no), _as_of(request)
    service = request.client("case_management")
    questions: dict[str, Callable[[], Any]] = {
        "case": partial(cases.case, service, number, as_of.month, as_of.known_on, PURPOSE),
        "history": partial(cases.circumstances, service, number, PURPOSE),
        "determinations": partial(cases.determinations, service, number, PURPOSE),
        "payments": partial(case_payments, request.client("payments"), number, PURPOSE),
    }
    answers = ask_all(questions)
    case = answers["case"]
    if isinstance(case, Problem):
        raise case
    history = answers["history"]
    values = {
        "case": case,
        "as_of": as_of,
        "history": history,
        "determinations": answers["determinations"],
        "payments": answers["payments"],
        "forms_of": _forms_of(case, history if isinstance(history, Sequence) else []),
        "seen": history[-1].number if isinstance(history, Sequence) and history else 0,
        "names": {member.person_no: member.name or member.person_no for member in case.members},
        "joining": JOINING,
        "leaving": LEAVING,
        "hand_over": HAND_OVER,
        "in_force": _in_force(answers["determinations"], case.month),
    }
    return PageResult("people/case.html", values, case.raw())


@pages.act("/cases/<case_no>/circumstances", permission="circumstance.record", correlation=fresh, on=show_case)
def record_circumstance(request: PageRequest, case_no: str) -> ActResult:
    """Record a fact of the household or of one of its members: a change from a day, or a correction."""
    number, fact = case_number(case_no), request.sent_field("fact", choices=frozenset(FORMS))
    filled = request.read(FORMS[fact])
    corrects = request.sent.get("corrects", "")
    body = body_of(
        fact,
        filled,
        person_no=request.sent.get("person_no", ""),
        corrects=int(corrects) if corrects.isascii() and corrects.isdigit() else None,
    )
    body["seen"] = number_seen(request)
    done = cases.record_circumstance(request.client("case_management"), number, body, request.key)
    message = "記録しました。前の記録も残っています。支給額は、次の決定から変わります。"
    return ActResult(f"/cases/{number}", message, done.raw(), 201)


def number_seen(request: PageRequest) -> int:
    """The number of the newest circumstance that the page showed; 0 where the form names none."""
    seen = request.sent.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() else 0


def case_number(case_no: str) -> str:
    """Return a case number.

    Raises:
        Problem: not-found where it is none.
    """
    if not _CASE_NO.fullmatch(case_no):
        raise Problem("not-found", field="case_no", detail="このケースはありません")
    return case_no


def _as_of(request: PageRequest) -> AsOf:
    today, asked = request.clock.today(), flask.request.args
    month = asked.get("month", "")
    if month and not _MONTH.fullmatch(month):
        month = month_of(_day(f"{month}1日" if month.endswith("月") else f"{month}.1", today, "month"))
    known_on = asked.get("known_on", "")
    return AsOf(month, _day(known_on, today, "known_on").isoformat() if known_on else "")


def _day(text: str, today: date, name: str) -> date:
    try:
        return read_day(text, today)
    except ValueError as error:
        raise Problem("invalid-input", field=name, detail=str(error)) from None


def _standing(history: Any) -> Mapping[tuple[str | None, str], Circumstance]:
    """The newest uncorrected circumstance of each person and fact."""
    if not isinstance(history, Sequence):
        return {}
    return {(item.person_no, item.fact): item for item in history if item.corrected_by is None}


def _forms_of(case: Case, history: Sequence[Circumstance]) -> list[dict[str, Any]]:
    """A form for each fact that holds, filled with what holds."""
    standing = _standing(history)
    rows: list[tuple[str, str | None, str, Mapping[str, Any]]] = [("home", None, "住まいと費用", case.facts)]
    for member in case.members:
        name = member.name or member.person_no
        rows += [("person", member.person_no, f"{name}: 世帯員", member.facts)]
        rows += [("income", member.person_no, f"{name}: 収入", member.facts)]
    return [
        {
            "fact": fact,
            "person_no": person_no or "",
            "title": title,
            "form": FORMS[fact],
            "start": start_of(fact, data),
            "standing": standing.get((person_no, fact)),
        }
        for fact, person_no, title, data in rows
    ]


def _in_force(determinations: Any, month: str) -> Determination | None:
    """What holds for the month: approved, and replaced by none."""
    if not isinstance(determinations, Sequence):
        return None
    held = (item for item in determinations if item.month == month and item.state == "approved")
    return next((item for item in held if not item.replaced_by), None)
