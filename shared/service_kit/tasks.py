"""Celery tasks: short, named, carrying ids only. A message is a bell and no more: the database knows what is open."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol
from uuid import uuid4

from kombu import Message
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import from_json

from shared.service_kit.observability import telemetry

if TYPE_CHECKING:
    from celery import Celery

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
    """What a message asks for: which task, with which ids, and whose act is behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: _Id
    ids: dict[_Id, _Id] = Field(default_factory=dict, max_length=8)
    traceparent: _Id = ""
    correlation: _Id = ""


class UnreadableError(Exception):
    """A message that asks for nothing that this room does; its text is a code."""


def make_celery(service: "Service") -> "Celery":
    """The Celery application of one room: one queue, JSON only, no results, no schedule in the broker."""
    from celery import Celery

    from shared.service_kit.broker import CONNECT_SECONDS, transport_options
    from shared.service_kit.processes.celery_guard import PATH

    url = service.settings.broker_url
    app = Celery(service.name, broker=url)
    app.service = service
    app.conf.update(
        worker_consumer=PATH,
        task_default_queue=queue_name(service.name),
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_prefetch_count_reduction=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_transport_options=transport_options(url),
        worker_enable_remote_control=False,
        worker_send_task_events=False,
    )
    for one in service.all_tasks():
        app.task(name=one.name, ignore_result=True)(_runner(service, one))
    return app


def queue_name(service: str) -> str:
    """The queue of a room's tasks."""
    return f"{service}.tasks"


def as_message(app: "Celery", asked: Asked) -> tuple[dict[str, Any], bytes]:
    """Headers and body of Celery's own message (protocol 2) for a task, with nothing in it but what is asked for."""
    trail = {"traceparent": asked.traceparent, "correlation": asked.correlation}
    made = app.amqp.as_task_v2(str(uuid4()), asked.task, args=[], kwargs={**trail, **asked.ids})
    return dict(made.headers), json.dumps(made.body).encode()


def read_task(service: "Service", message: Message) -> Asked:
    """What a message of Celery's form asks for; all else that it says is left aside.

    Raises:
        UnreadableError: it is too long, none of ours, or names a task or id that this room does not know.
    """
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode(errors="replace")
    if len(body) > MOST_BYTES:
        raise UnreadableError("too_long")
    try:
        _, kwargs, _ = from_json(body)
        trail = {name: kwargs.pop(name) for name in ("traceparent", "correlation") if name in kwargs}
        asked = Asked(task=message.headers["task"], ids=kwargs, **trail)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise UnreadableError("form") from None
    found = next((one for one in service.all_tasks() if one.name == asked.task), None)
    if found is None:
        raise UnreadableError("unknown_task")
    if set(asked.ids) != found.ids:
        raise UnreadableError("ids")
    return asked


def _runner(service: "Service", one: TaskFunction) -> Callable[..., None]:
    """What Celery calls; what fails is counted and logged, not raised."""

    def run(traceparent: str = "", correlation: str = "", **ids: str) -> None:
        from shared.service_kit.processes.worker import note_task

        note_task()
        with telemetry.span(
            f"task {one.name}",
            kind=SpanKind.CONSUMER,
            new_trace=True,
            correlation=correlation,
            links=[traceparent] if traceparent else [],
        ):
            service.failures.attempt(one.name, partial(one.body, service, **ids))

    run.__name__ = one.name.replace(".", "_")
    return run
