"""The worker process: tasks, relay, subscriptions and schedule of one room in one process."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Never

from flask import Flask
from kombu import Message
from sqlalchemy import Connection, text

from shared.service_kit.broker import drop
from shared.service_kit.http.platform_routes import health, metrics
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import where
from shared.service_kit.processes.probes import serve_probes
from shared.service_kit.processes.relay import Relay, queue_for
from shared.service_kit.subscriptions.subscription import SCHEDULE, Subscription, pull, take_page
from shared.service_kit.tasks import queue_name

if TYPE_CHECKING:
    from shared.service_kit.service import Every, Service

LOOK_SECONDS = 5.0
"""A subscription looks for itself this often, so that an empty broker loses nothing."""
TICK_SECONDS = 0.5
HOLD_SECONDS = 15
"""A process that keeps the schedule and says nothing to the database for so long has lost it."""
_HOLD = text("SELECT set_config('idle_session_timeout', :silence, false), pg_try_advisory_lock(:key) AS held")
AT_ONCE = 2
"""Tasks that one process does at a time."""
SILENT_SECONDS = 60.0
"""A worker that did no real task for so long ends itself and is started again."""
_last_task = time.monotonic()


def note_task() -> None:
    """A task was really done: the worker is alive."""
    global _last_task
    _last_task = time.monotonic()
    telemetry.TASK_LIVE.set(time.time())


def _wait_for_broker() -> None:
    """A worker that is sent nothing because the broker takes nothing is not silent."""
    global _last_task
    _last_task = time.monotonic()


def run_worker(service: "Service", parts: frozenset[str] = frozenset({"tasks", "relay", "listen", "schedule"})) -> None:
    """Run the parts of the worker until told to stop; a part that ends takes the process with it."""
    service.start_process("worker")
    note_task()
    if "relay" in parts:
        _start("relay", Relay(service).run)
    if "listen" in parts:
        for name, subscriptions in _listeners(service).items():
            _start(name, partial(listen, service, subscriptions))
    if "schedule" in parts:
        _start("schedule", lambda: keep_schedule(service, with_tasks="tasks" in parts))
    if service.settings.worker_port:
        _start("health", lambda: _serve_health(service))
    if "tasks" in parts:
        _work_tasks(service)
    else:
        _until_stopped()


def _start(name: str, run: Callable[[], None]) -> None:
    """Run a part in a thread of its own; one that ends takes the process with it."""

    def whole() -> None:
        try:
            run()
        except BaseException as error:
            log().error("worker.part_ended", part=name, why=where(error))
        os._exit(1)

    threading.Thread(target=whole, name=name, daemon=True).start()


def _listeners(service: "Service") -> dict[str, list[Subscription]]:
    """Who listens to what: one thread; where nothing may be parked one a producer, so that none waits for another."""
    found: dict[str, list[Subscription]] = {}
    for one in service.subscriptions:
        found.setdefault("listen" if one.park else f"listen {one.producer}", []).append(one)
    return found


def listen(service: "Service", subscriptions: Sequence[Subscription]) -> None:
    """Take pages from the queues, and look at the producers every five seconds, whether the broker is there or not."""
    by_queue = {queue_for(service.name, one.producer, one.stream): one for one in subscriptions}
    looked = 0.0

    def look_now_and_then() -> None:
        nonlocal looked
        if time.monotonic() - looked > LOOK_SECONDS:
            looked = time.monotonic()
            look(service, subscriptions)

    by_name = {queue.name: one for queue, one in by_queue.items()}
    service.broker.take(list(by_queue), partial(_page_came, service, by_name), look_now_and_then)


def _page_came(service: "Service", by_queue: dict[str, Subscription], message: Message) -> None:
    """One page; a cursor and a look find again what is lost."""
    queue = str((message.delivery_info or {}).get("routing_key", ""))
    subscription = by_queue.get(queue)
    if subscription is None:
        drop(next(iter(by_queue)), "queue")
        return
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    headers = message.headers if isinstance(message.headers, dict) else {}
    try:
        signed = str(headers.get("key_id", "")), str(headers.get("signature", ""))
        if take_page(service, subscription, body, *signed):
            _stopped(subscription, 0)
    except Exception as error:
        _stopped(subscription, 1)
        log().error("page.again", producer=subscription.producer, stream=subscription.stream, why=where(error))


def look(service: "Service", subscriptions: Sequence[Subscription]) -> int:
    """Pull what the producers have beyond these cursors; what stands still is shown as tasks are. Gives the facts
    applied."""
    applied = 0
    for subscription in subscriptions:
        try:
            with service.failures.counted(f"listen {subscription.producer}.{subscription.stream}"):
                applied += pull(service, subscription)
            _stopped(subscription, 0)
        except Exception as error:
            _stopped(subscription, 1)
            log().warning("look.again", producer=subscription.producer, stream=subscription.stream, why=where(error))
    return applied


def _stopped(subscription: Subscription, value: int) -> None:
    telemetry.SUBSCRIPTION_STOPPED.labels(f"{subscription.producer}.{subscription.stream}").set(value)


def keep_schedule(service: "Service", *, with_tasks: bool) -> None:
    """Send what is due, from one process at a time (an advisory lock).

    A process that holds the lock and is stopped loses it with its connection, which the database ends after
    `HOLD_SECONDS` of silence: another takes over. Should the first go on, what it sends meanwhile is a bell once more.

    Args:
        with_tasks: tasks are done in this process: it ends where none was done for too long.
    """
    due: dict[Every, float] = dict.fromkeys(service.all_schedule(), 0.0)
    while True:
        try:
            with service.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # Its own connection, closed at the end: in the pool it would keep the lock for nobody.
                connection.detach()
                with telemetry.quiet():
                    held = connection.execute(_HOLD, {"silence": f"{HOLD_SECONDS}s", "key": SCHEDULE.key}).one().held
                if held:
                    _send_what_is_due(service, connection, due, with_tasks=with_tasks)
        except Exception as error:
            log().warning("schedule.again", why=where(error))
        time.sleep(2)


def _send_what_is_due(
    service: "Service", connection: Connection, due: dict["Every", float], *, with_tasks: bool
) -> Never:
    """Send for ever, and say now and then that this process is alive; raises where the lock is lost."""
    said = time.monotonic()
    while True:
        if time.monotonic() - said > HOLD_SECONDS / 3:
            said = time.monotonic()
            with telemetry.quiet():
                connection.execute(text("SELECT 1"))
        for every, at in due.items():
            if time.monotonic() >= at:
                due[every] = time.monotonic() + every.seconds
                service.send(every.task, {})
        if service.broker.fault:
            _wait_for_broker()
        if with_tasks and time.monotonic() - _last_task > SILENT_SECONDS:
            log().error("worker.silent")
            os._exit(1)
        time.sleep(TICK_SECONDS)


def _work_tasks(service: "Service") -> None:
    """Celery's worker, until the signal to end; without an event loop, in which errors of ours would be lost."""
    worker = service.celery.Worker(
        pool="threads",
        concurrency=AT_ONCE,
        use_eventloop=False,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
        queues=[queue_name(service.name)],
        hostname=f"{service.name}@worker",
    )
    worker.start()
    telemetry.flush_telemetry()
    if worker.exitcode:
        log().error("worker.part_ended", part="tasks", why="celery")
        os._exit(1)


def _until_stopped() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(60):
        pass
    telemetry.flush_telemetry()


def _serve_health(service: "Service") -> None:
    app = Flask("kurashi.worker")
    app.register_blueprint(health(service, broker=True))
    app.register_blueprint(metrics())
    serve_probes(service.settings.bind, service.settings.worker_port, app)
