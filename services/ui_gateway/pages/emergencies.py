"""Records opened in an emergency (緊急閲覧), on the first page of those who have to ask why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.ui_gateway.clients.rooms import DECIDING, Notice, notices
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem

ROOMS: Final = (*DECIDING, "payments")


@dataclass(frozen=True)
class Emergencies:
    """What the rooms tell of the last days, newest first; `away` are those that do not answer."""

    items: Sequence[tuple[str, Notice]]
    away: Sequence[str]


def read_emergencies(visit: Visit) -> Emergencies | None:
    """Ask the rooms; None where it is not this person's to know."""
    if not visit.may("break_glass.notice"):
        return None
    items: list[tuple[str, Notice]] = []
    away: list[str] = []
    for room in ROOMS:
        try:
            items += [(room, one) for one in notices(visit.room(room))]
        except Problem as problem:
            if problem.status != 503:
                raise
            away.append(room)
    items.sort(key=lambda one: one[1].at, reverse=True)
    return Emergencies(items, away)
