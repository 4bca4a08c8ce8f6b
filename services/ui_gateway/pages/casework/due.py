"""What is due (期限): applications by their limits, promises and declarations, unsigned notes, expiries and ages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import flask

from services.ui_gateway.clients import intake
from services.ui_gateway.clients.casework.notes import unsigned_notes
from services.ui_gateway.clients.casework.tasks import due_tasks, upcoming
from services.ui_gateway.clients.parallel import Answers, Question, ask_all
from services.ui_gateway.pages.casework.due_tables import NOTES, TASKS, UPCOMING
from services.ui_gateway.pages.people.register_tables import OPEN_APPLICATIONS
from services.ui_gateway.routing.listed_answers import page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import Download, PageResult
from services.ui_gateway.tables.table import Listed
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"
SERVICE: Final = "case_management"
DUE: Final = "/due"
SHOWN: Final = 10
"""Lines of each kind on the first page; all of them have a page of their own."""
_LISTS: Final = {
    "tasks": ("due_tasks", TASKS),
    "notes": ("unsigned_notes", NOTES),
    "upcoming": ("upcoming", UPCOMING),
    "applications": ("due_applications", OPEN_APPLICATIONS),
}
"""What is asked of the service for each of the parts, and the list that it becomes."""


@dataclass(frozen=True)
class Due:
    """What is due for this person: each the answer, its problem where the service is away, or None where not asked."""

    applications: Any
    tasks: Any
    notes: Any
    upcoming: Any
    lists: Mapping[str, Listed]
    """Those that were answered, by the names of the above."""
    shown: int

    @property
    def asked(self) -> bool:
        """Whether anything of it is this person's to know."""
        return any(part is not None for part in (self.applications, self.tasks, self.notes, self.upcoming))

    @property
    def counts(self) -> Mapping[str, int | None]:
        """How much of each waits; None where the service could not say."""
        parts = {"applications": self.applications, "tasks": self.tasks, "notes": self.notes, "upcoming": self.upcoming}
        return {name: _count(part) for name, part in parts.items() if part is not None}

    @property
    def waits(self) -> bool:
        """Whether something waits, or may wait."""
        return any(count != 0 for count in self.counts.values())


@pages.get(DUE, permission="task.list")
def show_due(request: PageRequest) -> PageResult | Download:
    """All of what is due for this person."""
    due = due_of(request, ask_all(due_questions(request)), flask.request.args)
    values = {"due": due, "today": request.clock.today(), "whole": True}
    return page_or_file(request, PageResult("casework/due_page.html", values, {"due": due.counts}), *due.lists.values())


def due_questions(request: PageRequest) -> dict[Question, Callable[[], Any]]:
    """What to ask, as far as it is this person's to know."""
    questions: dict[Question, Callable[[], Any]] = {}
    if request.may("application.list"):
        questions["due_applications", SERVICE] = partial(_applications, request)
    if request.may("task.list"):
        questions["due_tasks", SERVICE] = partial(_tasks, request)
        questions["upcoming", SERVICE] = partial(_upcoming, request)
    if request.may("note.list"):
        questions["unsigned_notes", SERVICE] = partial(_notes, request)
    return questions


def due_of(request: PageRequest, answers: Answers, asked: Mapping[str, str] | None = None) -> Due:
    """The answers, and their lists as an address asks for them; None where nothing was asked."""
    parts = {name: answers.get((what, SERVICE)) for name, (what, _) in _LISTS.items()}
    lists = {}
    for name, part in parts.items():
        if part is not None and not isinstance(part, Problem):
            rows, count = (part, len(part)) if isinstance(part, list) else (part.items, part.count)
            lists[name] = _LISTS[name][1].as_asked(rows, DUE, asked or {}, request.clock.today(), count=count)
    return Due(**parts, lists=lists, shown=SHOWN)


def _count(part: Any) -> int | None:
    if isinstance(part, Problem):
        return None
    return len(part) if isinstance(part, list) else int(part.count)


def _applications(request: PageRequest) -> Any:
    return intake.open_applications(request.client(SERVICE))


def _tasks(request: PageRequest) -> Any:
    return due_tasks(request.client(SERVICE), PURPOSE)


def _notes(request: PageRequest) -> Any:
    return unsigned_notes(request.client(SERVICE), PURPOSE)


def _upcoming(request: PageRequest) -> Any:
    return upcoming(request.client(SERVICE), PURPOSE)
