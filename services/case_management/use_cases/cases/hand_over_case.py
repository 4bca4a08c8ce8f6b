"""Hand a case over (担当の引継ぎ): who is in charge of it from a day on; what it has to do goes with it."""

from dataclasses import dataclass
from datetime import date

from services.case_management.adapters.charges import Charge, put_in_charge
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters.circumstances import lock_circumstances, require_case
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.cases.record_circumstance import refuse_if_changed
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
        Problem: not-found; changed-meanwhile where something of the case was recorded since.
    """
    require_case(work, decisions, case_no)
    lock_circumstances(work)
    refuse_if_changed(all_of_case(work, decisions, case_no), over.seen)
    return put_in_charge(work, case_no, over.charge, over.first, "hand_over")
