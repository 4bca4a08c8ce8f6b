"""The parent of all processes of a run: starts them, starts them again when they die, stops them.

All children are started by one thread that lives as long as they do, because the kernel sends the parent-death signal
when the *thread* that started a child ends.
"""

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.child import Child, Process, signal_group

PAUSES_SECONDS = (0.1, 0.3, 1.0, 2.0, 4.0)
"""How long to wait before the first, second … start again of a child that does not stand."""
LONGEST_PAUSE_SECONDS = 8.0
STANDS_SECONDS = 5.0
"""Who lived so long stands: it is not the start that fails."""
FIRST_TRIES = 5
"""How often a child that never stood is started again: what is wrong with it is told soon."""
PATIENCE_SECONDS = 300.0
"""How long one that stood is started again without standing: longer than a recovery or a disk that is full for a while.
"""

ASK_AGAIN_SECONDS = 0.02
"""How long to wait before it is asked again who is not ready."""


@dataclass
class _Running:
    child: Child
    process: Process
    started_at: float
    stood: bool = False
    deaths: int = 0
    """Since it stood."""
    failing_since: float = 0.0
    start_again_at: float | None = None
    given_up: bool = False

    def note_death(self, now: float) -> None:
        """Decide when it is started again, if it is."""
        if now - self.started_at >= STANDS_SECONDS:
            self.stood, self.deaths = True, 0
        if not self.deaths:
            self.failing_since = now
        self.deaths += 1
        failing = now - self.failing_since
        self.given_up = failing > PATIENCE_SECONDS if self.stood else self.deaths > FIRST_TRIES
        pause = PAUSES_SECONDS[self.deaths - 1] if self.deaths <= len(PAUSES_SECONDS) else LONGEST_PAUSE_SECONDS
        self.start_again_at = None if self.given_up else now + pause


class Supervisor:
    """Keeps children running until they are stopped.

    Args:
        inherited: the file descriptor that every child inherits.
        tell: told in a few words when a child has ended and is started again.
    """

    def __init__(self, inherited: int, tell: Callable[[str], None] = lambda _: None) -> None:
        self._inherited = inherited
        self._tell = tell
        self._running: dict[str, _Running] = {}
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)
        self._thread.start()

    def start(self, child: Child) -> None:
        """Start a child and keep it running."""

        def begin() -> None:
            self._running[child.name] = _Running(child, child.start(self._inherited), time.monotonic())

        self._ask(begin)

    def pid(self, name: str) -> int:
        """Return the process id of a child as it runs now."""
        return self._running[name].process.pid

    def child(self, name: str) -> Child:
        """Return what runs under a name."""
        return self._running[name].child

    def names(self) -> list[str]:
        """Return the names of all children in the order of their first start, those being started among them."""
        child_names: list[str] = []
        self._ask(lambda: child_names.extend(self._running))
        return child_names

    def kill(self, name: str) -> None:
        """Kill a child as a fault would (it is started again)."""
        self._running[name].process.kill()

    def problem(self) -> str | None:
        """Say which child died too often to be started again, if one did."""
        for running in list(self._running.values()):
            if running.given_up:
                died = f"{running.child.name} died {running.deaths} times without standing; its last words:"
                return f"{died}\n{running.child.last_words()}"
        return None

    def wait_ready(self, ready: Callable[[], Sequence[str]], seconds: float) -> None:
        """Wait until `ready` names nobody who is not ready; raise where a child gives up or time runs out."""
        deadline = time.monotonic() + seconds
        while waiting := ready():
            if problem := self.problem():
                raise MachineError(problem)
            if time.monotonic() > deadline:
                raise MachineError(f"not ready after {seconds:.0f} seconds: {', '.join(waiting)}")
            time.sleep(ASK_AGAIN_SECONDS)

    def stop(self, names: Sequence[str], seconds: float) -> None:
        """Stop children at once, wait up to `seconds`, end what is left."""
        stopped: list[_Running] = []
        self._ask(lambda: stopped.extend(running for name in names if (running := self._running.pop(name, None))))
        for running in stopped:
            if running.start_again_at is None and not running.given_up:
                with suppress(ProcessLookupError):
                    running.process.send_signal(running.child.stop_signal)
        deadline = time.monotonic() + seconds
        for running in stopped:
            if not _ends(running.process, deadline - time.monotonic()):
                signal_group(running.process, running.child.last_signal)
        for running in stopped:
            _ends(running.process, 1.0)
            signal_group(running.process, signal.SIGKILL)
            running.process.wait()

    def close(self) -> None:
        """End the thread; all children have to be stopped before."""
        self._work.put(None)
        self._thread.join()

    def _ask(self, work: Callable[[], None]) -> None:
        answer: Future[None] = Future()

        def do() -> None:
            try:
                work()
            except BaseException as problem:  # handed to the caller
                answer.set_exception(problem)
            else:
                answer.set_result(None)

        self._work.put(do)
        answer.result()

    def _loop(self) -> None:
        while True:
            with suppress(queue.Empty):
                work = self._work.get(timeout=0.1)
                if work is None:
                    return
                work()
            for running in self._running.values():
                self._look_after(running, time.monotonic())

    def _look_after(self, running: _Running, now: float) -> None:
        if running.given_up or (status := running.process.poll()) is None:
            return
        if running.start_again_at is None:
            signal_group(running.process, signal.SIGKILL)
            running.note_death(now)
            then = "it is given up" if running.given_up else "it is started again"
            self._tell(f"{running.child.name} {_how_it_ended(status)}; {then}")
        elif now >= running.start_again_at:
            running.start_again_at = None
            running.process, running.started_at = running.child.start(self._inherited), now


def _how_it_ended(status: int) -> str:
    return f"was killed ({signal.Signals(-status).name})" if status < 0 else f"ended (exit status {status})"


def _ends(process: Process, seconds: float) -> bool:
    try:
        process.wait(max(seconds, 0.0))
    except subprocess.TimeoutExpired:
        return False
    return True
