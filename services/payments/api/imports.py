"""Accounts handed in and approved."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.payments.adapters.accounts.import_list import import_view, list_imports
from services.payments.adapters.deciding_services.positions import Told, told_by_now
from services.payments.use_cases.accounts.approve_accounts import approve_accounts
from services.payments.use_cases.accounts.propose_accounts import ReadAccounts, propose_accounts, read_accounts
from services.payments.use_cases.accounts.propose_remainder import propose_remainder
from services.payments.use_cases.accounts.withdraw_accounts import withdraw_accounts
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("imports")


class ApprovalBody(BaseModel):
    """The SHA-256 of what is approved, as it was shown."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Withdraw(BaseModel):
    """Why an import is taken back by its proposer, or returned by a head of accounting (``returned``)."""

    model_config = ConfigDict(extra="forbid")
    reason: Literal["mistake", "facts_changed", "returned"]


class ImportView(BaseModel):
    """An import of accounts.

    left_out: accounts of cases that are barred to one of its two people (除斥), as far as the caller may know of them:
    its approval does not cover them, and another pair decides them. remainder_of: the import whose ones it decides.
    """

    import_id: UUID
    state: str
    rows: int
    left_out: int
    remainder_of: UUID | None
    sha256: str
    proposer: str
    approver: str | None
    proposed_at: datetime
    approved_at: datetime | None
    withdrawn_by: str | None


class Differences(BaseModel):
    """Accounts that an import would change of what holds.

    added: of cases without one; changed: of cases that have one; to_cash_desk: from an account to the cash desk;
    unknown: of cases of which nothing was determined under their programme, the first hundred in ``unknown_cases``.
    """

    added: int
    changed: int
    to_cash_desk: int
    unknown: int
    unknown_cases: list[str]


class ImportItem(ImportView):
    """An import in the list; while it waits with what it would change."""

    differences: Differences | None


class ImportList(BaseModel):
    """All imports that wait, then the newest, each newest first."""

    items: list[ImportItem]


@routes.post("/imports", permission="account.propose", upload=read_accounts, status=201, ask=told_by_now)
def post_import(work: UnitOfWork, files: ReadAccounts, asked: Told) -> ImportView:
    """Hand in accounts.csv and sender.csv; all faults come back at once, and nothing is kept on a fault."""
    return ImportView(**import_view(work, propose_accounts(work, files, asked)))


@routes.post("/imports/<import_id>/approval", permission="account.approve", approval=True, ask=told_by_now)
def post_import_approval(work: UnitOfWork, import_id: UUID, body: ApprovalBody, asked: Told) -> ImportView:
    """Approve accounts by their hash; another person than who handed them in."""
    approve_accounts(work, import_id, body.sha256, asked)
    return ImportView(**import_view(work, import_id))


@routes.post("/imports/<import_id>/remainder", permission="account.propose", status=201, ask=told_by_now)
def post_import_remainder(work: UnitOfWork, import_id: UUID, asked: Told) -> ImportView:
    """Propose what an approved import left out, since it was barred to one of its two people; another approves it."""
    return ImportView(**import_view(work, propose_remainder(work, import_id, asked)))


@routes.post("/imports/<import_id>/withdrawal", permission="account.withdraw")
def post_import_withdrawal(work: UnitOfWork, import_id: UUID, body: Withdraw) -> ImportView:
    """Take accounts back before they are approved (取下げ), or return them to their proposer (差戻し)."""
    withdraw_accounts(work, import_id, body.reason)
    return ImportView(**import_view(work, import_id))


@routes.get("/imports", permission="account.read")
def get_imports(work: UnitOfWork) -> ImportList:
    """All imports that wait, with what they would change, then the newest."""
    return ImportList(items=[ImportItem(**one) for one in list_imports(work)])


@routes.get("/imports/<import_id>", permission="account.read")
def get_import(work: UnitOfWork, import_id: UUID) -> ImportView:
    """An import and who approved it."""
    return ImportView(**import_view(work, import_id))
