"""Acts that determine the office as one (一括決定) in the database: one at a time, cut into chunks, ended once."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, or_, select

from shared.contracts.codes import GivenUp, TakenBack
from shared.contracts.facts.decisions import CollectiveWithdrawn
from shared.decisions.adapters.circumstances import case_ranges
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

CHUNK: Final = 500
"""Cases a chunk."""
DETERMINE: Final = "determine"
"""The kit's job of drafting; its id is the collective's."""
APPROVE: Final = "approve"
"""The kit's job of carrying out an approval; its id is the collective's."""
MISSING: Final[GivenUp] = "cases_missing"
"""Why the service itself gives an act up: somebody on assistance has no outcome, or nobody is determined."""
_ACTS = declare("decisions.acts")


def lock_acts(work: UnitOfWork) -> None:
    """Wait until nobody else opens, approves or withdraws an act: two never replace the same determination."""
    _ACTS.hold(work.connection)


def act_of(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> Any:
    """Return the row of an act that there is."""
    table = tables.collectives
    return work.connection.execute(select(table).where(table.c.collective_id == collective_id)).one()


def act_name(collective_id: UUID, month: str) -> str:
    """Return an act as its hash names it."""
    return f"{collective_id}/{month}"


def is_over(tables: DecisionTables) -> ColumnElement[bool]:
    """Whether an act of `collectives` is carried out, or came to nothing."""
    act, ends = tables.collectives, (tables.collective_completions, tables.collective_withdrawals)
    return or_(
        *(
            select(end.c.collective_id).where(end.c.collective_id == act.c.collective_id).correlate(act).exists()
            for end in ends
        ),
    )


def chunk_ranges(work: UnitOfWork, tables: DecisionTables) -> list[dict[str, str]]:
    """Return all cases cut into ranges of a chunk's size."""
    return case_ranges(work, tables, CHUNK)


def leave_out(work: UnitOfWork, tables: DecisionTables, collective_id: UUID, case_nos: list[str]) -> None:
    """Note cases that stay out of an act: the next one, of another pair, takes them up."""
    rows = [(collective_id, case_no) for case_no in case_nos]
    work.copy(tables.collective_left_out, rows, ("collective_id", "case_no"))


def write_withdrawal(work: UnitOfWork, tables: DecisionTables, act: Any, reason: TakenBack | GivenUp) -> None:
    """Note that an act came to nothing, and publish it; its drafts stay as they are, and nobody approves them."""
    work.connection.execute(
        insert(tables.collective_withdrawals).values(
            collective_id=act.collective_id,
            withdrawn_by=work.actor,
            withdrawn_at=work.clock.now(),
            reason=reason,
        ),
    )
    event = CollectiveWithdrawn(collective_id=act.collective_id, month=act.month, reason=reason)
    work.fact(event, subject=f"collective:{act.collective_id}")
