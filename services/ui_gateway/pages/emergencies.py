"""Records opened in an emergency (緊急閲覧), on the first page of those who have to ask why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients.deciding import DECIDING
from services.ui_gateway.clients.parallel import Answers, Question, of_each
from services.ui_gateway.clients.views import Notice, notices
from services.ui_gateway.routing.page_request import PageRequest
from shared.service_kit.problems import Problem

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


def emergencies_of(told: Answers) -> Emergencies | None:
    """The answers; None where nothing was asked."""
    answers = of_each(told, "notices")
    if not answers:
        return None
    items = [(service, one) for service, told in answers.items() if not isinstance(told, Problem) for one in told]
    items.sort(key=lambda one: one[1].at, reverse=True)
    return Emergencies(items, [service for service, told in answers.items() if isinstance(told, Problem)])


def _notices(request: PageRequest, service: str) -> list[Notice]:
    return notices(request.client(service))
