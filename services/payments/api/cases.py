"""What a case was and is paid."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.payments.adapters.deciding_services.case_record import case_record
from services.payments.adapters.entitlements.case_payments import case_payments
from shared.contracts.purposes import Purpose
from shared.service_kit.http.routing import Routes
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("cases")


class PurposeQuery(BaseModel):
    """Why somebody looks."""

    purpose: Purpose


class EntitlementView(BaseModel):
    """Yen of one month and kind as the newest determination grants it; held ones are ordered by nobody."""

    month: str
    kind: str
    programme: str
    yen: int
    state: str
    ordered: int
    overpaid: int
    claimed: int


class TransferView(BaseModel):
    """One attempt to pay; an account is shown by its last three digits."""

    transfer_id: UUID
    run_id: UUID
    month: str
    run_kind: str
    payment_date: date
    channel: str
    yen: int
    state: str
    bank_name: str | None
    branch_name: str | None
    account_end: str | None


class CasePayments(BaseModel):
    """Entitlements and transfers of a case, newest first."""

    case_no: str
    entitlements: list[EntitlementView]
    transfers: list[TransferView]


@routes.get("/cases/<case_no>/payments", permission="case.read", query=PurposeQuery, of=case_record)
def get_case_payments(work: UnitOfWork, case_no: str, query: PurposeQuery) -> CasePayments:
    """What a case is entitled to and was paid; the look is audited before it is answered."""
    if not (len(case_no) == 8 and case_no.isascii() and case_no.isdigit()):
        raise Problem("invalid-input", field="case_no", detail="ケース番号は8桁の数字です")
    work.look("case_payments", [f"case:{case_no}"], query.purpose)
    return CasePayments(**case_payments(work, case_no))
