"""The household on one page (世帯): who, where, in force and why, with the time control "as of month, known on day"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final

import flask

from services.ui_gateway.clients import cases
from services.ui_gateway.clients.case_payments import case_payments
from services.ui_gateway.clients.cases import Circumstance
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.routing.listed_answers import page_with
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import PageResult
from shared.money_and_time.months import month_of
from shared.money_and_time.typed_dates import read_day
from shared.service_kit.problems import Problem
from shared.service_kit.service_client import ServiceClient

pages = Pages()
PURPOSE: Final = "casework"
_CASE_NO: Final = re.compile(r"[0-9]{8}")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class AsOf:
    """As of which month, known at the end of which day; "" is now."""

    month: str
    known_on: str
    typed: Mapping[str, str] = field(default_factory=dict)
    """What cannot be answered as it was typed; the page shows what is known now instead."""
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_past(self) -> bool:
        """Whether what is shown may differ from what is known now."""
        return bool(self.known_on)

    def without(self, name: str, fault: str) -> "AsOf":
        """The same without one of its questions, which has a fault."""
        typed = {**self.typed, name: flask.request.args.get(name, "")}
        return replace(self, **{name: ""}, typed=typed, faults={**self.faults, name: fault})


@pages.get("/cases/<case_no>", permission="case.read")
def show_case(request: PageRequest, case_no: str) -> PageResult:
    """One household with its facts, its history and what was determined; each look is in the log before the page is."""
    number, as_of = case_number(case_no), _as_of(request)
    service = request.client("case_management")
    questions: dict[str, Callable[[], Any]] = {
        "overview": partial(_overview, service, number, as_of),
        "payments": partial(case_payments, request.client("payments"), number, PURPOSE),
    }
    answers = ask_all(questions)
    overview = answers["overview"]
    if isinstance(overview, Problem):
        raise overview
    overview, as_of = overview
    case = overview.case
    values = {
        "case": case,
        "as_of": as_of,
        "history": overview.history,
        "memberships": memberships_of(overview.history),
        "today": request.clock.today(),
        "determinations": overview.determinations,
        "payments": answers["payments"],
        "names": {member.person_no: member.name or member.person_no for member in case.members},
        "in_force": overview.in_force,
        "notes": overview.notes,
        "tasks": overview.tasks,
        "consents": overview.consents,
    }
    return page_with(PageResult("cases/case.html", values, case.raw()), as_of.faults)


def _overview(service: ServiceClient, number: str, as_of: AsOf) -> tuple[cases.Overview, AsOf]:
    """The household as it is asked for; as it is known now where nothing was known of it on the day that was named."""
    try:
        return cases.overview(service, number, as_of.month, as_of.known_on, PURPOSE), as_of
    except Problem as problem:
        if problem.status != 404 or not as_of.known_on:
            raise
    now = as_of.without("known_on", "この日には、このケースの記録がまだありませんでした")
    return cases.overview(service, number, now.month, now.known_on, PURPOSE), now


def memberships_of(history: Sequence[Circumstance]) -> dict[str, tuple[date | None, date | None]]:
    """The first and the last day on which each person is a member; None is open."""
    days: dict[str, tuple[date | None, date | None]] = {}
    standing = [item for item in history if item.fact == "person" and not (item.corrected_by or item.replaced_by)]
    for item in standing:
        first, last = days.get(item.person_no or "", (item.valid_from, item.valid_to))
        days[item.person_no or ""] = (
            min(first, item.valid_from) if first and item.valid_from else None,
            max(last, item.valid_to) if last and item.valid_to else None,
        )
    return days


def case_number(case_no: str) -> str:
    """Return a case number.

    Raises:
        Problem: not-found where it is none.
    """
    if not _CASE_NO.fullmatch(case_no):
        raise Problem("not-found", field="case_no", detail="このケースはありません")
    return case_no


def _as_of(request: PageRequest) -> AsOf:
    today, as_of = request.clock.today(), AsOf("", "")
    for name, read in (("month", _month), ("known_on", _day)):
        try:
            if text := flask.request.args.get(name, ""):
                as_of = replace(as_of, **{name: read(text, today)})  # type: ignore[arg-type]
        except ValueError as error:
            as_of = as_of.without(name, str(error))
    return as_of


def _month(text: str, today: date) -> str:
    if _MONTH.fullmatch(text):
        return text
    return month_of(read_day(f"{text}1日" if text.endswith("月") else f"{text}.1", today))


def _day(text: str, today: date) -> str:
    return read_day(text, today).isoformat()
