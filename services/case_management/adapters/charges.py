"""Who is in charge of a case (地区担当), as a circumstance of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from services.case_management.adapters.assignments import approved
from services.case_management.adapters.tables import decisions
from shared.contracts.codes import CircumstanceReason
from shared.contracts.facts.decisions import CircumstanceRecorded
from shared.contracts.permissions import CASEWORKER
from shared.decisions.domain.circumstances import CHARGE
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Charge:
    """The district, and the caseworker where one is named."""

    district: str
    caseworker: str | None

    def data(self) -> dict[str, str]:
        """As the circumstance has it."""
        return {"district": self.district} | ({"caseworker": self.caseworker} if self.caseworker else {})


def refuse_unknown_staff(work: UnitOfWork, charge: Charge, day: date) -> None:
    """Refuse who does not work in the district on the day: a case in the charge of nobody would be seen by nobody.

    While the register of assignments names no caseworker of that day there is nothing to tell a slip of the pen by.

    Raises:
        Problem: invalid-input, with those who may be named.
    """
    held = [entry.assignment for entry in approved(work) if entry.assignment.holds_on(day)]
    caseworkers = [assignment for assignment in held if assignment.role == CASEWORKER]
    own = sorted({assignment.person for assignment in caseworkers if charge.district in assignment.districts})
    if charge.caseworker and caseworkers and charge.caseworker not in own:
        choice = f"次の中から入力してください: {'、'.join(own)}" if own else "この地区の担当員はいません"
        raise Problem("invalid-input", field="caseworker", detail=f"この日の地区の担当員ではありません。{choice}")


def put_in_charge(work: UnitOfWork, case_no: str, charge: Charge, first: date, reason: CircumstanceReason) -> int:
    """Record who is in charge from a day on; returns the number of the circumstance."""
    table = decisions.circumstances
    row = {
        "case_no": case_no,
        "fact": CHARGE,
        "valid_from": first,
        "recorded_at": work.clock.now(),
        "recorded_by": work.actor,
        "reason": reason,
        "data": charge.data(),
    }
    number = int(work.connection.execute(insert(table).values(**row).returning(table.c.number)).scalar_one())
    days = {"from": first, "to": None}
    event = CircumstanceRecorded(number=number, person_no=None, fact=CHARGE, corrects=None, reason=reason, **days)
    work.fact(event, subject=f"case:{case_no}")
    return number
