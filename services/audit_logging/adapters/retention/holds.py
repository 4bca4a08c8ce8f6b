"""Queries of holds, and the one place that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, Table, insert, select

from services.audit_logging.adapters.retention.tables import hold_ends, holds
from services.audit_logging.domain.states import HOLD, HoldState
from shared.service_kit.problems import Problem

_ROWS: Final[Mapping[HoldState, Table]] = {"placed": holds, "ended": hold_ends}
"""The row by which a hold comes to a state."""


def move_hold(connection: Connection, to: HoldState, row: Mapping[str, Any]) -> None:
    """Write the row by which a hold comes to a state. Nothing else writes these rows.

    Raises:
        Problem: wrong-state where the state that it is in does not lead there.
    """
    if to not in HOLD[state_of(connection, row["hold_id"])]:
        raise Problem("wrong-state", field="state", detail="この保全は終わっています")
    connection.execute(insert(_ROWS[to]).values(**row))


def state_of(connection: Connection, hold_id: UUID) -> HoldState | None:
    """The state of a hold; None before it is placed."""
    row = connection.execute(hold_rows().where(holds.c.hold_id == hold_id)).mappings().one_or_none()
    return None if row is None else "ended" if row["ended_by"] else "placed"


def hold_rows() -> Select[Any]:
    """Holds with their ends."""
    return select(holds, hold_ends.c.ended_by, hold_ends.c.ended_at).outerjoin(
        hold_ends, hold_ends.c.hold_id == holds.c.hold_id
    )
