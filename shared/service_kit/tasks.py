"""Celery tasks: short, named, carrying ids only, acknowledged early; the database knows what is open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from opentelemetry.trace import SpanKind

from shared.service_kit import telemetry

if TYPE_CHECKING:
    from celery import Celery

    from shared.service_kit.service import Service


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


def task(name: str) -> Callable[[Callable[..., None]], TaskFunction]:
    """Make ``function(service, **ids)`` a task of that name ("<service>.<verb>")."""
    return lambda function: TaskFunction(name, function)


def make_celery(service: "Service") -> "Celery":
    """The Celery application of one room: one queue, JSON only, no results, no schedule in the broker."""
    from celery import Celery

    app = Celery(service.name, broker=service.settings.broker_url)
    app.conf.update(
        task_default_queue=queue_name(service.name),
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=3,
        broker_transport_options={"socket_timeout": 30, "socket_keepalive": True},
        worker_enable_remote_control=False,
        worker_send_task_events=False,
    )
    for one in service.all_tasks():
        app.task(name=one.name, ignore_result=True)(_runner(service, one))
    return app


def queue_name(service: str) -> str:
    """The queue of a room's tasks."""
    return f"{service}.tasks"


def _runner(service: "Service", one: TaskFunction) -> Callable[..., None]:
    def run(traceparent: str = "", correlation: str = "", **ids: str) -> None:
        from shared.service_kit.worker import note_task

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
