"""Tasks: short, named, carrying ids only. A message is a bell and no more: the database knows what is open."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kombu import Message

from shared.service_kit.jobs.failures import failures_of
from shared.service_kit.messaging.celery_app import Asked, UnreadableError, read_message
from shared.service_kit.runtime import Runtime


@dataclass(frozen=True)
class TaskFunction:
    """A named task; call it with a runtime to run it here and now."""

    name: str
    body: Callable[..., None]
    """Thin: opens the transaction, calls one use case."""

    def __call__(self, runtime: Runtime, **ids: str) -> None:
        """Run the task in this process; a failure is counted, and raised."""
        with failures_of(runtime).counted(self.name):
            self.body(runtime, **ids)

    @property
    def ids(self) -> frozenset[str]:
        """The names of the ids that it takes."""
        return frozenset(inspect.signature(self.body).parameters) - {"runtime"}


def task(name: str) -> Callable[[Callable[..., None]], TaskFunction]:
    """Make ``function(runtime, **ids)`` a task of that name ("<service>.<verb>")."""
    return lambda function: TaskFunction(name, function)


def read_task(tasks: Sequence[TaskFunction], message: Message) -> Asked:
    """Return which of these tasks a message asks for.

    Raises:
        UnreadableError: it is too long, none of ours, or names a task or id that this service does not know.
    """
    asked = read_message(message)
    known = next((task for task in tasks if task.name == asked.task), None)
    if known is None:
        raise UnreadableError("unknown_task")
    if set(asked.ids) != known.ids:
        raise UnreadableError("ids")
    return asked
