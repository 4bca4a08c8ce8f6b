"""The stack of one machine: everything comes up, comes back, goes in time, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import requests

from infra.issuer.login import machine_token
from infra.one_machine.folders import PROJECT, folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.locks import holders
from infra.one_machine.processes.office import running_office
from infra.one_machine.processes.stack import Stack, open_office
from infra.verifier.notes import open_checkpoint, parse_key
from infra.verifier.watch import standing

pytestmark = pytest.mark.stack
ONE = ("audit_logging",)
SERVE = """
import sys, threading
from infra.one_machine.signals import take_signals
from infra.one_machine.processes.stack import Stack
take_signals()
try:
    with Stack(sys.argv[1], only=("audit_logging",)):
        print("ready", flush=True)
        threading.Event().wait()
except KeyboardInterrupt:
    sys.exit(130)
"""

IGNORING = ("sh", "-c", 'trap \'\' INT TERM; exec "$0" "$@"')
"""Starts a command as a script's `&` or nohup does: with signals that are ignored."""


@contextmanager
def _parent(folder: Path, before: Sequence[str] = ()) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds a stack; it and its stack are gone at the end, whatever the test came to."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [*before, sys.executable, "-c", SERVE, str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "ready\n"
            yield started
        finally:
            started.kill()


def _processes_of(folder: Path) -> list[int]:
    """Return the ids of the processes that still work on a data folder: each holds its children's lock."""
    return holders(folder / "run" / "children.lock")


def _wait(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _entries(stack: Stack) -> int:
    with stack.office.client("audit_logging") as client:
        answer = client.get("/figures")
    assert answer.status_code == 200
    return int(answer.json()["entries"])


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of one service that several tests look at."""
    with Stack(tmp_path_factory.mktemp("office") / "var", env="test", only=ONE) as running:
        yield running


def test_a_witness_stands_beside_the_office_and_comes_back(stack: Stack) -> None:
    _wait(lambda: (now := standing(stack.folders.witness)) and now.holds(time.time(), 30), 60)
    kept = open_checkpoint(
        (stack.folders.witness / "checkpoint").read_bytes(),
        parse_key((stack.folders.witness / "log.pub").read_text()),
        "checkpoint",
    )
    assert kept.origin == "kurashi/demo-ward"
    assert stack.folders.witness.stat().st_mode & 0o777 == 0o700
    before = stack.pid("witness")
    stack.kill("witness")
    _wait(lambda: stack.pid("witness") != before, 30)
    began = time.time()
    _wait(lambda: (now := standing(stack.folders.witness)) and now.at > began, 30)


def test_the_witness_is_told_no_secret_and_only_the_log_where_it_is_published(stack: Stack) -> None:
    environment = Path(f"/proc/{stack.pid('witness')}/environ").read_bytes()
    assert b"SECRETS" not in environment
    assert b"PUBLISH" not in environment


def test_a_token_of_another_issuer_or_for_another_service_opens_nothing(stack: Stack) -> None:
    url = f"{stack.urls['audit_logging']}/figures"
    wrong = machine_token(stack.urls["issuer"], stack.office.credentials(), "payments")
    for token in (wrong, wrong[:-4] + "AAAA", ""):
        answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.status_code == 401


def test_a_command_uses_the_stack_that_runs_on_its_folder_and_leaves_it_running(stack: Stack) -> None:
    with open_office(stack.folders.root) as office, office.client("audit_logging") as client:
        assert office.urls == stack.office.urls
        assert client.get("/figures").status_code == 200
    assert _entries(stack) >= 0


def test_two_data_folders_run_at_once(stack: Stack, tmp_path: Path) -> None:
    with Stack(tmp_path / "var", env="test", only=ONE) as other:
        assert not set(stack.urls.values()) & set(other.urls.values())
        assert _entries(stack) >= 0
        assert _entries(other) >= 0
    assert _entries(stack) >= 0
    assert not _processes_of(tmp_path / "var")


def test_each_role_of_the_database_may_log_in_and_nobody_else(stack: Stack) -> None:
    with psycopg.connect(stack.admin_url) as admin:
        roles = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")}
    assert roles == {"postgres", "audit_logging_owner", "audit_logging_runtime"}


@pytest.mark.parametrize("name", ["audit_logging.web", "audit_logging.worker", "broker", "issuer", "postgres"])
def test_a_killed_process_comes_back_and_the_log_answers_as_before(stack: Stack, name: str) -> None:
    before, pid = _entries(stack), stack.pid(name)
    stack.kill(name)
    _wait(lambda: stack.pid(name) != pid, 10)
    stack.wait_ready()
    assert _entries(stack) >= before
    assert stack.problem() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_stop_everything_within_ten_seconds_though_ignored_by_who_started_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    with _parent(tmp_path / "var", IGNORING) as parent:
        began = time.monotonic()
        parent.send_signal(number)
        time.sleep(0.2)
        parent.send_signal(number)
        assert parent.wait(10) == 130
    assert time.monotonic() - began < 10
    assert not _processes_of(tmp_path / "var")
    assert running_office(folders(tmp_path / "var")) is None


def test_after_kill_9_of_the_parent_the_next_run_starts_and_the_old_one_is_gone(tmp_path: Path) -> None:
    with _parent(tmp_path / "var") as parent:
        office = running_office(folders(tmp_path / "var"))
        assert office is not None
        assert requests.get(f"{office.urls['audit_logging']}/health/live", timeout=5).status_code == 200
        with pytest.raises(MachineError, match="in use by another run"), Stack(tmp_path / "var", only=ONE):
            pass
        parent.kill()
    with Stack(tmp_path / "var", env="test", only=ONE) as stack:
        assert _entries(stack) >= 0
        pids = {stack.pid(name) for name in stack.names()}
        _wait(lambda: _leaders(tmp_path / "var") <= pids, 10)
    assert not _processes_of(tmp_path / "var")


def _leaders(folder: Path) -> set[int]:
    """Return the sessions that work on a data folder; those of PostgreSQL's own children go with their server."""
    found = set()
    for pid in _processes_of(folder):
        with suppress(ProcessLookupError, FileNotFoundError):
            if not Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres:"):
                found.add(os.getsid(pid))
    return found
