"""Taking an import back before it is approved (取込の取下げ・差戻し)."""

from typing import Final
from uuid import UUID

from sqlalchemy import insert

from shared.contracts.codes import TakenBack
from shared.contracts.facts.imports import ImportWithdrawn
from shared.contracts.permissions import ADMINISTRATOR, HEAD
from shared.decisions.adapters.import_state import LOAD, Import, get_import
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.use_cases.imports.approve_import import lock_import
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_NOT_OPEN: Final = "決裁されていない取込だけを取り下げられます"


def withdraw_import(work: UnitOfWork, tables: DecisionTables, import_id: UUID, reason: TakenBack) -> Import:
    """Take back an import that nobody approved, or whose loading failed: nothing of it is ever loaded.

    Its proposer does, a head who returns it, or an administrator where neither can.

    Raises:
        Problem: not-found; wrong-state where it is approved, being loaded, or withdrawn; not-permitted for another
            caseworker.
    """
    lock_import(work, import_id)
    proposed = get_import(work, tables, import_id)
    if proposed.state not in ("proposed", "failed"):
        raise Problem("wrong-state", field="state", detail=_NOT_OPEN)
    if work.actor != proposed.proposer and not (work.caller and {HEAD, ADMINISTRATOR}.intersection(work.caller.roles)):
        raise Problem("not-permitted", detail="起案者だけが取り下げ、決裁者か管理者だけが差し戻せます")
    chunks.close(work, LOAD, str(import_id))
    if get_import(work, tables, import_id).state == "approved":
        raise Problem("wrong-state", field="state", detail=_NOT_OPEN)
    work.connection.execute(
        insert(tables.import_withdrawals).values(
            import_id=import_id, withdrawn_by=work.actor, withdrawn_at=work.clock.now(), reason=reason
        ),
    )
    work.fact(ImportWithdrawn(import_id=import_id, reason=reason), subject=f"import:{import_id}")
    return get_import(work, tables, import_id)
