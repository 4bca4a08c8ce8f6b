"""How far a long command is, on standard error: bars on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

PATIENCE_SECONDS = 600.0
SILENCE_SECONDS = 10.0
"""After so long it is said what is waited for, and then as often."""


class Steps:
    """The steps of a command, one after the other. `seconds` holds how long each named part took.

    Args:
        patience: how many seconds a step may take before the command gives up.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self.patience = patience
        self.seconds: dict[str, float] = {}
        self._began = self._said = time.monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    @contextmanager
    def part(self, name: str, words: str) -> Iterator[None]:
        """Time a part of the work under `name`, shown as `words`."""
        began = time.monotonic()
        with self._shown(words):
            yield
        self.seconds[name] = time.monotonic() - began
        if not sys.stderr.isatty():
            sys.stderr.write(f"{words}: done in {self.seconds[name]:.1f} s\n")

    def say(self, words: str) -> None:
        """Tell what is being done now."""
        if self._progress is None or self._task is None:
            sys.stderr.write(f"{words}\n")
        else:
            self._progress.update(self._task, doing=words)

    def tell(self, words: str) -> None:
        """Tell something that stays to be read, whatever is shown beside; from any thread."""
        if self._progress is None:
            sys.stderr.write(f"{words}\n")
        else:
            self._progress.console.print(words, markup=False, highlight=False)

    def waiting(self, words: str) -> None:
        """Tell what is waited for, again and again with what changed; elsewhere than at a terminal not too often."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, doing=words)
        elif time.monotonic() - self._said > SILENCE_SECONDS:
            self._said = time.monotonic()
            sys.stderr.write(f"{words}\n")

    def far(self, done: int, of: int) -> None:
        """Move the bar, where one is shown."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=of or None)

    def total(self) -> float:
        """Seconds since the command began."""
        return time.monotonic() - self._began

    @contextmanager
    def _shown(self, words: str) -> Iterator[None]:
        if not sys.stderr.isatty():
            sys.stderr.write(f"{words}\n")
            yield
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[doing]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as self._progress:
            self._task = self._progress.add_task(words, total=None, doing="")
            yield
            self._progress.update(self._task, total=1, completed=1, doing="")
        self._progress = self._task = None
