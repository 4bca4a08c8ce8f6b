"""Which cases were shielded (支援措置) on a day, as far as the log was told. Pure."""

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
    told = list(shields)
    lifted = {one.lifts for one in told if one.lifts and one.first <= day}
    return {
        one.case
        for one in told
        if not one.lifts
        and one.restriction_id not in lifted
        and one.first <= day
        and (one.last is None or day <= one.last)
    }
