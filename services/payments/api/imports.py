"""Accounts handed in and approved."""

from uuid import UUID

from services.payments.adapters.accounts.import_list import import_view, list_imports
from services.payments.adapters.deciding_services.positions import Positions, published_positions
from services.payments.api.schemas import ApprovalBody, ImportItem, ImportList, ImportView, Withdraw
from services.payments.use_cases.accounts.approve_accounts import approve_accounts
from services.payments.use_cases.accounts.propose_accounts import ReadAccounts, propose_accounts, read_accounts
from services.payments.use_cases.accounts.propose_remainder import propose_remainder
from services.payments.use_cases.accounts.withdraw_accounts import withdraw_accounts
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("imports")


@routes.post("/imports", permission="account.propose", upload=read_accounts, status=201, ask=published_positions)
def propose_import(work: UnitOfWork, files: ReadAccounts, asked: Positions) -> ImportView:
    """Hand in accounts.csv and sender.csv; all faults come back at once, and nothing is kept on a fault."""
    return ImportView(**import_view(work, propose_accounts(work, files, asked)))


@routes.post("/imports/<import_id>/approval", permission="account.approve", approval=True, ask=published_positions)
def approve_import(work: UnitOfWork, import_id: UUID, body: ApprovalBody, asked: Positions) -> ImportView:
    """Approve accounts by their hash; another person than who handed them in."""
    approve_accounts(work, import_id, body.sha256, asked)
    return ImportView(**import_view(work, import_id))


@routes.post("/imports/<import_id>/remainder", permission="account.propose", status=201, ask=published_positions)
def propose_import_remainder(work: UnitOfWork, import_id: UUID, asked: Positions) -> ImportView:
    """Propose what an approved import left out, since it was barred to one of its two people; another approves it."""
    return ImportView(**import_view(work, propose_remainder(work, import_id, asked)))


@routes.post("/imports/<import_id>/withdrawal", permission="account.withdraw")
def withdraw_import(work: UnitOfWork, import_id: UUID, body: Withdraw) -> ImportView:
    """Take accounts back before they are approved (取下げ), or return them to their proposer (差戻し)."""
    withdraw_accounts(work, import_id, body.reason)
    return ImportView(**import_view(work, import_id))


@routes.get("/imports", permission="account.read")
def list_account_imports(work: UnitOfWork) -> ImportList:
    """All imports that wait, with what they would change, then the newest."""
    return ImportList(items=[ImportItem(**row) for row in list_imports(work)])


@routes.get("/imports/<import_id>", permission="account.read")
def read_import(work: UnitOfWork, import_id: UUID) -> ImportView:
    """An import and who approved it."""
    return ImportView(**import_view(work, import_id))
