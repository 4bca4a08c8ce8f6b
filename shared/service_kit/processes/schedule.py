"""The schedule of a service: what is due is sent by one process at a time."""

import os
import time
from collections.abc import Sequence
from typing import Never

from sqlalchemy import Connection, text

from shared.service_kit import liveness
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Every
from shared.service_kit.subscriptions.locks import SCHEDULE

TICK_SECONDS = 0.5
HOLD_SECONDS = 15
"""A process that keeps the schedule and says nothing to the database for so long has lost it."""
_HOLD = text("SELECT set_config('idle_session_timeout', :silence, false), pg_try_advisory_lock(:key) AS held")


def keep_schedule(runtime: Runtime, schedule: Sequence[Every], *, with_tasks: bool) -> None:
    """Send what is due, from one process at a time (an advisory lock).

    A process that holds the lock and is stopped loses it with its connection, which the database ends after
    `HOLD_SECONDS` of silence: another takes over. Should the first go on, what it sends meanwhile is a bell once more.

    Args:
        with_tasks: tasks are done in this process: it ends where none was done for too long.
    """
    due: dict[Every, float] = dict.fromkeys(schedule, 0.0)
    while True:
        try:
            with runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # Its own connection, closed at the end: in the pool it would keep the lock for nobody.
                connection.detach()
                with telemetry.quiet():
                    held = connection.execute(_HOLD, {"silence": f"{HOLD_SECONDS}s", "key": SCHEDULE.key}).one().held
                if held:
                    _send_what_is_due(runtime, connection, due, with_tasks=with_tasks)
        except Exception as error:
            log().warning("schedule.again", why=error_location(error))
        time.sleep(2)


def _send_what_is_due(runtime: Runtime, connection: Connection, due: dict[Every, float], *, with_tasks: bool) -> Never:
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
                runtime.send(every.task.name, {})
        if runtime.broker.fault:
            liveness.excuse_silence()
        if with_tasks and liveness.is_silent():
            log().error("worker.silent")
            os._exit(1)
        time.sleep(TICK_SECONDS)
