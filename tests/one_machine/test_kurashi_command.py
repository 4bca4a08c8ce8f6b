"""`./kurashi` makes its environment whole or not at all, and answers every call as promised."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from infra.one_machine.__main__ import COMMANDS
from infra.one_machine.commands import check, parked
from infra.one_machine.folders import PROJECT, folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.locks import FolderLock

ANSWER = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "python": sys.prefix}))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one command with an empty lock, its environment made once."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "kurashi", folder)
    (folder / "requirements-dev.lock").write_text("# nothing\n")
    (folder / "infra" / "one_machine").mkdir(parents=True)
    (folder / "infra" / "one_machine" / "__main__.py").write_text(ANSWER)
    assert _call(folder).returncode == 0
    return folder


def _call(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(folder / "kurashi"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _machine(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.one_machine", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "100"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script itself as a module."""
    loader = SourceFileLoader("kurashi_script", str(PROJECT / "kurashi"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    script = module_from_spec(spec)
    loader.exec_module(script)
    return script


@pytest.mark.slow
def test_the_command_runs_in_the_environment_and_in_the_callers_folder(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "__init__.py").write_text("raise SystemExit('a folder of the caller was taken for ours')")
    done = _call(project, "run", "--once")
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "arguments": ["run", "--once"],
        "folder": str(tmp_path),
        "python": str(project / ".venv"),
    }


@pytest.mark.slow
def test_a_half_made_environment_is_made_again(project: Path) -> None:
    (project / ".venv" / "made-from").unlink()
    (project / ".venv" / "bin" / "python").unlink()
    done = _call(project)
    assert done.returncode == 0
    assert "making the environment" in done.stderr


@pytest.mark.slow
def test_a_changed_lock_brings_the_environment_up_to_date(project: Path) -> None:
    (project / "requirements-dev.lock").write_text("# still nothing\n")
    first, second = _call(project), _call(project)
    assert "up to date" in first.stderr
    assert (first.returncode, second.returncode, second.stderr) == (0, 0, "")


@pytest.mark.slow
def test_a_lock_that_cannot_be_installed_is_a_clear_failure_and_is_tried_again(project: Path) -> None:
    (project / "requirements-dev.lock").write_text(f"./missing.whl --hash=sha256:{'0' * 64}\n")
    failed = _call(project, "run", "--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout.splitlines()[-1]) == {
        "ok": False,
        "problem": "the packages of the lock cannot be installed",
    }
    (project / "requirements-dev.lock").write_text("# nothing again\n")
    assert _call(project).returncode == 0


@pytest.mark.slow
def test_two_calls_at_once_make_one_environment(project: Path) -> None:
    (project / ".venv" / "made-from").unlink()
    command = [sys.executable, str(project / "kurashi")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("making the environment" in errors for _, errors in told) == 1


LINGERING = """
import threading, time
def main(arguments):
    threading.Thread(target=time.sleep, args=(120,)).start()
    raise KeyboardInterrupt
"""


def test_a_command_that_is_interrupted_waits_for_no_thread_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "lingering.py").write_text(LINGERING)
    code = "from infra.one_machine import __main__ as our; our.COMMANDS['run'] = 'lingering'; our.program(['run'])"
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT}:{tmp_path}"}
    command = [sys.executable, "-c", code]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (stopped.returncode, stopped.stderr) == (130, "kurashi: stopped\n")


def test_another_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _script(monkeypatch)
    monkeypatch.setattr(script, "VERSIONS", ((2, 98), (2, 99)))
    monkeypatch.setattr(sys, "argv", ["kurashi", "run"])
    with pytest.raises(SystemExit) as ended:
        script.main()
    assert ended.value.code == 1
    assert "needs 3.11 or 3.12" in capsys.readouterr().err


@pytest.mark.parametrize("call", [[], ["pay"], ["audit"], ["audit", "sign"], ["bench", "sorting"], ["audit", "export"]])
def test_a_wrong_call_ends_with_2_and_says_what_there_is(call: list[str]) -> None:
    refused = _machine(*call, "--json")
    assert refused.returncode == 2
    assert "usage: ./kurashi" in refused.stderr
    answer = json.loads(refused.stdout.splitlines()[-1])
    assert answer["ok"] is False
    assert "usage" in answer["problem"]


def test_the_rules_alone_load_neither_servers_nor_database() -> None:
    code = "import sys, infra.one_machine.__main__, infra.one_machine.commands.assess; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"flask", "sqlalchemy", "psycopg", "celery", "kombu", "redis", "requests", "gunicorn"}


def test_a_second_run_writes_nothing_into_a_folder_that_another_holds(tmp_path: Path) -> None:
    where = folders(tmp_path)
    where.make()
    lock = FolderLock(where.run)
    done = _machine("run", "--households", "5", "--once", "--json", "--data-dir", str(tmp_path))
    lock.release()
    assert done.returncode == 1
    assert "in use by another run" in json.loads(done.stdout)["problem"]
    assert not (tmp_path / "ward").exists()


HELPS = sorted((PROJECT / "infra" / "one_machine" / "help").glob("*.txt"))


def _words_of(path: Path) -> list[str]:
    return [] if path.stem == "kurashi" else path.stem.split("-")


def test_every_verb_has_its_help() -> None:
    verbs = {words[0] for words in map(_words_of, HELPS) if words}
    assert verbs == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("path", HELPS, ids=lambda path: path.stem)
def test_the_help_that_needs_no_environment_is_what_the_command_says(path: Path) -> None:
    """Where it is not: `COLUMNS=100 python -m infra.one_machine audit export --help > …/help/audit-export.txt`."""
    done = _machine(*_words_of(path), "--help")
    assert (done.returncode, done.stdout) == (0, path.read_text())


def test_help_makes_no_environment_and_runs_nothing(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "kurashi", tmp_path)
    shutil.copytree(PROJECT / "infra" / "one_machine" / "help", tmp_path / "infra" / "one_machine" / "help")
    for words in ([], ["run"], ["test"], ["test", "-k", "money"], ["audit", "verify"], ["bench", "rules"]):
        done = _call(tmp_path, *words, "--help")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("usage: "), words
    assert not (tmp_path / ".venv").exists()
    assert "--households" in _call(tmp_path, "run", "-h").stdout


@pytest.mark.parametrize("call", [[], ["pay"], ["pay", "--json"], ["--json"]])
def test_a_call_of_no_command_makes_no_environment_either(tmp_path: Path, call: list[str]) -> None:
    shutil.copy(PROJECT / "kurashi", tmp_path)
    shutil.copytree(PROJECT / "infra" / "one_machine" / "help", tmp_path / "infra" / "one_machine" / "help")
    done = _call(tmp_path, *call)
    assert done.returncode == 2
    assert "usage: ./kurashi" in done.stderr
    assert bool(done.stdout) is ("--json" in call)
    assert not (tmp_path / ".venv").exists()
    assert "--households" in _call(tmp_path, "help", "run").stdout


@pytest.mark.parametrize(
    ("call", "says", "names"),
    [
        ("rnu", "there is no command rnu", "{run|ward|"),
        ("nosuch --help", "there is no command nosuch", "{run|ward|"),
        ("help nosuch", "there is no command nosuch", "{run|ward|"),
        ("kurashi", "there is no command kurashi", "{run|ward|"),
        ("", "a command is missing", "{run|ward|"),
        ("ward", "ward needs to be told what to do", "{check,example,template}"),
        ("ward templat folder", "ward does not know templat", "{check,example,template}"),
        ("bench sorting", "bench does not know sorting", "{rules|audit|api}"),
        ("audit", "audit needs to be told what to do", "{export|verify}"),
        ("run --nosuch", "run has no option --nosuch", "--data-dir"),
        ("run --input=ward --onec", "run has no option --onec", "--data-dir"),
        ("bench rules --sise=5", "bench has no option --sise", "--size"),
    ],
)
def test_a_mistyped_word_is_named_beside_the_right_ones_and_makes_no_environment(
    tmp_path: Path, call: str, says: str, names: str
) -> None:
    shutil.copy(PROJECT / "kurashi", tmp_path)
    shutil.copytree(PROJECT / "infra" / "one_machine" / "help", tmp_path / "infra" / "one_machine" / "help")
    refused = _call(tmp_path, *call.split())
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[-1] == f"kurashi: {says}"
    assert names in refused.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    "call",
    [
        "run --once --data-dir=folder",
        "ward --seed 3 check folder",
        "ward check -- folder",
        "parked",
        "parked --data-dir folder",
        "test --nosuch-of-ours -k money",
        "audit verify folder --since older",
        "bench audit --tree 5",
        "assess --explain",
        "faults --runs 2",
    ],
)
def test_a_right_call_is_left_to_the_command(
    call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _script(monkeypatch)._explained(call.split()) is False
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "named"),
    [
        (["ward", "template", "{file}/ward"], "{file}"),
        (["ward", "example", "/proc/ward"], "/proc/ward"),
        (["run", "--once", "--data-dir", "{file}"], "{file} is a file"),
        (["run", "--once", "--data-dir", "/proc/office"], "/proc/office"),
        (["run", "--once", "--input", "{file}"], "{file} はファイルです"),
        (["run", "--once", "--input", "{file}.none"], "{file}.none がありません"),
        (["check", "--data-dir", "{file}.none"], "{file}.none"),
    ],
)
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, call: list[str], named: str) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = _machine(*(word.format(file=file) for word in call), "--json")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert named.format(file=file) in json.loads(done.stdout)["problem"]


def test_what_holds_is_said_in_words_and_times_as_people_write_them() -> None:
    figures = {"at": 1_795_000_000, "problem": None, "refusals": 0, "missing": {"payments": 12_345}, "verified": True}
    said = check.in_words({"name": "the witness co-signed", "ok": True, "figures": figures})
    assert said == (
        "holds  the witness co-signed: at 2026-11-18 11:06:40 UTC, refusals 0, missing payments 12,345, verified yes"
    )


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office in which one thing does not hold and one is parked."""
    parked_item = {"fact_id": "7", "parked_at": "2026-11-24T00:00:00", "type": "task", "subject": "payments.hand_over"}
    item = {**parked_item, "service": "payments", "stream": "tasks", "producer": "payments", "number": 4, "reason": "x"}
    for module in (check, parked):
        monkeypatch.setattr(module, "open_office", lambda *_, **__: nullcontext())
    monkeypatch.setattr(check, "check", lambda _: [{"name": "nothing is parked", "ok": False, "figures": {"n": 1}}])
    monkeypatch.setattr(parked, "silent", lambda _: [])
    monkeypatch.setattr(parked, "parked_items", lambda *_: [item])


@pytest.mark.parametrize("main", [check.main, parked.main])
def test_nothing_is_said_to_hold_of_a_data_folder_that_is_none(
    main: Callable[[list[str]], int], tmp_path: Path
) -> None:
    with pytest.raises(MachineError, match="no office was ever started"):
        main(["--data-dir", str(tmp_path / "mistyped")])
    assert not (tmp_path / "mistyped").exists()


def test_the_tests_that_newcomers_are_told_to_run_are_there() -> None:
    told = re.findall(r"kurashi test (tests/\S+\.py) -k (\w+)", (PROJECT / "DEVELOPMENT.md").read_text())
    assert told
    for path, word in told:
        assert re.search(rf"def test_\w*{word}", (PROJECT / path).read_text()), (path, word)


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["check", "parked"])
def test_what_people_read_is_on_standard_output_and_beside_the_json_on_standard_error(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main = {"check": check.main, "parked": parked.main}[command]
    main([])
    read = capsys.readouterr()
    assert (bool(read.out), read.err) == (True, "")
    main(["--json"])
    asked = capsys.readouterr()
    assert asked.err == read.out
    assert json.loads(asked.out)["ok"] is (command == "parked")
