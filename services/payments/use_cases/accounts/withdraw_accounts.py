"""Take accounts back before they are approved (取込の取下げ・差戻し): they are paid into by nobody."""

from uuid import UUID

from sqlalchemy import update

from services.payments.adapters.accounts.import_list import locked_import
from services.payments.adapters.tables import account_imports
from shared.contracts.facts.imports import ImportWithdrawn
from shared.contracts.permissions import HEAD_OF_ACCOUNTING
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def withdraw_accounts(work: UnitOfWork, import_id: UUID, reason: str) -> None:
    """Take back an import that nobody approved: its proposer does, or a head of accounting who returns it.

    Args:
        reason: a code, for the log.

    Raises:
        Problem: not-found; wrong-state where it is approved or withdrawn; not-permitted for another accountant.
    """
    row = locked_import(work, import_id)
    if work.actor != row.proposer and not (work.caller and HEAD_OF_ACCOUNTING in work.caller.roles):
        raise Problem("not-permitted", detail="起案者だけが取り下げ、決裁者だけが差し戻せます")
    gone = {"state": "withdrawn", "withdrawn_by": work.actor, "withdrawn_at": work.clock.now()}
    work.connection.execute(update(account_imports).where(account_imports.c.import_id == import_id).values(gone))
    work.fact(ImportWithdrawn(import_id=import_id, reason=reason), subject=f"import:{import_id}")
