"""The parent of all processes of a run: starts them, starts them again when they die, stops them.

All children are started by one thread that lives as long as they do, because the kernel sends the parent-death signal
when the *thread* that started a child ends.
"""

import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from infra.one_machine.child import Child, signal_group
from infra.one_machine.problems import MachineError

RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0
PAUSES_SECONDS = (0.1, 0.3, 1.0, 2.0, 4.0)
"""How long to wait before the first, second … start again within the window."""


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    deaths: deque[float] = field(default_factory=deque)
    start_again_at: float | None = None
    given_up: bool = False


class Supervisor:
    """Keeps children running until they are stopped."""

    def __init__(self, inherited: int) -> None:
        self._inherited = inherited
        self._running: dict[str, _Running] = {}
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)
        self._thread.start()

    def start(self, child: Child) -> None:
        """Start a child and keep it running."""

        def begin() -> None:
            self._running[child.name] = _Running(child, child.start(self._inherited))

        self._ask(begin)

    def pid(self, name: str) -> int:
        """Return the process id of a child as it runs now."""
        return self._running[name].process.pid

    def names(self) -> list[str]:
        """Return the names of all children in the order of their first start, those being started among them."""
        found: list[str] = []
        self._ask(lambda: found.extend(self._running))
        return found

    def kill(self, name: str) -> None:
        """Kill a child as a fault would (it is started again)."""
        self._running[name].process.kill()

    def problem(self) -> str | None:
        """Say which child died too often to be started again, if one did."""
        for running in list(self._running.values()):
            if running.given_up:
                died = f"{running.child.name} died {RESTARTS + 1} times within a minute; its last words:"
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
            time.sleep(0.1)

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
        if running.given_up or running.process.poll() is None:
            return
        if running.start_again_at is None:
            signal_group(running.process, signal.SIGKILL)
            self._note_death(running, now)
        elif now >= running.start_again_at:
            running.start_again_at = None
            running.process = running.child.start(self._inherited)

    def _note_death(self, running: _Running, now: float) -> None:
        deaths = running.deaths
        while deaths and deaths[0] < now - RESTART_WINDOW_SECONDS:
            deaths.popleft()
        deaths.append(now)
        running.given_up = len(deaths) > RESTARTS
        if not running.given_up:
            running.start_again_at = now + PAUSES_SECONDS[len(deaths) - 1]


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(max(seconds, 0.0))
    except subprocess.TimeoutExpired:
        return False
    return True
