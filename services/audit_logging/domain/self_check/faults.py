"""What must hold when the log reads back what was written. Pure; a fault is a code that names nobody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.audit_logging.domain.log.leaf import FIELDS, Opening, commitment

Numbers = Mapping[str, int]
"""Numbers by stream ("payments.looks")."""


@dataclass(frozen=True)
class Counted:
    """Entries of one life (epoch) of a stream: how many, the first and last number, and the cursor where it goes on."""

    stream: str
    count: int
    first: int
    last: int
    cursor: int | None


@dataclass(frozen=True)
class Bad:
    """What does not hold, as a code that names nobody, and the first entry of which it does not."""

    code: str
    index: int


def first_of_each(faults: Iterable[Bad]) -> dict[str, int]:
    """The first entry under each code."""
    first: dict[str, int] = {}
    for bad in faults:
        first[bad.code] = min(bad.index, first.get(bad.code, bad.index))
    return dict(sorted(first.items()))


def position_faults(promised: Numbers, taken: Numbers, published: Numbers) -> list[str]:
    """Streams behind what their producer had published when the canary was written, or ahead of what it has now."""
    behind = [f"behind:{stream}" for stream in promised if taken.get(stream, 0) < promised[stream]]
    ahead = [f"ahead:{stream}" for stream in published if taken.get(stream, 0) > published[stream]]
    return sorted([*behind, *ahead])


def count_faults(streams: Iterable[Counted], size: int) -> list[str]:
    """Streams whose entries are not as many as their numbers say, and a tree that has others."""
    rows = list(streams)
    gaps = {f"gap:{row.stream}" for row in rows if row.count != row.last - row.first + 1}
    moved = {f"cursor:{row.stream}" for row in rows if row.cursor is not None and not _stands_right(row, rows)}
    first = {name: min(row.first for row in rows if row.stream == name and row.count) for name in _with_entries(rows)}
    begun = {f"gap:{name}" for name, number in first.items() if number != 1}
    others = ["entries"] if sum(row.count for row in rows) != size else []
    return sorted({*gaps, *moved, *begun}) + others


def _stands_right(row: Counted, rows: Iterable[Counted]) -> bool:
    """At its last entry; or, in a life without a fact yet, somewhere in an earlier one, which was cut there."""
    earlier = [other for other in rows if other is not row and other.stream == row.stream]
    begins = not row.count and any(other.first <= (row.cursor or 0) <= other.last for other in earlier)
    return row.cursor == row.last or begins


def opening_faults(leaf: bytes, openings: Mapping[str, Opening]) -> list[str]:
    """Openings that are gone, or do not open the commitments of the leaf."""
    committed = json.loads(leaf)["commitments"]
    return [f"opening:{field}" for field in FIELDS if not _opens(committed[field], openings.get(field))]


def _opens(committed: str, opening: Opening | None) -> bool:
    return opening is not None and commitment(*opening) == committed


def _with_entries(rows: Iterable[Counted]) -> set[str]:
    return {row.stream for row in rows if row.count}
