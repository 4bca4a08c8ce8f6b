"""Records opened in an emergency (緊急閲覧), on the first page of those who have to ask why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients.rooms import DECIDING, Notice, notices
from services.ui_gateway.clients.side_by_side import Answers, Question, of_each
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem

ROOMS: Final = (*DECIDING, "payments")


@dataclass(frozen=True)
class Emergencies:
    """What the rooms tell of the last days, newest first; `away` are those that do not answer."""

    items: Sequence[tuple[str, Notice]]
    away: Sequence[str]


def emergency_questions(visit: Visit) -> dict[Question, Callable[[], Any]]:
    """What to ask the rooms; nothing where it is not this person's to know."""
    return {("notices", room): partial(_notices, visit, room) for room in ROOMS if visit.may("break_glass.notice")}


def emergencies_of(told: Answers) -> Emergencies | None:
    """The answers; None where nothing was asked."""
    answers = of_each(told, "notices")
    if not answers:
        return None
    items = [(room, one) for room, told in answers.items() if not isinstance(told, Problem) for one in told]
    items.sort(key=lambda one: one[1].at, reverse=True)
    return Emergencies(items, [room for room, told in answers.items() if isinstance(told, Problem)])


def _notices(visit: Visit, room: str) -> list[Notice]:
    return notices(visit.room(room))
