"""What a case was and is paid."""

from services.payments.adapters.deciding_services.case_record import ask_case_record
from services.payments.adapters.entitlements.case_payments import case_payments
from services.payments.api.schemas import CasePayments, PurposeQuery
from shared.access.deciding_services import asked_record
from shared.access.records import Record
from shared.service_kit.http.routing import Routes
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("cases")


@routes.get(
    "/cases/<case_no>/payments", permission="case.read", query=PurposeQuery, of=asked_record, ask=ask_case_record
)
def read_case_payments(work: UnitOfWork, case_no: str, query: PurposeQuery, asked: Record) -> CasePayments:
    """What a case is entitled to and was paid; the look is audited before it is answered."""
    if not (len(case_no) == 8 and case_no.isascii() and case_no.isdigit()):
        raise Problem("invalid-input", field="case_no", detail="ケース番号は8桁の数字です")
    work.look("case_payments", [asked.subject], query.purpose)
    return CasePayments(**case_payments(work, case_no))
