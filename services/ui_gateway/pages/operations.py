"""The operator's page: what stands still in any service (滞留), since when and why, and its release.

Beside it stands what is no piece of work: bank files that are not as they were stored, files that are not ours, and
entries of the log that neither search nor review can show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from services.ui_gateway.clients.parallel import Answers, Question, ask_all, of_each, parted
from services.ui_gateway.clients.parked import Parked, Upkeep, parked_in, release, upkeep_of
from services.ui_gateway.pages import labels
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
OPERATIONS: Final = "/operations"
COUNTING: Final = ("payments", "audit_logging")
"""Services that count what else needs a person: bank files, and entries of the log."""


@dataclass(frozen=True)
class Standing:
    """What stands still, by service; ``away`` are those that do not answer, with what they said."""

    items: Mapping[str, list[Parked]]
    away: Mapping[str, Problem]

    @property
    def count(self) -> int:
        """How many things stand still in the services that answered."""
        return sum(len(items) for items in self.items.values())


def standing_questions(request: PageRequest) -> dict[Question, Callable[[], Any]]:
    """What to ask all services; nothing where it is not this person's to know."""
    if not request.may("parked.read"):
        return {}
    return {("parked", name): partial(_parked, request, name) for name in _services(request)}


def standing_of(answers: Answers) -> Standing | None:
    """The answers; None where nothing was asked."""
    by_service = of_each(answers, "parked")
    return Standing(*parted(by_service)) if by_service else None


def upkeep_in(answers: Answers) -> dict[str, int]:
    """What else needs a person, by kind, in the services that answered."""
    counted = [name for name, field in Upkeep.model_fields.items() if field.annotation is int]
    return {name: sum(getattr(upkeep, name) for upkeep in _upkeep_known(answers)) for name in counted}


def _upkeep_known(answers: Answers) -> list[Upkeep]:
    return [answer for answer in of_each(answers, "upkeep").values() if isinstance(answer, Upkeep)]


@pages.get(OPERATIONS, permission="parked.read")
def show_operations(request: PageRequest) -> PageResult:
    """What stands still, oldest first in each service."""
    answers = ask_all({**standing_questions(request), **upkeep_questions(request)})
    standing, upkeep = standing_of(answers) or Standing({}, {}), upkeep_in(answers)
    uncounted = sorted(name for name, answer in of_each(answers, "upkeep").items() if isinstance(answer, Problem))
    unknown = [name for upkeep_of_service in _upkeep_known(answers) for name in upkeep_of_service.unknown_files]
    body = {
        "services": {name: [item.raw() for item in items] for name, items in standing.items.items()},
        **upkeep,
        "unknown_files": unknown,
        "away": sorted({*standing.away, *uncounted}),
    }
    values = {"standing": standing, "upkeep": upkeep, "unknown_files": unknown, "uncounted": uncounted}
    return PageResult("operations.html", values, body)


@pages.act(f"{OPERATIONS}/release", permission="parked.release", correlation=fresh)
def release_parked(request: PageRequest) -> ActResult:
    """Have one thing tried again, and what waits behind it."""
    service = request.sent_field("service", choices=frozenset(_services(request)))
    try:
        fact_id = UUID(request.sent_field("fact_id"))
    except ValueError:
        raise Problem("invalid-input", field="fact_id", detail="画面を開き直してください") from None
    released = release(request.client(service), fact_id, request.key)
    message = f"{labels.SERVICES[service]}の滞留を{released:,}件、もう一度処理に戻しました。"
    return ActResult(OPERATIONS, message, {"service": service, "released": released})


def _services(request: PageRequest) -> list[str]:
    """The other services of this office."""
    own = request.gateway.runtime
    return [name for name in own.settings.peers if name != own.name]


def upkeep_questions(request: PageRequest) -> dict[Question, Callable[[], Any]]:
    """What to ask the services that count what else needs a person; nothing where it is not this person's to know."""
    if not request.may("parked.read"):
        return {}
    return {("upkeep", name): partial(_upkeep, request, name) for name in _services(request) if name in COUNTING}


def _upkeep(request: PageRequest, service: str) -> Upkeep:
    return upkeep_of(request.client(service))


def _parked(request: PageRequest, service: str) -> list[Parked]:
    return parked_in(request.client(service))
