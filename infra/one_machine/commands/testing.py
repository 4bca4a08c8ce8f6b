"""`./kurashi test`: everything that this machine can check, against servers of its own, and then against those named.

Without arguments: ruff, mypy and import-linter, and beside them all tests on the wheels' PostgreSQL and broker; then
the tests marked `dialect` or `broker` once more on the servers that the caller's environment names. A folder of tests
that takes more CPU than `tests/budgets.toml` allows fails. What could not be run is said; with `--all` it fails.
`--quick`, for between two edits: the tests that need no server and are not marked `slow`. Other arguments go to pytest,
which then runs alone.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.one_machine.commands.arguments import asks_for_help
from infra.one_machine.commands.skipped_tests import (
    Left,
    Took,
    by_folder,
    over_budget,
    pace,
    read_budgets,
    read_outcome,
)
from infra.one_machine.folders import PROJECT, folders
from infra.one_machine.processes.broker import Broker
from infra.one_machine.processes.child import run_here
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.postgres import Postgres
from infra.one_machine.processes.supervisor import Supervisor

DATABASE, BROKER, RABBITMQ = "KURASHI_TEST_DATABASE_URL", "KURASHI_TEST_BROKER_URL", "KURASHI_TEST_RABBITMQ_URL"
USAGE = f"usage: ./kurashi test [--quick | --all | ARGUMENTS OF PYTEST] [--json]\n\n{(__doc__ or '').strip()}"
NO_TESTS = 5
MEMORY, BYTES_NEEDED = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of a random name is made in it
"""Where Linux keeps files in memory, and the bytes that must be free there (the WAL of a run stays below 2 GB)."""
IN_PARALLEL = ("-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
"""Three at once on two cores, a file at a time, in the order of `tests/conftest.py`: most tests wait for a server now
and then, and a file's stack or services are shared in it."""
QUICK = ("-m", "not (database or broker or stack or containers or slow)")
"""What needs no server and is over at once: for between two edits."""
SLOWEST = 10
"""Tests that are named at the end."""
BUDGETS = PROJECT / "tests" / "budgets.toml"
OWN_WORDS = ("--json", "--all", "--quick")
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
    """What was run and what was left out; where `all` is asked for, what was left out is a failure."""

    all: bool = False
    steps: list[tuple[str, bool, float]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)
    over: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """What makes the command fail."""
        left = [f"not run: {each.what}: {each.why}" for each in self.left if each.missing] if self.all else []
        return [*(name for name, ok, _ in self.steps if not ok), *self.over, *left]


def main(arguments: Sequence[str]) -> int:
    """Run the tests; 0 when all that was run succeeded, and with `--all` nothing was left out."""
    if asks_for_help(arguments):
        print(USAGE)
        return 0
    for_pytest = [word for word in arguments if word not in OWN_WORDS]
    report = Report(all="--all" in arguments)
    with tempfile.TemporaryDirectory(prefix="kurashi-test-", dir=quick_place()) as folder:
        outcome = Path(folder) / "outcome.xml"
        if "--quick" in arguments:
            _pytest(Pass("pytest", {}, [*QUICK, *for_pytest]), IN_PARALLEL, outcome, report)
            report.left.append(Left("linters, other tests and other servers", "--quick asks for the quick tests alone"))
        else:
            with servers(Path(folder)) as own:
                _whole(own, outcome, report) if not for_pytest else _chosen(own, for_pytest, outcome, report)
    _print_summary(report)
    if "--json" in arguments:
        print(json.dumps(_as_json(report), ensure_ascii=False))
    return 1 if report.failures else 0


def _chosen(own: Mapping[str, str], for_pytest: Sequence[str], outcome: Path, report: Report) -> None:
    _pytest(Pass("pytest", own, for_pytest), (), outcome, report)
    report.left.append(Left("linters, other tests and other servers", "arguments choose the tests that are run"))


def _whole(own: Mapping[str, str], outcome: Path, report: Report) -> None:
    """The linters in a thread beside the tests: a worker waits for a server now and then."""
    with ThreadPoolExecutor(1) as beside:
        lints = [beside.submit(_lint, words) for words in LINTS.values()]
        _pytest(Pass("pytest", own), IN_PARALLEL, outcome, report)
        report.over = over_budget(report.took, read_budgets(BUDGETS), pace())
        for name, lint in zip(LINTS, lints, strict=True):
            _note_lint(name, lint, report)
    for further in named_passes(own, os.environ, report.left):
        _pytest(further, IN_PARALLEL, outcome, report)


def quick_place(memory: Path = MEMORY) -> Path | None:
    """Return where files are kept in memory, or None (the usual place) where that is missing, barred or too small.

    A test's database is some 700 new files: 0.35 s on a slow disk, 0.03 s in memory. What is lost with it was to go.
    """
    usable = memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= BYTES_NEEDED
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


def _lint(words: Sequence[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    command = [sys.executable, *words]
    process = subprocess.run(command, cwd=PROJECT, env=_environment({}), capture_output=True, text=True, check=False)
    return process, time.monotonic() - began


def _note_lint(name: str, lint: "Future[tuple[subprocess.CompletedProcess[str], float]]", report: Report) -> None:
    process, seconds = lint.result()
    sys.stderr.write(f"\n== {name}\n{process.stdout}{process.stderr}")
    report.steps.append((name, process.returncode == 0, seconds))


def _environment(servers: Mapping[str, str]) -> dict[str, str]:
    """What a step sees: nothing of ours but the servers; mypy keeps its cache where a fresh checkout finds it again."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KURASHI_")}
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kurashi" / "mypy"
    return {"MYPY_CACHE_DIR": str(cache), **others, "PYTHONPATH": str(PROJECT), **servers}


def _pytest(run: Pass, how: Sequence[str], outcome: Path, report: Report) -> None:
    command = [sys.executable, "-m", "pytest", f"--junitxml={outcome}", *how, *run.arguments]
    sys.stderr.write(f"\n== {run.name}\n")
    sys.stderr.flush()
    began = time.monotonic()
    status = run_here(command, _environment(run.servers), PROJECT)
    fine = (0, NO_TESTS) if report.steps else (0,)
    report.steps.append((run.name, status in fine, time.monotonic() - began))
    if status == NO_TESTS:
        report.left.append(Left(run.name, "no test is marked so"))
    result = read_outcome(run.name, outcome)
    report.left += result.left
    report.took += result.took


def _print_summary(report: Report) -> None:
    slowest = sorted(report.took, key=lambda test: test.seconds, reverse=True)[:SLOWEST]
    sums = by_folder(report.took).items()
    lines = ["", *(f"{spent.seconds:6.0f} s, {spent.cpu:4.0f} s of CPU: {folder}" for folder, spent in sums), ""]
    lines += [*(f"{test.seconds:6.1f} s {test.test}" for test in slowest), ""]
    lines += [*(f"{'ok    ' if ok else 'FAILED'} {name} ({took:.0f} s)" for name, ok, took in report.steps)]
    lines += [f"FAILED {words}" for words in report.over]
    lines += [f"not run: {left.what}: {left.why}" for left in report.left] or ["everything was run"]
    sys.stderr.write("\n".join(lines) + "\n")


def _as_json(report: Report) -> dict[str, object]:
    steps = [{"name": name, "ok": ok, "seconds": round(took, 1)} for name, ok, took in report.steps]
    left = [{"what": each.what, "why": each.why} for each in report.left]
    problem = {"problem": f"failed: {', '.join(report.failures)}"} if report.failures else {}
    return {"ok": not report.failures, **problem, "steps": steps, "not_run": left}
