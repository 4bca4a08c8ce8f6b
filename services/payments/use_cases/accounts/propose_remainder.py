"""Propose what an approved import left out (残余の起案): accounts that were barred to one of its two people."""

from typing import Any
from uuid import UUID

from services.payments.adapters.accounts.import_list import ACCOUNTS_LEFT_OUT, import_view
from services.payments.adapters.accounts.restrictions import barred_to
from services.payments.adapters.deciding_services.positions import Positions, refuse_unread
from services.payments.adapters.sealed import ACCOUNTS
from services.payments.use_cases.accounts.propose_accounts import Payee, ReadAccounts, keep_accounts
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_LOCK = declare("payments.remainder")


def propose_remainder(work: UnitOfWork, import_id: UUID, positions: Positions) -> UUID:
    """Propose the left out accounts of an import as one's own, for another person to approve; each once.

    What is barred to the proposer is none of it: for them there is no such remainder.

    Args:
        positions: how far the deciding services had published just now: who is barred has to be known as far.

    Raises:
        Problem: unavailable where that is not read yet; not-found; wrong-state where nothing is left.
    """
    refuse_unread(work, positions)
    _LOCK.each(str(import_id)).hold(work.connection)
    import_view(work, import_id)
    asked = {"import_id": import_id, "barred": sorted(barred_to(work, {work.actor}))}
    rows = work.unseal(ACCOUNTS, work.connection.execute(ACCOUNTS_LEFT_OUT, asked).mappings().all())
    if not rows:
        raise Problem("wrong-state", field="state", detail="この取込に、別の組が決める口座は残っていません")
    return keep_accounts(work, ReadAccounts(payees=sorted(map(_payee, rows))), remainder_of=import_id)


def _payee(row: dict[str, Any]) -> Payee:
    return Payee(**{name: row[name] for name in Payee._fields if name != "line"}, line=0)
