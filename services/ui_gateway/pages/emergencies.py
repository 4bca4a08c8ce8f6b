"""Records opened in an emergency (緊急閲覧), on the first page of those who have to ask why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from services.ui_gateway.clients.rooms import DECIDING, Notice, notices
from services.ui_gateway.clients.side_by_side import ask_all
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
    answers = ask_all({room: partial(_notices, visit, room) for room in ROOMS})
    items = [(room, one) for room, told in answers.items() if not isinstance(told, Problem) for one in told]
    items.sort(key=lambda one: one[1].at, reverse=True)
    return Emergencies(items, [room for room, told in answers.items() if isinstance(told, Problem)])


def _notices(visit: Visit, room: str) -> list[Notice]:
    return notices(visit.room(room))
