"""Python children forked from one process that has imported what all of them need.

A start of an office is ten Python processes, and each was a second of imports. Python's own fork server
(`multiprocessing`, start method "forkserver") imports once, starts no thread, and forks; it ends with its parent.
"""

import ctypes
import gc
import multiprocessing
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any, Final

from infra.one_machine.folders import PROJECT
from infra.one_machine.processes.as_user import PR_SET_PDEATHSIG
from infra.one_machine.processes.inherited_environment import passed_on

PRELOADED: Final = (
    "alembic.autogenerate",
    "alembic.command",
    "apiflask",
    "celery.app.amqp",
    "celery.concurrency.thread",
    "celery.worker.consumer",
    "gunicorn.app.base",
    "kombu.transport.redis",
    "opentelemetry.sdk.trace.export",
    "infra.one_machine.processes.forking",
    "infra.one_machine.processes.migrations",
    "shared.access.guard",
    "shared.benefit_rules",
    "shared.contracts.facts",
    "shared.decisions.api.cases",
    "shared.decisions.api.collectives",
    "shared.decisions.api.imports",
    "shared.decisions.api.restrictions",
    "shared.service_kit.processes.celery_guard",
    "shared.service_kit.processes.commands",
    "shared.service_kit.processes.web",
    "shared.service_kit.processes.worker",
)
"""Libraries and what services share, and no service: each would have the metrics, tables and settings of the others."""
PR_SET_NAME: Final = 15
UNTOLD: Final = 255
"""The status of a child of which the kernel says that it has ended, and the fork server does not say how."""
_NOBODYS: Final = 1
"""The parent of a process whose own has ended."""


def begin() -> Any:
    """Have the fork server begin with its imports, where it does not run yet; gives its context.

    It is given what every process may see of the caller's environment, and no more: its children's is read from it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["infra.one_machine.processes.preload"])
    _end_if_stopped()
    whole = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(passed_on(whole) | {"PYTHONPATH": str(PROJECT)})
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(whole)
    return context


def _end_if_stopped() -> None:
    """End a fork server that does not run any more: it would keep who asks it waiting, for good."""
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    if pid is None or _state_of(pid) != "T":
        return
    os.kill(pid, signal.SIGKILL)
    while _state_of(pid) not in ("Z", ""):
        time.sleep(0.01)


def _state_of(pid: int) -> str:
    """The state of a process as the kernel names it with a letter; empty where it is not told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


class Forked:
    """A forked child, with the part of `subprocess.Popen` that is used of it."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str], log: Path, inherited: int) -> None:
        process_args = (name, tuple(words), dict(env), str(log), _Inherited(inherited))
        self._process = begin().Process(target=_become, args=process_args, name=name, daemon=True)
        self._lock = threading.Lock()
        self.args = list(words)
        self._process.start()
        self.pid: int = self._process.pid
        self._handle = _handle_of(self.pid)
        if self._handle is not None:
            weakref.finalize(self, os.close, self._handle)

    def poll(self) -> int | None:
        """How it ended, as of `subprocess.Popen`; None while it runs."""
        with self._lock:
            if self._process.exitcode is None and self._is_over(0):
                self._process.join(1)  # the fork server tells the status; one that is stopped does not
                return self._status(UNTOLD)
            return self._status(None)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not, in so many seconds.
        """
        self._is_over(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a fault would."""
        self.send_signal(signal.SIGKILL)

    def _is_over(self, timeout: float | None) -> bool:
        """Whether it ends within so many seconds, as the kernel says it and not the fork server."""
        if self._handle is None:
            self._process.join(timeout)
            return self._process.exitcode is not None
        return bool(select.select([self._handle], [], [], timeout)[0])

    def _status(self, untold: int | None) -> int | None:
        status: int | None = self._process.exitcode
        return untold if status is None else status


def _handle_of(pid: int) -> int | None:
    """A descriptor that becomes readable when the process ends; None where there is no such thing."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:  # over already: whatever is readable
        return os.open(os.devnull, os.O_RDONLY)


class _Inherited:
    """A file descriptor that the child holds as well."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _hold, (DupFd(self._number),)


def _hold(duplicate: Any) -> int:
    number = int(duplicate.detach())
    os.set_inheritable(number, True)
    return number


def _become(name: str, words: Sequence[str], env: Mapping[str, str], log: str, inherited: int) -> None:
    """In the child: a session, an environment and a log of its own; then run the module as a program."""
    del inherited  # held open for as long as this process lives
    # Every child is handed the end that keeps the fork server alive; only the parent may keep it, with which it ends.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    gc.enable()  # the fork server does without
    os.setsid()
    _end_with_parent(name)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(env)
    _write_to(log)
    module, *arguments = words
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_parent(name: str) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() == _NOBODYS:
        os._exit(128 + signal.SIGTERM)


def _write_to(log: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)
    os.close(out)
    os.close(nothing)
    for number, name in ((1, "stdout"), (2, "stderr")):
        setattr(sys, name, os.fdopen(number, "w", buffering=1, encoding="utf-8", errors="backslashreplace"))
