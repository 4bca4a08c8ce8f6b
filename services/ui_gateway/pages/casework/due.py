"""What is due (期限): applications by their 14 and 30 days, promises and declarations, notes that nobody has signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients import intake
from services.ui_gateway.clients.casework.notes import unsigned_notes
from services.ui_gateway.clients.casework.tasks import due_tasks
from services.ui_gateway.clients.parallel import Answers, Question, ask_all
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import PageResult
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"
SERVICE: Final = "case_management"
SHOWN: Final = 10
"""Lines of each kind on the first page; all of them have a page of their own."""


@dataclass(frozen=True)
class Due:
    """What is due for this person: each the answer, its problem where the service is away, or None where not asked."""

    applications: Any
    tasks: Any
    notes: Any
    shown: int

    @property
    def asked(self) -> bool:
        """Whether anything of it is this person's to know."""
        return any(part is not None for part in (self.applications, self.tasks, self.notes))

    @property
    def counts(self) -> Mapping[str, int | None]:
        """How much of each waits; None where the service could not say."""
        parts = {"applications": self.applications, "tasks": self.tasks, "notes": self.notes}
        return {name: _count(part) for name, part in parts.items() if part is not None}

    @property
    def waits(self) -> bool:
        """Whether something waits, or may wait."""
        return any(count != 0 for count in self.counts.values())


@pages.get("/due", permission="task.list")
def show_due(request: PageRequest) -> PageResult:
    """All of what is due for this person."""
    due = due_of(ask_all(due_questions(request)), shown=10_000)
    values = {"due": due, "today": request.clock.today()}
    return PageResult("casework/due_page.html", values, {"due": due.counts})


def due_questions(request: PageRequest) -> dict[Question, Callable[[], Any]]:
    """What to ask, as far as it is this person's to know."""
    questions: dict[Question, Callable[[], Any]] = {}
    if request.may("application.read"):
        questions["due_applications", SERVICE] = partial(_applications, request)
    if request.may("task.list"):
        questions["due_tasks", SERVICE] = partial(_tasks, request)
    if request.may("note.list"):
        questions["unsigned_notes", SERVICE] = partial(_notes, request)
    return questions


def due_of(answers: Answers, shown: int = SHOWN) -> Due:
    """The answers; None where nothing was asked."""
    applications, tasks, notes = (
        answers.get((what, SERVICE)) for what in ("due_applications", "due_tasks", "unsigned_notes")
    )
    return Due(applications, tasks, notes, shown)


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
