"""A look as the privacy board reads it: one row of a table, made of nothing but the leaf and its openings. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from services.audit_logging.domain.search.search_entry import LOOK, TOKYO

BREAK_GLASS: Final = "break_glass.v1"
HEADER: Final = ("番号", "日時", "職員", "種類", "見たもの", "対象", "目的", "緊急閲覧", "システム")
MOST_SUBJECTS: Final = 500
"""Named in one cell: a spreadsheet cuts a cell after 32,767 characters; the openings have them all."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class AccessRow:
    """Who (職員) looked at what of whom (対象), when (日時, Tokyo), and why (目的)."""

    index: int
    at: datetime
    actor: str
    type: str
    what: str
    subjects: tuple[str, ...]
    purpose: str
    break_glass: str
    producer: str

    def cells(self) -> list[str]:
        """The row; no cell begins like a formula, which a spreadsheet would run."""
        at = f"{self.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"
        more = len(self.subjects) - MOST_SUBJECTS
        subjects = " ".join([*self.subjects[:MOST_SUBJECTS], *([f"…ほか{more}"] if more > 0 else [])])
        plain = (at, self.actor, self.type, self.what, subjects, self.purpose, self.break_glass, self.producer)
        return [str(self.index), *(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in plain)]


def access_row(index: int, leaf: Mapping[str, Any], actor: str, data: Mapping[str, Any]) -> AccessRow:
    """The row of a look, or of an emergency (緊急閲覧), whose purpose is its reason."""
    is_look = leaf["type"] == LOOK
    return AccessRow(
        index=index,
        at=datetime.strptime(leaf["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
        actor=actor,
        type=leaf["type"],
        what=str(data["what"]) if is_look else "",
        subjects=tuple(data["subjects"]) if is_look else (str(data["subject"]),),
        purpose=str(data["purpose"] if is_look else data["reason"]),
        break_glass=str((data["break_glass"] if is_look else data["break_glass_id"]) or ""),
        producer=leaf["producer"],
    )
