"""Records opened in an emergency (緊急閲覧), on the first page of those who have to ask why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients.deciding import DECIDING
from services.ui_gateway.clients.parallel import Answers, Question, of_each, parted
from services.ui_gateway.clients.views import Notice, notices
from services.ui_gateway.routing.page_request import PageRequest

SERVICES: Final = (*DECIDING, "payments")


@dataclass(frozen=True)
class Emergencies:
    """What the services tell of the last days, newest first; `away` are those that do not answer."""

    items: Sequence[tuple[str, Notice]]
    away: Sequence[str]


def emergency_questions(request: PageRequest) -> dict[Question, Callable[[], Any]]:
    """What to ask the services; nothing where it is not this person's to know."""
    if not request.may("break_glass.notice"):
        return {}
    return {("notices", service): partial(_notices, request, service) for service in SERVICES}


def emergencies_of(answers: Answers) -> Emergencies | None:
    """The answers; None where nothing was asked."""
    by_service = of_each(answers, "notices")
    if not by_service:
        return None
    known, away = parted(by_service)
    items = [(service, notice) for service, notices in known.items() for notice in notices]
    return Emergencies(sorted(items, key=lambda item: item[1].at, reverse=True), list(away))


def _notices(request: PageRequest, service: str) -> list[Notice]:
    return notices(request.client(service))
