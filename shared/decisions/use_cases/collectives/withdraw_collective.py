"""Take an act back before it is approved (一括決定の取下げ・差戻し)."""

from uuid import UUID

from shared.contracts.codes import TakenBack
from shared.decisions.adapters.acts import DETERMINE, lock_acts, write_withdrawal
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.use_cases.collectives.read_collectives import Collective, get_collective
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def withdraw_collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID, reason: TakenBack) -> Collective:
    """Take an act back: its proposer does, or a head who returns it.

    Raises:
        Problem: not-found; wrong-state where it is approved or withdrawn; not-permitted for another caseworker.
    """
    lock_acts(work)
    act = get_collective(work, tables, collective_id)
    if act.state not in ("drafting", "proposed", "failed") or act.approver:
        raise Problem("wrong-state", field="state", detail="決裁されていない一括決定だけを取り下げられます")
    head = work.caller is not None and work.caller.may("determination.approve", work.runtime.permissions)
    if work.actor != act.proposer and not head:
        raise Problem("not-permitted", detail="起案者だけが取り下げ、決裁者だけが差し戻せます")
    chunks.close(work, DETERMINE, str(collective_id))
    write_withdrawal(work, tables, act, reason)
    return get_collective(work, tables, collective_id)
