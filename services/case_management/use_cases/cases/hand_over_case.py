"""Hand a case over (担当の引継ぎ): who is in charge of it from a day on; what it has to do goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.case_management.adapters.charges import Charge, put_in_charge, refuse_unknown_staff
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters.circumstances import lock_circumstances, require_case
from shared.decisions.adapters.scope import case_records
from shared.decisions.domain.circumstances import CHARGE, Circumstance
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.cases.record_circumstance import refuse_if_changed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom a case goes from which day on; `seen` is the number of the newest circumstance that its writer saw."""

    charge: Charge
    first: date
    seen: int


def hand_over_case(work: UnitOfWork, case_no: str, over: HandOver) -> int:
    """Record who is in charge from a day on; returns the number of the circumstance. The past stays as it was.

    Raises:
        Problem: not-found; changed-meanwhile where something of the case was recorded since; invalid-input where
            somebody is in charge since a later day, nobody is named for a shielded case, or who is named is no
            caseworker of the district on the day.
    """
    require_case(work, decisions, case_no)
    lock_circumstances(work)
    known = all_of_case(work, decisions, case_no)
    refuse_if_changed(known, over.seen)
    _refuse_before_the_standing_one(known, over.first)
    if not over.charge.caseworker and case_records(work, decisions, [case_no])[case_no].shielded:
        detail = "支援措置の対象の世帯です。担当員だけが見られるように、担当員を入力してください"
        raise Problem("invalid-input", field="caseworker", detail=detail)
    refuse_unknown_staff(work, over.charge, over.first)
    return put_in_charge(work, case_no, over.charge, over.first, "hand_over")


def _refuse_before_the_standing_one(known: Sequence[Circumstance], first: date) -> None:
    """Of two charges the one that began last holds: an earlier one would change nothing."""
    corrected = {circumstance.corrects for circumstance in known}
    charges = [fact for fact in known if fact.fact == CHARGE and fact.number not in corrected]
    if any(charge.valid_from and charge.valid_from > first for charge in charges):
        detail = "この日より後から担当している人がいます。その日より後の日を入力してください"
        raise Problem("invalid-input", field="from", detail=detail)
