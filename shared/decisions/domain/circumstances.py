"""Circumstances (事実): facts of a case or person with a valid period and a recorded time, never overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from shared.money_and_time.months import Month, first_day, last_day

Data = Mapping[str, Any]
Record = dict[str, Any]
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
    recorded last has the highest number: a clock may go back.
    """
    corrected = {circumstance.corrects for circumstance in known}
    newest: dict[tuple[str, str, str], Circumstance] = {}
    for circumstance in sorted(
        (circumstance for circumstance in known if circumstance.number not in corrected), key=_beginning
    ):
        if circumstance.holds_in(month):
            newest[(circumstance.case_no, circumstance.person_no or "", circumstance.fact)] = circumstance
    return [newest[key] for key in sorted(newest)]


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
