"""Children are kept running, stopped in time, and do not outlive their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from infra.one_machine.folders import PROJECT
from infra.one_machine.problems import MachineError
from infra.one_machine.processes import supervisor as supervision
from infra.one_machine.processes.child import Child, run_side_by_side
from infra.one_machine.processes.forking import PRELOADED
from infra.one_machine.processes.inherited_environment import passed_on
from infra.one_machine.processes.locks import FolderLock, end_holders, holders, is_held
from infra.one_machine.processes.supervisor import Supervisor

PARENT = """
import sys, time
from pathlib import Path
from infra.one_machine.processes.child import Child
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.supervisor import Supervisor
folder = Path(sys.argv[1])
supervisor = Supervisor(FolderLock(folder).children)
supervisor.start(Child("child", [sys.executable, "-c", sys.argv[2]], {}, folder / "log"))
(folder / "started").write_text(str(supervisor.pid("child")))
time.sleep(60)
"""
FORKED_WORDS = '["forked_program"], {}, folder / "log", forked=True'
OBEDIENT = "import time; time.sleep(60)"
DEAF = "; ".join(
    [
        "import os, signal, time",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "print('deaf', os.getpid(), flush=True)",
        "time.sleep(60)",
    ]
)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A parent of children whose names are all stopped at the end."""
    lock = FolderLock(tmp_path)
    made = Supervisor(lock.children)
    yield made
    made.stop(made.names(), 1)
    made.close()
    lock.release()


def _child(folder: Path, code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], {}, folder / "child.log")


def _wait(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_dies_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(_child(tmp_path, OBEDIENT))
    before = supervisor.pid("child")
    supervisor.kill("child")
    _wait(lambda: supervisor.pid("child") != before)
    assert supervisor.problem() is None


def test_a_child_that_never_stands_is_given_up_soon_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_SECONDS", (0.0,) * 5)
    supervisor.start(_child(tmp_path, "import sys; sys.exit('the port is taken')"))
    with pytest.raises(MachineError, match=r"died 6 times without standing(.|\n)*the port is taken"):
        supervisor.wait_ready(lambda: ["child"], 20)


def test_a_child_that_stood_is_started_again_for_longer_than_a_recovery_takes(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_SECONDS", (0.0,) * 5)
    monkeypatch.setattr(supervision, "LONGEST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(supervision, "STANDS_SECONDS", 0.0)
    supervisor.start(_child(tmp_path, OBEDIENT))
    supervisor.kill("child")
    before = supervisor.pid("child")
    _wait(lambda: supervisor.pid("child") != before)
    monkeypatch.setattr(supervision, "STANDS_SECONDS", 60.0)
    for _ in range(8):
        before = supervisor.pid("child")
        supervisor.kill("child")
        _wait(lambda before=before: supervisor.pid("child") != before)  # type: ignore[misc]
    assert supervisor.problem() is None, "eight times killed in its recovery"
    monkeypatch.setattr(supervision, "PATIENCE_SECONDS", 0.0)
    supervisor.kill("child")
    _wait(supervisor.problem)


def test_the_person_at_the_terminal_is_told_who_was_killed_and_comes_back(tmp_path: Path) -> None:
    told: list[str] = []
    lock = FolderLock(tmp_path)
    supervisor = Supervisor(lock.children, told.append)
    supervisor.start(_child(tmp_path, OBEDIENT))
    supervisor.kill("child")
    _wait(lambda: told)
    assert told == ["child was killed (SIGKILL); it is started again"]
    supervisor.stop(["child"], 1)
    supervisor.close()
    lock.release()


def test_what_is_not_ready_in_time_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(MachineError, match=r"not ready after 0 seconds: payments.web"):
        supervisor.wait_ready(lambda: ["payments.web"], 0)


def test_a_child_that_will_not_stop_is_ended_with_all_it_started(supervisor: Supervisor, tmp_path: Path) -> None:
    family = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); " + DEAF
    supervisor.start(_child(tmp_path, family))
    log = tmp_path / "child.log"
    _wait(lambda: log.read_text().count("deaf") == 2)
    began = time.monotonic()
    supervisor.stop(["child"], 0.5)
    assert time.monotonic() - began < 30
    family_pids = [int(line.split()[1]) for line in log.read_text().splitlines()]
    _wait(lambda: not any(_lives(pid) for pid in family_pids), 1)


def _parent(folder: Path, code: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    started = subprocess.Popen([sys.executable, "-c", PARENT, str(folder), code], env=environment)
    _wait(lambda: (folder / "started").exists() and (folder / "started").read_text())
    return started


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_when_the_parent_is_killed_its_children_end(tmp_path: Path) -> None:
    with _parent(tmp_path, OBEDIENT) as parent:
        child = int((tmp_path / "started").read_text())
        assert _lives(child)
        parent.kill()
    _wait(lambda: not _lives(child))
    FolderLock(tmp_path).release()


def test_the_next_run_ends_what_would_not_go_with_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.one_machine.processes.locks.GRACE_SECONDS", 0.3)
    with _parent(tmp_path, DEAF) as parent:
        child = int((tmp_path / "started").read_text())
        _wait(lambda: "deaf" in (tmp_path / "log").read_text())
        parent.kill()
    assert _lives(child)
    lock = FolderLock(tmp_path)
    assert not _lives(child)
    lock.release()


def test_a_second_run_on_the_same_folder_is_refused_and_disturbs_nothing(tmp_path: Path) -> None:
    with _parent(tmp_path, OBEDIENT) as parent:
        assert is_held(tmp_path)
        with pytest.raises(MachineError, match=f"in use by another run \\(process {parent.pid}\\)"):
            FolderLock(tmp_path)
        assert _lives(int((tmp_path / "started").read_text()))
        parent.send_signal(signal.SIGKILL)
    FolderLock(tmp_path).release()
    assert not is_held(tmp_path)


def test_a_lock_file_that_nobody_holds_is_stale_and_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "parent.lock").write_text("1\n")
    (tmp_path / "children.lock").touch()
    lock = FolderLock(tmp_path)
    assert (tmp_path / "parent.lock").read_text() == f"{os.getpid()}\n"
    lock.release()


def test_nobody_else_is_ended(tmp_path: Path) -> None:
    (tmp_path / "children.lock").touch()
    assert end_holders(tmp_path / "children.lock") == []


def test_all_that_the_fork_server_is_to_import_can_be_imported() -> None:
    for name in PRELOADED:
        import_module(name)


def test_the_fork_server_imports_no_service_and_nothing_that_counts_for_one() -> None:
    code = f"import importlib, sys; [importlib.import_module(name) for name in {PRELOADED}]; print(*sys.modules)"
    modules = _python(code).split()
    assert [name for name in modules if name.startswith("services.")] == []
    assert "shared.access.emergencies" not in modules, "its metric would stand at services without emergencies"


def _python(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout


def _forked(folder: Path, code: str, **env: str) -> Child:
    (folder / "forked_program.py").write_text(code)
    return Child("program", ["forked_program", "word"], env, folder / "log", forked=True)


def test_a_forked_child_has_its_own_surroundings_log_and_session_and_ends_with_the_status_of_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor
) -> None:
    del supervisor
    monkeypatch.syspath_prepend(tmp_path)
    code = """
import os, sys
print(dict(os.environ), sys.argv[1:], os.getsid(0) == os.getpid())
print(*(pair.partition("=")[0] for pair in open("/proc/self/environ").read().split(chr(0)) if pair))
sys.exit(3)
"""
    held = os.open(tmp_path / "held.lock", os.O_CREAT)
    child = _forked(tmp_path, code, OWN="its own").start(held)
    os.close(held)
    assert child.wait(20) == 3
    own, servers = (tmp_path / "log").read_text().splitlines()
    assert own == "{'OWN': 'its own'} ['word'] True"
    ours = {"PYTHONPATH", "LINES", "COLUMNS"}  # the last two: readline within pytest sets them past Python
    given = {name: "" for name in servers.split() if name not in ours}
    assert given
    assert passed_on(given) == given, "the fork server was told of the caller's environment what every process may see"


def test_a_forked_child_collects_its_own_garbage_alone_and_its_server_has_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor
) -> None:
    del supervisor
    monkeypatch.syspath_prepend(tmp_path)
    code = """
import gc, os
print(gc.isenabled(), gc.get_freeze_count() > 100_000, len(os.listdir(f"/proc/{os.getppid()}/task")))
"""
    held = os.open(tmp_path / "held.lock", os.O_CREAT)
    assert _forked(tmp_path, code).start(held).wait(20) == 0
    os.close(held)
    assert (tmp_path / "log").read_text() == "True True 1\n"


def test_what_runs_side_by_side_ends_with_the_first_that_fails_and_says_which_it_was(tmp_path: Path) -> None:
    slow = _child(tmp_path, OBEDIENT)
    failing = Child("failing", [sys.executable, "-c", "raise SystemExit('no room')"], {}, tmp_path / "failing.log")
    held = os.open(tmp_path / "held.lock", os.O_CREAT)
    began = time.monotonic()
    with pytest.raises(MachineError, match=r"failing failed \(exit status 1\):\nno room"):
        run_side_by_side([failing, slow], held)
    assert time.monotonic() - began < 10
    os.close(held)
    assert holders(tmp_path / "held.lock") == []


def test_a_forked_child_is_kept_running_and_dies_with_its_parent(tmp_path: Path) -> None:
    _forked(tmp_path, OBEDIENT)
    code = PARENT.replace('[sys.executable, "-c", sys.argv[2]], {}, folder / "log"', FORKED_WORDS)
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT}:{tmp_path}"}
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment) as parent:
        started = tmp_path / "started"
        _wait(lambda: started.exists() and started.read_text(), 30)
        first = int(started.read_text())
        os.kill(first, signal.SIGKILL)
        _wait(lambda: set(holders(tmp_path / "children.lock")) - {first, parent.pid}, 30)
        parent.kill()
    _wait(lambda: not holders(tmp_path / "children.lock"), 10)


def test_a_fork_server_that_is_stopped_keeps_nobody_from_ending_and_starting_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    supervisor.start(_forked(tmp_path, OBEDIENT))
    first = supervisor.pid("program")
    os.kill(_parent_of(first), signal.SIGSTOP)
    os.kill(first, signal.SIGKILL)
    _wait(lambda: supervisor.pid("program") != first, 20)
    server = _parent_of(supervisor.pid("program"))
    os.kill(server, signal.SIGSTOP)
    began = time.monotonic()
    supervisor.stop(["program"], 1)
    assert time.monotonic() - began < 30
    os.kill(server, signal.SIGKILL)  # this process would wait for it at its end


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
