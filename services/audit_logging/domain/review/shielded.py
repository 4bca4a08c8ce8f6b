"""Which cases were shielded (支援措置) on a day, as far as the log has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Shield:
    """A restriction approved for a case, first and last day included; with `lifts` it ends another one instead."""

    restriction_id: str
    case: str
    first: date
    last: date | None
    lifts: str | None


def read_shield(case: str, data: Mapping[str, Any]) -> Shield | None:
    """The shield that an approved restriction says; None where it bars one of the staff."""
    if data["kind"] != "shielded":
        return None
    last = date.fromisoformat(data["to"]) if data["to"] else None
    return Shield(data["restriction_id"], case, date.fromisoformat(data["from"]), last, data["lifts"])


def shielded_on(shields: Iterable[Shield], day: date) -> set[str]:
    """The cases that are shielded on this day."""
    known = list(shields)
    lifted = {shield.lifts for shield in known if shield.lifts and shield.first <= day}
    return {
        shield.case
        for shield in known
        if not shield.lifts
        and shield.restriction_id not in lifted
        and shield.first <= day
        and (shield.last is None or day <= shield.last)
    }
