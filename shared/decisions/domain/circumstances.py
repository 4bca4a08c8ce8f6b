"""Circumstances (事実): facts of a case or person with a valid period and a recorded time, never overwritten."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from shared.money_and_time.months import Month, first_day, last_day

Data = Mapping[str, Any]
Record = dict[str, Any]
Span = tuple[date, date]
"""The first and the last day, both included; `date.min` and `date.max` are open."""
CHARGE: Final = "charge"
"""Whose case it is (地区担当): `district`, `caseworker`. It says who may look, never what is determined."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One fact of a case (``person_no`` is None) or of a person in it.

    ``valid_from`` and ``valid_to`` are the first and last day on which it holds; None is open.
    ``corrects`` is the number of the circumstance whose place it takes.
    """

    number: int
    case_no: str
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    corrects: int | None
    data: Data

    def holds_in(self, month: Month) -> bool:
        """Whether it holds on a day of the month."""
        begins = self.valid_from is None or self.valid_from <= last_day(month)
        return begins and (self.valid_to is None or self.valid_to >= first_day(month))


def as_known(known: Sequence[Circumstance], month: Month) -> list[Circumstance]:
    """What held in ``month`` by all that was ``known``: one circumstance a case, person and fact.

    Corrected ones are left out; of several, the one that began last holds, and of those the one recorded last. What was
    recorded last has the highest number: a clock may go back. A fact of the case itself has the days of all that follow
    each other without a gap: assistance does not begin anew where the rent changes.
    """
    newest: dict[tuple[str, str, str], Circumstance] = {}
    of_cases: defaultdict[str, list[Circumstance]] = defaultdict(list)
    for circumstance in sorted(uncorrected(known), key=_beginning):
        if _is_of_assistance(circumstance):
            of_cases[circumstance.case_no].append(circumstance)
        if circumstance.holds_in(month):
            newest[(circumstance.case_no, circumstance.person_no or "", circumstance.fact)] = circumstance
    return [_with_its_span(newest[key], of_cases[key[0]]) for key in sorted(newest)]


def on_assistance_spans(known: Iterable[Circumstance]) -> list[Span]:
    """The days on which facts of one case itself hold (保護の期間), as spans with gaps between them."""
    return spans_of(filter(_is_of_assistance, uncorrected(known)))


def spans_of(facts: Iterable[Circumstance]) -> list[Span]:
    """The days on which any of the facts holds, as spans with gaps between them."""
    spans: list[Span] = []
    for first, last in sorted((fact.valid_from or date.min, fact.valid_to or date.max) for fact in facts):
        if spans and first <= _day_after(spans[-1][1]):
            spans[-1] = spans[-1][0], max(spans[-1][1], last)
        else:
            spans.append((first, last))
    return spans


def uncorrected(known: Iterable[Circumstance]) -> list[Circumstance]:
    """Those in whose place nothing else stands."""
    all_ = list(known)
    corrected = {circumstance.corrects for circumstance in all_}
    return [circumstance for circumstance in all_ if circumstance.number not in corrected]


def lose_a_day(before: Iterable[Circumstance], after: Iterable[Circumstance]) -> bool:
    """Whether there is a day on which one of the facts held before, and none does afterwards."""
    then = spans_of(after)
    return any(not any(begin <= first and last <= end for begin, end in then) for first, last in spans_of(before))


def replaced_by(known: Iterable[Circumstance]) -> dict[int, int]:
    """Which circumstance holds in the place of another one that nobody corrected, on every day of it.

    Of two that began on one day the one recorded last holds: both stand on record, and only that one counts.
    """
    replaced: dict[int, int] = {}
    newest: dict[tuple[str, str | None, str, date | None], Circumstance] = {}
    for circumstance in sorted(uncorrected(known), key=_beginning, reverse=True):
        key = circumstance.case_no, circumstance.person_no, circumstance.fact, circumstance.valid_from
        last = newest.setdefault(key, circumstance)
        if last is not circumstance and (last.valid_to or date.max) >= (circumstance.valid_to or date.max):
            replaced[circumstance.number] = last.number
    return replaced


def _is_of_assistance(circumstance: Circumstance) -> bool:
    return circumstance.person_no is None and circumstance.fact != CHARGE


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _with_its_span(circumstance: Circumstance, of_case: Sequence[Circumstance]) -> Circumstance:
    if len(of_case) == 1 or not _is_of_assistance(circumstance):
        return circumstance
    begins = circumstance.valid_from or date.min
    first, last = next(span for span in on_assistance_spans(of_case) if span[0] <= begins <= span[1])
    return replace(
        circumstance,
        valid_from=None if first == date.min else first,
        valid_to=None if last == date.max else last,
    )


def _beginning(circumstance: Circumstance) -> tuple[date, int]:
    return circumstance.valid_from or date.min, circumstance.number


def charge_on(charges: Iterable[Circumstance], day: date) -> Data:
    """Whose case it is on a day: of the uncorrected charges the one that began last, else the first one to come.

    A charge has no end of its own: an ended case stays with who had it last.
    """
    all_ = list(charges)
    corrected = {charge.corrects for charge in all_}
    standing = sorted((charge for charge in all_ if charge.number not in corrected), key=_beginning)
    begun = [charge for charge in standing if charge.valid_from is None or charge.valid_from <= day]
    return begun[-1].data if begun else standing[0].data if standing else {}


def records(circumstances: Sequence[Circumstance], month: Month) -> list[Record]:
    """Cases as flat records for the rules: ``id``, ``assistance_since``, ``from``/``to``, facts, ``members``.

    A case of which no fact of its own holds is none, whatever is known of its members. ``from`` is there
    only where the case's own facts begin after the first of the month, ``to`` where they end in it, also with its last
    day (who does not go on has no 期末一時扶助), ``assistance_since`` where their first day is known.
    """
    cases: dict[str, Record] = {}
    for circumstance in circumstances:
        if circumstance.person_no is None and circumstance.fact != CHARGE:
            case = cases.setdefault(circumstance.case_no, {"id": circumstance.case_no, "members": []})
            case.update(circumstance.data)
            case.update(_clipped(circumstance, month))
    members: dict[tuple[str, str], Record] = {}
    for circumstance in circumstances:
        if circumstance.person_no is None or circumstance.case_no not in cases:
            continue
        case = cases[circumstance.case_no]
        member = members.get((circumstance.case_no, circumstance.person_no))
        if member is None:
            member = members[(circumstance.case_no, circumstance.person_no)] = {"id": circumstance.person_no}
            case["members"].append(member)
        member.update(circumstance.data)
    return list(cases.values())


def _clipped(circumstance: Circumstance, month: Month) -> dict[str, str]:
    clipped = {}
    if circumstance.valid_from is not None:
        clipped["assistance_since"] = circumstance.valid_from.isoformat()
    if circumstance.valid_from is not None and circumstance.valid_from > first_day(month):
        clipped["from"] = circumstance.valid_from.isoformat()
    if circumstance.valid_to is not None and circumstance.valid_to <= last_day(month):
        clipped["to"] = circumstance.valid_to.isoformat()
    return clipped
