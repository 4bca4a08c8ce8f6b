"""Tasks: short, named, carrying ids only. A message is a bell and no more: the database knows what is open."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

from kombu import Message, Queue
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.service_kit import telemetry

if TYPE_CHECKING:
    from shared.service_kit.service import Service

MOST_BYTES: Final = 4_096
"""Bytes of a message; none of ours has a tenth of them."""
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,100}$")]


class TaskBody(Protocol):
    """What a task does: thin; opens the transaction, calls one use case."""

    def __call__(self, service: Any, **ids: str) -> None:
        """Do it."""


@dataclass(frozen=True)
class TaskFunction:
    """A named task; call it with a service to run it here and now."""

    name: str
    body: Callable[..., None]

    def __call__(self, service: "Service", **ids: str) -> None:
        """Run the task in this process; a failure is counted, and raised."""
        with service.failures.counted(self.name):
            self.body(service, **ids)

    @property
    def ids(self) -> frozenset[str]:
        """The names of the ids that it takes."""
        return frozenset(inspect.signature(self.body).parameters) - {"service"}


def task(name: str) -> Callable[[Callable[..., None]], TaskFunction]:
    """Make ``function(service, **ids)`` a task of that name ("<service>.<verb>")."""
    return lambda function: TaskFunction(name, function)


class Asked(BaseModel):
    """The body of a message: which task, with which ids, and whose act is behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: _Id
    ids: dict[_Id, _Id] = Field(default_factory=dict, max_length=8)
    traceparent: _Id = ""
    correlation: _Id = ""


class UnreadableError(Exception):
    """A message that asks for nothing that this room does; its text is a code."""


def task_queue(service: str) -> Queue:
    """The queue of a room's tasks."""
    return Queue(f"{service}.tasks", durable=True, auto_delete=False)


def read_task(service: "Service", message: Message) -> tuple[TaskFunction, Asked]:
    """What a message asks for.

    Raises:
        UnreadableError: it is too long, none of ours, or names a task or id that this room does not know.
    """
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    if len(body) > MOST_BYTES:
        raise UnreadableError("too_long")
    try:
        asked = Asked.model_validate_json(body)
    except ValidationError:
        raise UnreadableError("form") from None
    found = next((one for one in service.all_tasks() if one.name == asked.task), None)
    if found is None:
        raise UnreadableError("unknown_task")
    if set(asked.ids) != found.ids:
        raise UnreadableError("ids")
    return found, asked


def do_task(service: "Service", one: TaskFunction, asked: Asked) -> None:
    """Do what was asked for; what fails is counted and logged, not raised."""
    with telemetry.span(
        f"task {one.name}",
        kind=SpanKind.CONSUMER,
        new_trace=True,
        correlation=asked.correlation,
        links=[asked.traceparent] if asked.traceparent else [],
    ):
        service.failures.attempt(one.name, partial(one.body, service, **asked.ids))
