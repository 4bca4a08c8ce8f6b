"""Celery behind a guard: a message is read, bounded and made anew by us before Celery acts on it.

Celery acts on what comes from the broker before any check of ours: a body ``null``, an unknown encoding or a list where
it expects three items ends the worker, and the message comes back to the next one (ADR 16).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from celery.utils.log import get_logger
from celery.worker.consumer import Consumer
from kombu import Connection, Message

from shared.service_kit.messaging.broker import UNREADABLE_AT_ONCE, drop
from shared.service_kit.messaging.celery_app import UnreadableError, as_message, queue_name
from shared.service_kit.tasks import TaskFunction, read_task

logger = get_logger(__name__)
PATH = f"{__name__}:GuardedConsumer"
"""How Celery is told of it (setting ``worker_consumer``)."""


FULL_SECONDS: Final = 0.02
"""While every message that may be held is held, kombu asks Redis for none, and would sleep through Celery's two
seconds though the first is acknowledged at once."""


class GuardedConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer of messages; what cannot be read is dropped, counted and logged, and ends no worker."""

    @property
    def tasks_of_ours(self) -> Sequence[TaskFunction]:
        """The tasks that a message may ask for."""
        return self.app.tasks_of_ours  # type: ignore[no-any-return]

    @property
    def queue(self) -> str:
        """The queue from which the messages come."""
        return queue_name(self.app.main)

    def connect(self) -> Connection:
        """A connection that outlives what kombu itself cannot read."""
        connection = super().connect()
        connection.drain_events = _Drain(connection, self.queue)
        return connection

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable[[Message], None]:
        """What is called with each message."""
        act = super().create_task_handler(*args, **kwargs)

        def take(message: Message) -> None:
            try:
                asked = read_task(self.tasks_of_ours, message)
            except UnreadableError as unreadable:
                self._drop(message, str(unreadable))
                return
            message.headers, message.body = as_message(self.app, asked)
            message.content_type, message.content_encoding = "application/json", "utf-8"
            message.properties = {**message.properties, "correlation_id": message.headers["id"], "reply_to": None}
            act(message)

        return take

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """What kombu could not unpack is dropped as well; Celery would write it into the log."""
        self._drop(message, type(exc).__name__)

    def _drop(self, message: Message, why: str) -> None:
        message.ack_log_error(logger, self.connection_errors)
        drop(self.queue, why)


class _Drain:
    """`drain_events` of one connection: a message that kombu cannot read is gone from the queue, and dropped."""

    def __init__(self, connection: Connection, queue: str) -> None:
        self._connection, self._drain = connection, connection.drain_events
        self._queue, self._dropped = queue, 0
        self._broken = (*connection.connection_errors, *connection.channel_errors)

    def __call__(self, timeout: float | None = None) -> None:
        try:
            self._drain(timeout=FULL_SECONDS if self._is_full() else timeout)
        except KeyError as error:  # a message that lacks something; kombu takes it for a broken connection as well
            self._note(error)
        except self._broken:
            raise
        except Exception as error:
            self._note(error)

    def _is_full(self) -> bool:
        windows = (getattr(channel, "qos", None) for channel in getattr(self._connection.connection, "channels", ()))
        return any(not window.can_consume() for window in windows if window is not None)

    def _note(self, error: Exception) -> None:
        drop(self._queue, type(error).__name__)
        self._dropped += 1
        if self._dropped >= UNREADABLE_AT_ONCE:
            raise ConnectionResetError("too much that cannot be read; the connection is made anew") from None
