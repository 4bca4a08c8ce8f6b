"""The listener of a worker: pages from the queues, and every five seconds from the producers themselves."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from kombu import Message

from shared.service_kit.jobs.failures import failures_of
from shared.service_kit.messaging.broker import drop
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.processes.relay import queue_for
from shared.service_kit.runtime import Runtime
from shared.service_kit.subscriptions.consume import pull, take_page
from shared.service_kit.subscriptions.subscription import Subscription

POLL_SECONDS: Final = 5.0
"""The producers are asked this often, so that an empty broker loses nothing."""


def listen(runtime: Runtime, subscriptions: Sequence[Subscription]) -> None:
    """Take pages from the queues, and poll the producers every five seconds, whether the broker is there or not."""
    by_queue = {
        queue_for(runtime.name, subscription.producer, subscription.stream): subscription
        for subscription in subscriptions
    }
    polled = 0.0

    def poll_now_and_then() -> None:
        nonlocal polled
        if time.monotonic() - polled > POLL_SECONDS:
            polled = time.monotonic()
            poll_producers(runtime, subscriptions)

    by_name = {queue.name: subscription for queue, subscription in by_queue.items()}
    runtime.broker.take(list(by_queue), partial(_page_came, runtime, by_name), poll_now_and_then)


def _page_came(runtime: Runtime, by_queue: dict[str, Subscription], message: Message) -> None:
    """One page; the cursor and the next poll find again what is lost."""
    queue = str((message.delivery_info or {}).get("routing_key", ""))
    subscription = by_queue.get(queue)
    if subscription is None:
        drop(next(iter(by_queue)), "queue")
        return
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    headers = message.headers if isinstance(message.headers, dict) else {}
    try:
        signed = str(headers.get("key_id", "")), str(headers.get("signature", ""))
        if take_page(runtime, subscription, body, *signed):
            _stopped(subscription, 0)
    except Exception as error:
        _stopped(subscription, 1)
        log().error("page.again", producer=subscription.producer, stream=subscription.stream, why=error_location(error))


def poll_producers(runtime: Runtime, subscriptions: Sequence[Subscription]) -> int:
    """Pull what the producers have beyond these cursors; what stands still is shown as tasks are. Returns the
    facts applied."""
    applied = 0
    for subscription in subscriptions:
        try:
            with failures_of(runtime).counted(f"listen {subscription.producer}.{subscription.stream}"):
                applied += pull(runtime, subscription)
            _stopped(subscription, 0)
        except Exception as error:
            _stopped(subscription, 1)
            log().warning(
                "look.again", producer=subscription.producer, stream=subscription.stream, why=error_location(error)
            )
    return applied


def _stopped(subscription: Subscription, value: int) -> None:
    telemetry.SUBSCRIPTION_STOPPED.labels(f"{subscription.producer}.{subscription.stream}").set(value)
