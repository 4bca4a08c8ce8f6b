"""Who is in charge of a case (地区担当), as a circumstance of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from services.case_management.adapters.tables import decisions
from shared.contracts.codes import CircumstanceReason
from shared.contracts.facts.decisions import CircumstanceRecorded
from shared.decisions.domain.circumstances import CHARGE
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Charge:
    """The district, and the caseworker where one is named."""

    district: str
    caseworker: str | None

    def data(self) -> dict[str, str]:
        """As the circumstance has it."""
        return {"district": self.district} | ({"caseworker": self.caseworker} if self.caseworker else {})


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
