"""One child process: what it runs, and how it is started, told to stop and ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.as_user import BARRED
from infra.one_machine.processes.forking import Forked

HELPER = Path(__file__).with_name("as_user.py")
Process = subprocess.Popen[bytes] | Forked


@dataclass(frozen=True)
class Child:
    """What to run under a name; `reach` are the folders that `user` has to be able to enter."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    user: str | None = None
    reach: Sequence[Path] = field(default=())
    stop_signal: signal.Signals = signal.SIGTERM
    last_signal: signal.Signals = signal.SIGKILL
    """What ends it when it does not stop in time."""
    bare: bool = False
    """Without any capability, from a program that is opened before the user changes."""
    reads: Path | None = None
    """What it finds on standard input: opened by us, so that its user need not reach it."""

    forked: bool = False
    """`command` is a module of ours and its words: forked from the one process that has imported its libraries."""

    def start(self, inherited: int) -> Process:
        """Start it in a session of its own, told by the kernel when this process dies."""
        if self.forked:
            return Forked(self.name, self.command, self.env, self.log, inherited)
        with self.log.open("ab") as log, (self.reads or Path(os.devnull)).open("rb") as reads:
            return subprocess.Popen(
                wrapped(self.command, self.user, self.reach, self.stop_signal, bare=self.bare),
                env=dict(self.env),
                stdin=reads,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(inherited,),
            )

    def last_words(self, lines: int = 12) -> str:
        """Return the end of its log."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


def run_to_end(child: Child, inherited: int) -> None:
    """Run a command that ends by itself; raise a problem with its last words when it fails."""
    run_side_by_side([child], inherited)


def run_side_by_side(children: Sequence[Child], inherited: int) -> None:
    """Run commands that end by themselves, all at a time; the first one that fails ends the others.

    Raises:
        MachineError: one failed, with its last words.
    """
    running: list[tuple[Child, Process]] = []
    try:
        for child in children:
            running.append((child, child.start(inherited)))
        for child, process in running:
            _raise_failure(child, process.wait())
    finally:
        for _, process in running:
            if process.poll() is None:
                signal_group(process, signal.SIGKILL)
                process.wait()


def _raise_failure(child: Child, status: int) -> None:
    if status != 0:
        words = child.last_words(1 if status == BARRED else 3)
        raise MachineError(f"{child.name} failed (exit status {status}):\n{words}")


def wrapped(
    command: Sequence[str],
    user: str | None,
    reach: Sequence[Path],
    death_signal: signal.Signals,
    *,
    bare: bool = False,
) -> list[str]:
    """Put the exec helper before a command."""
    helper = [sys.executable, "-I", "-S", str(HELPER), "--parent", str(os.getpid()), "--signal", str(int(death_signal))]
    for path in reach:
        helper += ["--reach", str(path)]
    if user:
        helper += ["--user", user]
    if bare:
        helper.append("--bare")
    return [*helper, "--", *command]


def signal_group(process: Process, number: signal.Signals) -> None:
    """Send a signal to the process and all that it started in its session's first group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def run_here(command: Sequence[str], env: Mapping[str, str], folder: Path) -> int:
    """Run a command in the foreground, its output on standard error; return its exit status."""
    here = wrapped(command, None, (), signal.SIGTERM)
    process = subprocess.Popen(here, env=dict(env), cwd=folder, stdout=sys.stderr.fileno())
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
