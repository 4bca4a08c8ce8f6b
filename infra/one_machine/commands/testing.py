"""`./kurashi test`: everything that this machine can check, against servers of its own, and then against those named.

Without arguments: ruff, mypy, import-linter and all tests on the wheels' PostgreSQL and broker; then the tests marked
`dialect` or `broker` once more on the servers that the caller's environment names. With arguments, pytest alone.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.one_machine.commands.arguments import asks_for_help
from infra.one_machine.commands.skipped_tests import Left, Took, by_folder, read_outcome
from infra.one_machine.folders import PROJECT, folders
from infra.one_machine.processes.broker import Broker
from infra.one_machine.processes.child import run_here
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.postgres import Postgres
from infra.one_machine.processes.supervisor import Supervisor

DATABASE, BROKER, RABBITMQ = "KURASHI_TEST_DATABASE_URL", "KURASHI_TEST_BROKER_URL", "KURASHI_TEST_RABBITMQ_URL"
USAGE = f"usage: ./kurashi test [ARGUMENTS OF PYTEST] [--json]\n\n{(__doc__ or '').strip()}"
NO_TESTS = 5
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of a random name is made in it
"""Where Linux keeps files in memory, and the bytes that must be free there (the WAL of a run stays below 2 GB)."""
IN_PARALLEL = ("-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
"""Three at once on two cores, a file at a time, in the order of `tests/conftest.py`: most tests wait for a server now
and then, and a file's stack or rooms are shared in it."""
SLOWEST = 10
"""Tests that are named at the end."""
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
LINTS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "lint-imports": ["-c", LINT_IMPORTS],
}


@dataclass(frozen=True)
class Pass:
    """One run of pytest: where, on which servers, with which arguments."""

    name: str
    servers: Mapping[str, str]
    arguments: Sequence[str] = ()


@dataclass
class Report:
    """What was run and what was left out."""

    steps: list[tuple[str, bool, float]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when every step that was run succeeded."""
        return all(ok for _, ok, _ in self.steps)


def main(arguments: Sequence[str]) -> int:
    """Run the tests; 0 when all that could be run succeeded."""
    if asks_for_help(arguments):
        print(USAGE)
        return 0
    for_pytest = [word for word in arguments if word != "--json"]
    report = Report()
    with tempfile.TemporaryDirectory(prefix="kurashi-test-", dir=quick_place()) as folder, servers(Path(folder)) as own:
        passes = [Pass("pytest", own, for_pytest)]
        if not for_pytest:
            _lint(report)
            passes += named_passes(own, os.environ, report.left)
        for one in passes:
            _pytest(one, () if for_pytest else IN_PARALLEL, Path(folder) / "outcome.xml", report)
    _tell(report)
    if "--json" in arguments:
        print(json.dumps(_as_json(report), ensure_ascii=False))
    return 0 if report.ok else 1


def quick_place(memory: Path = MEMORY) -> Path | None:
    """Return where files are kept in memory, or None (the usual place) where that is missing, barred or too small.

    A test's database is some 700 new files: 0.35 s on a slow disk, 0.03 s in memory. What is lost with it was to go.
    """
    usable = memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= ROOM
    return memory if usable else None


@contextmanager
def servers(folder: Path, durable: bool = False) -> Iterator[dict[str, str]]:
    """Run the wheels' PostgreSQL (its data may be lost unless `durable`) and Redis; give the variables naming them."""
    layout = folders(folder / "var")
    layout.make()
    lock = FolderLock(layout.run)
    supervisor = Supervisor(lock.children)
    ports = Ports(layout.run / "ports.json", ["postgres", "broker"])
    try:
        postgres = Postgres(layout, ports["postgres"], durable=durable)
        broker = Broker(layout, ports["broker"], {})
        ports.hand_over()
        postgres.prepare(lock.children)
        for child in (postgres.child(), broker.child()):
            if child:
                supervisor.start(child)
        supervisor.wait_ready(lambda: postgres.ready() + broker.ready(), 30)
        yield {DATABASE: postgres.admin_url, BROKER: broker.url}
    finally:
        supervisor.stop(["broker", "postgres"], 5)
        supervisor.close()
        lock.release()
        ports.release()


def named_passes(own: Mapping[str, str], environment: Mapping[str, str], left: list[Left]) -> list[Pass]:
    """Return the further passes on the servers that the environment names; note those that it does not name."""
    named = {name: environment[name] for name in (DATABASE, BROKER) if environment.get(name)}
    for name in (DATABASE, BROKER, RABBITMQ):
        if not environment.get(name):
            left.append(Left("a second pass on a server of this machine", f"{name} names none"))
    passes = []
    if named:
        marks = {DATABASE: "dialect", BROKER: "broker"}
        chosen = " or ".join(marks[name] for name in named)
        passes.append(Pass(f"pytest on the named servers ({chosen})", {**own, **named}, ["-m", chosen]))
    if rabbitmq := environment.get(RABBITMQ):
        passes.append(Pass("pytest on RabbitMQ (broker)", {**own, **named, BROKER: rabbitmq}, ["-m", "broker"]))
    return passes


def _lint(report: Report) -> None:
    for name, words in LINTS.items():
        _step(name, [sys.executable, *words], {}, report)


def _pytest(one: Pass, how: Sequence[str], outcome: Path, report: Report) -> None:
    command = [sys.executable, "-m", "pytest", f"--junitxml={outcome}", *how, *one.arguments]
    status = _step(one.name, command, one.servers, report, fine=(0, NO_TESTS) if report.steps else (0,))
    if status == NO_TESTS:
        report.left.append(Left(one.name, "no test is marked so"))
    found = read_outcome(one.name, outcome)
    report.left += found.left
    report.took += found.took


def _step(
    name: str, command: Sequence[str], given: Mapping[str, str], report: Report, fine: Sequence[int] = (0,)
) -> int:
    sys.stderr.write(f"\n== {name}\n")
    sys.stderr.flush()
    began = time.monotonic()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KURASHI_")}
    environment = {**kept, "PYTHONPATH": str(PROJECT), **given}
    status = run_here(command, environment, PROJECT)
    report.steps.append((name, status in fine, time.monotonic() - began))
    return status


def _tell(report: Report) -> None:
    slowest = sorted(report.took, key=lambda one: one.seconds, reverse=True)[:SLOWEST]
    lines = ["", *(f"{seconds:6.0f} s {folder}" for folder, seconds in by_folder(report.took)), ""]
    lines += [*(f"{one.seconds:6.1f} s {one.test}" for one in slowest), ""]
    lines += [*(f"{'ok    ' if ok else 'FAILED'} {name} ({took:.0f} s)" for name, ok, took in report.steps)]
    lines += [f"not run: {left.what}: {left.why}" for left in report.left] or ["everything could be run"]
    sys.stderr.write("\n".join(lines) + "\n")


def _as_json(report: Report) -> dict[str, object]:
    steps = [{"name": name, "ok": ok, "seconds": round(took, 1)} for name, ok, took in report.steps]
    left = [{"what": one.what, "why": one.why} for one in report.left]
    failed = [name for name, ok, _ in report.steps if not ok]
    problem = {"problem": f"failed: {', '.join(failed)}"} if failed else {}
    return {"ok": report.ok, **problem, "steps": steps, "not_run": left}
