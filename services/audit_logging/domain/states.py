"""The state machines of the log: deletions, holds, findings, and what an entry still says. Pure.

No row is ever changed: a state is read from the rows that are there, and a step is one row more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

DeletionState = Literal["proposed", "approved", "deleted"]
HoldState = Literal["placed", "ended"]
FindingState = Literal["open", "reviewed"]
EntryState = Literal["readable", "unreadable", "deleted", "refilled", "missing"]

DELETION: Final[Mapping[DeletionState | None, frozenset[DeletionState]]] = {
    None: frozenset({"proposed"}),
    "proposed": frozenset({"approved"}),
    "approved": frozenset({"deleted"}),
    "deleted": frozenset(),
}
"""A deletion of openings. Before its approval nothing goes; it is deleted once its notice is in the log."""

HOLD: Final[Mapping[HoldState | None, frozenset[HoldState]]] = {
    None: frozenset({"placed"}),
    "placed": frozenset({"ended"}),
    "ended": frozenset(),
}
"""A hold (保全). Another person ends it than who placed it; what it covered is held no more."""

FINDING: Final[Mapping[FindingState | None, frozenset[FindingState]]] = {
    None: frozenset({"open"}),
    "open": frozenset({"reviewed"}),
    "reviewed": frozenset({"open", "reviewed"}),
}
"""A finding. A review covers the entries up to one of them; an entry that comes later opens the finding again."""

ENTRY: Final[Mapping[EntryState | None, frozenset[EntryState]]] = {
    None: frozenset({"readable", "refilled"}),
    "readable": frozenset({"deleted", "unreadable", "missing"}),
    "refilled": frozenset(),
    "deleted": frozenset(),
    "unreadable": frozenset({"deleted"}),
    "missing": frozenset(),
}
"""What an entry says. It is appended with its openings, or refilled without them. Its leaf never changes.

`unreadable` and `missing` are faults: openings went, or say what no fact says, without a deletion.
"""
