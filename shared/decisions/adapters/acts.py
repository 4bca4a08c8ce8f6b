"""Taking an act back before it is approved (取下げ・差戻し)."""

from typing import Any, Final

from sqlalchemy import insert

from shared.contracts.facts.decisions import CollectiveWithdrawn
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.unit_of_work import UnitOfWork

MISSING: Final = "cases_missing"
"""Why the room itself gives an act up: somebody on assistance has no outcome, or nobody is determined."""


def write_withdrawal(work: UnitOfWork, tables: DecisionTables, act: Any, reason: str) -> None:
    """Note that an act came to nothing, and tell it; its drafts stay as they are, and nobody approves them."""
    work.session.execute(
        insert(tables.collective_withdrawals).values(
            collective_id=act.collective_id,
            withdrawn_by=work.actor,
            withdrawn_at=work.clock.now(),
            reason=reason,
        ),
    )
    told = CollectiveWithdrawn(collective_id=act.collective_id, month=act.month, reason=reason)
    work.fact(told, subject=f"collective:{act.collective_id}")
