"""Read a case (閲覧): recorded with its purpose before the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.contracts.assistance import Programme
from shared.decisions.adapters.circumstances import circumstances_known, end_of_named_day, known_on
from shared.decisions.adapters.opened_cases import opened_for
from shared.decisions.adapters.scope import charges_of
from shared.decisions.domain.circumstances import CHARGE, Circumstance, charge_on
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import Month, month_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a case, known by the person number (宛名番号); named only where the register is."""

    person_no: str
    facts: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    kana: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as of a month, as known on a day.

    `application_no` is there while nobody decided to start assistance: it is under investigation (調査中), until the
    application is taken back (取下げ, `withdrawn_on`).
    """

    case_no: str
    application_no: str | None
    withdrawn_on: date | None
    programme: Programme
    month: Month
    facts: dict[str, Any]
    members: list[Member]


def read_case(
    work: UnitOfWork, deciding: Deciding, case_no: str, purpose: str, month: Month | None = None, day: str | None = None
) -> Case:
    """Return a case as of a month (the current one unless named), as known on a day. The look names every member.

    Raises:
        Problem: not-found where nothing was known of it; invalid-input where there is no such day.
    """
    tables, month = deciding.tables, month or month_of(work.clock.today())
    instant = end_of_named_day(day)
    known = circumstances_known(work, tables, month, known_on(tables, instant), case_no, case_no)
    case = case_of(work, deciding, case_no, month, known, instant)
    if day is None:
        show_charge_of_today(case, charges_of(work, tables, case_no), work.clock.today())
    work.look("case", [f"case:{case_no}", *(f"person:{number}" for number in numbers_of(case))], purpose)
    return case


def show_charge_of_today(case: Case, known: Sequence[Circumstance], today: date) -> None:
    """Of the current month a case shows who is in charge today, and not who will be before it is over."""
    charges = [circumstance for circumstance in known if circumstance.fact == CHARGE]
    if case.month == month_of(today) and charges:
        for name in ("district", "caseworker"):
            case.facts.pop(name, None)
        case.facts.update(charge_on(charges, today))


def numbers_of(case: Case) -> list[str]:
    """Return the person numbers (宛名番号) of a case's members, in order."""
    return sorted(member.person_no for member in case.members)


def case_of(
    work: UnitOfWork,
    deciding: Deciding,
    case_no: str,
    month: Month,
    known: Sequence[Circumstance],
    instant: datetime | None,
) -> Case:
    """Return a case by what was known at an instant (now) to have held in a month.

    Raises:
        Problem: not-found where nothing was known of it.
    """
    opened = opened_for(work, deciding.tables, case_no, instant)
    if not opened and all(circumstance.fact == CHARGE for circumstance in known):
        detail = "この日には、このケースはまだ知られていません" if instant else ""
        raise Problem("not-found", field="case_no", detail=detail)
    members: dict[str, dict[str, Any]] = {}
    facts: dict[str, Any] = {}
    for circumstance in known:
        person_no = circumstance.person_no
        holder = facts if person_no is None else members.setdefault(person_no, {})
        holder.update(circumstance.data)
    application_no, withdrawn_on = (opened.application_no, opened.withdrawn_on) if opened else (None, None)
    named = _named(work, deciding, members)
    return Case(case_no, application_no, withdrawn_on, deciding.programme, month, facts, named)


def _named(work: UnitOfWork, deciding: Deciding, members: dict[str, dict[str, Any]]) -> list[Member]:
    names = deciding.members.named(work, list(members))
    return [
        Member(person_no, facts, names[person_no].name, names[person_no].kana)
        if person_no in names
        else Member(person_no, facts)
        for person_no, facts in members.items()
    ]
