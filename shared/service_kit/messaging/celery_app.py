"""The Celery application of one service, and the form of its messages: a task's name and its ids, and nothing else."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import uuid4

from kombu import Message
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import from_json

from shared.service_kit.messaging.broker import CONNECT_SECONDS, transport_options
from shared.service_kit.settings import Settings

if TYPE_CHECKING:
    from celery import Celery

MOST_BYTES: Final = 4_096
"""Bytes of a message; none of ours has a tenth of them."""
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,100}$")]


class Asked(BaseModel):
    """What a message asks for: which task, with which ids, and whose act is behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: _Id
    ids: dict[_Id, _Id] = Field(default_factory=dict, max_length=8)
    traceparent: _Id = ""
    correlation: _Id = ""


class UnreadableError(Exception):
    """A message that asks for nothing that this service does; its text is a code."""


def queue_name(service: str) -> str:
    """Return the queue of a service's tasks."""
    return f"{service}.tasks"


def make_celery(settings: Settings, name: str) -> "Celery":
    """Make the Celery application of one service: one queue, JSON only, no results, no schedule in the broker."""
    from celery import Celery

    url = settings.broker_url
    app = Celery(name, broker=url)
    app.conf.update(
        task_default_queue=queue_name(name),
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
    return app


def as_message(app: "Celery", asked: Asked) -> tuple[dict[str, Any], bytes]:
    """Return headers and body of Celery's own message (protocol 2) for a task: what is asked for and nothing more."""
    trail = {"traceparent": asked.traceparent, "correlation": asked.correlation}
    made = app.amqp.as_task_v2(str(uuid4()), asked.task, args=[], kwargs={**trail, **asked.ids})
    return dict(made.headers), json.dumps(made.body).encode()


def read_message(message: Message) -> Asked:
    """Return what a message of Celery's form asks for; all else that it says is left aside.

    Raises:
        UnreadableError: it is too long, or of another form.
    """
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode(errors="replace")
    if len(body) > MOST_BYTES:
        raise UnreadableError("too_long")
    try:
        _, kwargs, _ = from_json(body)
        trail = {name: kwargs.pop(name) for name in ("traceparent", "correlation") if name in kwargs}
        return Asked(task=message.headers["task"], ids=kwargs, **trail)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise UnreadableError("form") from None
