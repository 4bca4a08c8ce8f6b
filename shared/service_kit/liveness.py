"""The sign of life of a worker: when this process last did a real task."""

import time
from typing import Final

from shared.service_kit.observability import telemetry

SILENT_SECONDS: Final = 60.0
"""A worker that did no real task for so long ends itself and is started again."""
_last_task = time.monotonic()


def note_task() -> None:
    """Note that a task was really done: the worker is alive."""
    telemetry.TASK_LIVE.set(time.time())
    excuse_silence()


def excuse_silence() -> None:
    """Begin to count anew: a worker that is sent nothing because the broker takes nothing is not silent."""
    global _last_task
    _last_task = time.monotonic()


def is_silent() -> bool:
    """Return whether no task was done for too long."""
    return time.monotonic() - _last_task > SILENT_SECONDS
