"""Ctrl-C and SIGTERM stop a command, whatever it was started by.

A script's `&` and nohup hand down ignored signals; a command that leaves it at that cannot be stopped.
"""

import signal
from types import FrameType
from typing import NoReturn


def take_signals() -> None:
    """Let both raise `KeyboardInterrupt` in the main thread."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
