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
    corrected = {one.corrects for one in known}
    newest: dict[tuple[str, str, str], Circumstance] = {}
    for one in sorted((one for one in known if one.number not in corrected), key=_beginning):
        if one.holds_in(month):
            newest[(one.case_no, one.person_no or "", one.fact)] = one
    return [newest[key] for key in sorted(newest)]


def _beginning(one: Circumstance) -> tuple[date, int]:
    return one.valid_from or date.min, one.number


def charge_on(charges: Iterable[Circumstance], day: date) -> Data:
    """Whose case it is on a day: of the uncorrected charges the one that began last, else the first one to come.

    A charge has no end of its own: an ended case stays with who had it last.
    """
    all_ = list(charges)
    corrected = {one.corrects for one in all_}
    standing = sorted((one for one in all_ if one.number not in corrected), key=_beginning)
    begun = [one for one in standing if one.valid_from is None or one.valid_from <= day]
    return begun[-1].data if begun else standing[0].data if standing else {}


def records(circumstances: Sequence[Circumstance], month: Month) -> list[Record]:
    """Cases as flat records for the rules: ``id``, ``from``/``to`` inside the month, facts, ``members``.

    A case of which no fact of its own holds is none, whatever is known of its members. ``from`` and ``to`` are there
    only where the case's own facts begin or end inside the month.
    """
    cases: dict[str, Record] = {}
    for one in circumstances:
        if one.person_no is None and one.fact != CHARGE:
            case = cases.setdefault(one.case_no, {"id": one.case_no, "members": []})
            case.update(one.data)
            case.update(_clipped(one, month))
    members: dict[tuple[str, str], Record] = {}
    for one in circumstances:
        if one.person_no is None or one.case_no not in cases:
            continue
        case = cases[one.case_no]
        member = members.get((one.case_no, one.person_no))
        if member is None:
            member = members[(one.case_no, one.person_no)] = {"id": one.person_no}
            case["members"].append(member)
        member.update(one.data)
    return list(cases.values())


def _clipped(one: Circumstance, month: Month) -> dict[str, str]:
    clipped = {}
    if one.valid_from is not None and one.valid_from > first_day(month):
        clipped["from"] = one.valid_from.isoformat()
    if one.valid_to is not None and one.valid_to < last_day(month):
        clipped["to"] = one.valid_to.isoformat()
    return clipped
