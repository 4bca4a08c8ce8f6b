"""Files that were handed in (取込): what a service says of them, and their approval by another person."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class Differences(View):
    """How an import differs from what holds: cases, or accounts.

    Accounts: ``to_cash_desk`` have no account any more; ``unknown`` are of cases of which no determination under the
    account's programme has reached payments: there may be one, of the other programme or still on its way.
    """

    added: int
    changed: int
    ended: int = 0
    to_cash_desk: int = 0
    unknown: int = 0
    unknown_cases: list[str] = Field(default_factory=list)


class Returned(View):
    """Why an import that was approved could not be loaded, and waits for an approval again."""

    detail: str
    returned_at: datetime


class Import(View):
    """An import and how far it is; ``rows`` of all its files, ``left_out`` of them for another pair of people."""

    import_id: UUID
    state: str
    sha256: str
    rows: int
    kind: str = "ward"
    households: int | None = None
    persons: int | None = None
    left_out: int = 0
    differences: Differences | None = None
    proposer: str
    approver: str | None
    withdrawn_by: str | None = None
    proposed_at: datetime | None = None
    problem: Returned | None = None

    @property
    def returned_by(self) -> str | None:
        """Who returned it to its proposer (差戻し); None where nobody did, or the proposer took it back."""
        return self.withdrawn_by if self.withdrawn_by != self.proposer else None


def imports(service: ServiceClient) -> list[Import]:
    """All imports of a service that wait, then the newest."""
    return [Import.model_validate(item) for item in service.get("/imports")["items"]]


def one_import(service: ServiceClient, import_id: UUID) -> Import:
    """One import."""
    return Import.model_validate(service.get(f"/imports/{import_id}"))


def withdraw_import(service: ServiceClient, import_id: UUID, reason: str, key: str) -> Import:
    """Take an import back before it is approved, or return it."""
    path = f"/imports/{import_id}/withdrawal"
    return Import.model_validate(service.post(path, json={"reason": reason}, key=key_for(key, service.name)))


def approve_import(service: ServiceClient, import_id: UUID, sha256: str, key: str) -> Import:
    """Approve an import by its hash."""
    path = f"/imports/{import_id}/approval"
    return Import.model_validate(service.post(path, json={"sha256": sha256}, key=key_for(key, service.name)))


def propose_remainder(payments: ServiceClient, import_id: UUID, key: str) -> Import:
    """Propose the accounts that an approved import left out, as one's own."""
    path = f"/imports/{import_id}/remainder"
    return Import.model_validate(payments.post(path, key=key_for(key, payments.name)))
