"""What a household is entitled to and was paid, as payments has it; yen."""

from datetime import date

from services.ui_gateway.clients.views import View
from shared.service_kit.service_client import ServiceClient


class Entitlement(View):
    """Yen of one month and kind; held ones are ordered by nobody, overpaid ones are claimed or set off."""

    month: str
    kind: str
    yen: int
    state: str
    ordered: int
    overpaid: int


class Transfer(View):
    """One attempt to pay; of an account the last three digits."""

    month: str
    run_kind: str
    payment_date: date
    channel: str
    yen: int
    state: str
    bank_name: str | None
    branch_name: str | None
    account_end: str | None


class CasePayments(View):
    """Entitlements and transfers of a case, newest first."""

    entitlements: list[Entitlement]
    transfers: list[Transfer]

    @property
    def held(self) -> list[Entitlement]:
        """What is owed and ordered by nobody, since another case covers the same days."""
        return [entitled for entitled in self.entitlements if entitled.state == "held"]

    @property
    def overpaid(self) -> list[Entitlement]:
        """What was ordered and is owed no more."""
        return [entitled for entitled in self.entitlements if entitled.overpaid]


def case_payments(service: ServiceClient, case_no: str, purpose: str) -> CasePayments:
    """What a case is entitled to and was paid."""
    return CasePayments.model_validate(service.get(f"/cases/{case_no}/payments", {"purpose": purpose}))
