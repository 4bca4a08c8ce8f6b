"""Python children forked from one process that has imported what all of them need.

A start of an office is ten Python processes, and each was a second of imports. Python's own fork server
(`multiprocessing`, start method "forkserver") imports once, starts no thread, and forks; it ends with its parent.
"""

import ctypes
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any, Final

from infra.one_machine.as_user import PR_SET_PDEATHSIG
from infra.one_machine.environment import passed_on
from infra.one_machine.folders import PROJECT

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
    "infra.one_machine.forking",
    "shared.contracts.facts",
    "shared.service_kit.celery_guard",
    "shared.service_kit.migrations",
    "shared.service_kit.server",
    "shared.service_kit.worker",
)
"""Libraries and the kit, and no service: each would have the metrics, tables and settings of the others."""
PR_SET_NAME: Final = 15
_NOBODYS: Final = 1
"""The parent of a process whose own has ended."""


def begin() -> Any:
    """Have the fork server begin with its imports, where it does not run yet; gives its context.

    It is given what every process may see of the caller's environment, and no more: its children's is read from it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    whole = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(passed_on(whole) | {"PYTHONPATH": str(PROJECT)})
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(whole)
    return context


class Forked:
    """A forked child, with the part of `subprocess.Popen` that is used of it."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str], log: Path, inherited: int) -> None:
        given = (name, tuple(words), dict(env), str(log), _Inherited(inherited))
        self._process = begin().Process(target=_become, args=given, name=name, daemon=True)
        self._lock = threading.Lock()
        self.args = list(words)
        self._process.start()
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, as of `subprocess.Popen`; None while it runs."""
        return self.poll()

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        with self._lock:
            return self._process.exitcode  # type: ignore[no-any-return]

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not, in so many seconds.
        """
        with self._lock:
            self._process.join(timeout)
            status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return int(status)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a fault would."""
        self.send_signal(signal.SIGKILL)


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
    """In the child: a session, surroundings and a log of its own; then run the module as a program."""
    del inherited  # held open for as long as this process lives
    # Every child is handed the end that keeps the fork server alive; only the parent may keep it, with which it ends.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
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
