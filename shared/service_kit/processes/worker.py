"""The worker process: tasks, relay, subscriptions and schedule of one service in one process."""

import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial

from flask import Flask
from opentelemetry.trace import SpanKind

from shared.service_kit import liveness
from shared.service_kit.http.platform_routes import health, metrics
from shared.service_kit.jobs.failures import failures_of
from shared.service_kit.messaging.celery_app import queue_name
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.processes.celery_guard import PATH
from shared.service_kit.processes.listener import listen
from shared.service_kit.processes.probes import serve_probes
from shared.service_kit.processes.relay import Relay
from shared.service_kit.processes.schedule import keep_schedule
from shared.service_kit.processes.starting import start_process
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.tasks import TaskFunction

AT_ONCE = 2
"""Tasks that one process does at a time."""
ALL_PARTS = frozenset({"tasks", "relay", "listen", "schedule"})


def run_worker(service: Service, runtime: Runtime, parts: frozenset[str] = ALL_PARTS) -> None:
    """Run the parts of the worker until told to stop; a part that ends takes the process with it."""
    start_process(service, runtime, "worker")
    liveness.note_task()
    if "relay" in parts:
        _start("relay", Relay(runtime).run)
    if "listen" in parts:
        for name, subscriptions in _listeners(service.subscriptions).items():
            _start(name, partial(listen, runtime, subscriptions))
    if "schedule" in parts:
        _start("schedule", lambda: keep_schedule(runtime, service.all_schedule(), with_tasks="tasks" in parts))
    if runtime.settings.worker_port:
        _start("health", lambda: _serve_health(runtime))
    if "tasks" in parts:
        _work_tasks(runtime, service.all_tasks())
    else:
        _until_stopped()


def _start(name: str, run: Callable[[], None]) -> None:
    """Run a part in a thread of its own; one that ends takes the process with it."""

    def whole() -> None:
        try:
            run()
        except BaseException as error:
            log().error("worker.part_ended", part=name, why=error_location(error))
        os._exit(1)

    threading.Thread(target=whole, name=name, daemon=True).start()


def _listeners(subscriptions: Sequence[Subscription]) -> dict[str, list[Subscription]]:
    """Who listens to what: one thread; where nothing may be parked one a producer, so that none waits for another."""
    threads: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        threads.setdefault("listen" if subscription.park else f"listen {subscription.producer}", []).append(
            subscription
        )
    return threads


def register_tasks(runtime: Runtime, tasks: Sequence[TaskFunction]) -> None:
    """Make the tasks known to Celery, which reads no message before `celery_guard` has."""
    app = runtime.celery
    app.conf.worker_consumer = PATH
    app.tasks_of_ours = tasks
    for task in tasks:
        app.task(name=task.name, ignore_result=True)(_runner(runtime, task))


def _runner(runtime: Runtime, task: TaskFunction) -> Callable[..., None]:
    """What Celery calls; what fails is counted and logged, not raised."""

    def run(traceparent: str = "", correlation: str = "", **ids: str) -> None:
        liveness.note_task()
        with telemetry.span(
            f"task {task.name}",
            kind=SpanKind.CONSUMER,
            new_trace=True,
            correlation=correlation,
            links=[traceparent] if traceparent else [],
        ):
            failures_of(runtime).attempt(task.name, partial(task.body, runtime, **ids))

    run.__name__ = task.name.replace(".", "_")
    return run


def _work_tasks(runtime: Runtime, tasks: Sequence[TaskFunction]) -> None:
    """Celery's worker, until the signal to end; without an event loop, in which errors of ours would be lost."""
    register_tasks(runtime, tasks)
    worker = runtime.celery.Worker(
        pool="threads",
        concurrency=AT_ONCE,
        use_eventloop=False,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
        queues=[queue_name(runtime.name)],
        hostname=f"{runtime.name}@worker",
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


def _serve_health(runtime: Runtime) -> None:
    app = Flask("kurashi.worker")
    app.register_blueprint(health(runtime, broker=True))
    app.register_blueprint(metrics())
    serve_probes(runtime.settings.bind, runtime.settings.worker_port, app)
