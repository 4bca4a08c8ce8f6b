"""What is to be done in a case (約束・予定), and what is due for this person over all cases."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.ui_gateway.clients.intake import Recorded
from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class TaskEntry(View):
    """An entry of a task."""

    entry_id: UUID
    change: str
    kind: str
    due_on: date
    covers_from: date | None
    covers_to: date | None
    rhythm: str | None
    recorded_by: str
    recorded_at: datetime
    content: dict[str, Any]


class TaskEnd(View):
    """How a task ended."""

    outcome: str
    ended_on: date
    covers_from: date | None
    covers_to: date | None
    words: str | None
    recorded_by: str


class Task(View):
    """What is to be done: its entries, oldest first, of which the last one holds."""

    case_no: str
    task_no: str
    urgency: str | None
    entries: list[TaskEntry]
    end: TaskEnd | None

    @property
    def newest(self) -> TaskEntry:
        """What holds."""
        return self.entries[-1]


class Ended(View):
    """That it is ended, and the declaration that is due next."""

    next_task_no: str | None


class Tasks(View):
    """What is to be done, by its day; ``count`` is how many there are."""

    items: list[Task]
    count: int


class Upcoming(View):
    """A paper that expires on a day, or an age that is reached on it."""

    on: date
    certificate: str | None
    age: int | None
    person_no: str
    name: str
    case_no: str
    caseworker: str | None


class UpcomingList(View):
    """What comes up by itself, by its day; ``count`` is how much of it there is."""

    items: list[Upcoming]
    count: int


def upcoming(service: ServiceClient, purpose: str) -> UpcomingList:
    """Papers that expire and ages that are reached within 60 days for this person."""
    return UpcomingList.model_validate(service.get("/upcoming", {"purpose": purpose}))


def tasks(service: ServiceClient, case_no: str, purpose: str) -> Tasks:
    """What is to be done in a case, and behind it what is ended."""
    return Tasks.model_validate(service.get(f"/cases/{case_no}/tasks", {"purpose": purpose}))


def task(service: ServiceClient, case_no: str, number: str, purpose: str) -> Task:
    """One of what is to be done in a case."""
    return Task.model_validate(service.get(f"/cases/{case_no}/tasks/{number}", {"purpose": purpose}))


def due_tasks(service: ServiceClient, purpose: str) -> Tasks:
    """What is overdue or due within two weeks for this person."""
    return Tasks.model_validate(service.get("/tasks", {"purpose": purpose}))


def record_task(service: ServiceClient, case_no: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Record what is to be done in a case."""
    path = f"/cases/{case_no}/tasks"
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def continue_task(service: ServiceClient, case_no: str, number: str, body: Mapping[str, Any], key: str) -> Recorded:
    """Give it another day, or correct it."""
    path = f"/cases/{case_no}/tasks/{number}/entries"
    return Recorded.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))


def end_task(service: ServiceClient, case_no: str, number: str, body: Mapping[str, Any], key: str) -> Ended:
    """Say how it ended."""
    path = f"/cases/{case_no}/tasks/{number}/end"
    return Ended.model_validate(service.post(path, json=dict(body), key=key_for(key, service.name)))
