"""`./kurashi test` says what it ran on which servers, what failed, and what it left out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.one_machine.commands import testing
from infra.one_machine.commands.skipped_tests import (
    Left,
    Sum,
    Took,
    by_folder,
    over_budget,
    pace,
    read_budgets,
    read_outcome,
)
from infra.one_machine.commands.testing import BROKER, BUDGETS, DATABASE, RABBITMQ, Report, named_passes

OWN = {DATABASE: "postgresql://own", BROKER: "redis://own"}


def test_without_named_servers_there_is_one_pass_and_the_rest_is_said() -> None:
    left: list[Left] = []
    assert named_passes(OWN, {}, left) == []
    assert [one.why for one in left] == [f"{name} names none" for name in (DATABASE, BROKER, RABBITMQ)]


def test_the_named_servers_get_the_marked_tests_and_the_own_ones_fill_the_gaps() -> None:
    left: list[Left] = []
    (only,) = named_passes(OWN, {DATABASE: "postgresql://fifteen"}, left)
    assert (only.servers, only.arguments) == ({**OWN, DATABASE: "postgresql://fifteen"}, ["-m", "dialect"])

    named = {DATABASE: "postgresql://fifteen", BROKER: "redis://seven", RABBITMQ: "amqp://rabbit"}
    both, rabbit = named_passes(OWN, named, left)
    assert (both.servers[BROKER], both.arguments) == ("redis://seven", ["-m", "dialect or broker"])
    assert (rabbit.servers[BROKER], rabbit.arguments) == ("amqp://rabbit", ["-m", "broker"])
    assert rabbit.servers[DATABASE] == "postgresql://fifteen"


def test_databases_lie_in_memory_only_where_there_is_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert testing.quick_place(tmp_path / "missing") is None
    monkeypatch.setattr(testing, "BYTES_NEEDED", 1)
    assert testing.quick_place(tmp_path) == tmp_path
    monkeypatch.setattr(testing, "BYTES_NEEDED", 2**62)
    assert testing.quick_place(tmp_path) is None


SAMPLE = """
import os, pytest
def test_servers():
    assert os.environ["KURASHI_TEST_DATABASE_URL"].startswith("postgresql://postgres:")
    assert os.environ["KURASHI_TEST_BROKER_URL"].startswith("redis://")
    assert not [name for name in os.environ if name.startswith("KURASHI_") and not name.startswith("KURASHI_TEST_")]
def test_left():
    pytest.skip("no container engine")
"""


@pytest.mark.slow
def test_arguments_go_to_pytest_which_then_runs_alone_on_own_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    monkeypatch.setenv("KURASHI_BROKER_URL", "redis://somebody-elses")
    monkeypatch.setenv(DATABASE, "postgresql://not-meant-for-this-pass")
    chosen = ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]

    assert testing.main([*chosen, "--json"]) == 0
    answer = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (answer["ok"], [step["name"] for step in answer["steps"]]) == (True, ["pytest"])
    assert answer["not_run"] == [
        {"what": "1 test of pytest", "why": "no container engine"},
        {"what": "linters, other tests and other servers", "why": "arguments choose the tests that are run"},
    ]


@pytest.mark.slow
def test_a_failing_test_fails_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_sample.py").write_text("def test_yen():\n    assert 1 == 2\n")
    assert testing.main(["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path), "--json"]) == 1
    told = capfd.readouterr()
    assert json.loads(told.out.splitlines()[-1])["problem"] == "failed: pytest"
    assert "FAILED pytest" in told.err


@pytest.mark.slow
def test_reasons_for_skipping_are_counted_once_each(tmp_path: Path) -> None:
    (tmp_path / "test_many.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(3))\ndef test_it(n):\n    pytest.skip('no engine')\n"
    )
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", str(tmp_path)]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert read_outcome("pytest", report).left == [Left("3 tests of pytest", "no engine")]
    assert read_outcome("pytest", report).left == []


def test_the_seconds_of_tests_are_summed_by_folder_the_longest_first() -> None:
    took = [
        Took("tests.rules.test_a.one", 1.0, 0.5),
        Took("tests.stack.test_b.two", 5.0, 4.0),
        Took("tests.rules.test_c.x", 2.5, 0.25),
    ]
    assert list(by_folder(took).items()) == [("tests.stack", Sum(5.0, 4.0)), ("tests.rules", Sum(3.5, 0.75))]


def test_a_folder_that_takes_more_cpu_than_its_budget_is_named_and_one_without_a_budget_too() -> None:
    took = [
        Took("tests.rules.test_a.one", 90.0, 10.0),
        Took("tests.stack.test_b.two", 1.0, 10.1),
        Took("tests.new.x.y", 1, 1),
    ]
    assert over_budget(took, {"tests.rules": 10.0, "tests.stack": 10.0}) == [
        "tests.stack took 10 s of CPU, its budget is 10 s",
        "tests.new has no budget; it took 1 s of CPU",
    ]
    twice = over_budget(took, {"tests.rules": 4.0, "tests.stack": 6.0, "tests.new": 1.0}, slower=2.0)
    assert twice == ["tests.rules took 10 s of CPU, its budget is 8 s"], "a slower machine may take longer"
    assert pace() >= 1


@pytest.mark.slow
def test_a_test_costs_what_its_fixtures_and_its_ended_children_computed_and_not_what_it_waited(tmp_path: Path) -> None:
    (tmp_path / "test_costs.py").write_text(COSTS)
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    here = {"PYTHONPATH": str(BUDGETS.parents[1]), "PATH": ""}
    subprocess.run([*command, f"--junitxml={report}", str(tmp_path)], cwd=tmp_path, env=here, check=True)
    cost = {test.test.rpartition(".")[2]: test.cpu for test in read_outcome("pytest", report).took}
    assert cost["test_child"] > 0.25
    assert cost["test_waits"] < 0.1


COSTS = """
import subprocess, sys, time
COMPUTE = "import time\\nwhile time.process_time() < 0.3: pass"
def test_child():
    subprocess.run([sys.executable, "-c", COMPUTE], check=True)
def test_waits():
    time.sleep(0.3)
"""


def test_every_folder_of_tests_has_a_budget_and_every_budget_its_folder() -> None:
    tests = BUDGETS.parent
    folders = {f"tests.{file.relative_to(tests).parts[0]}" for file in tests.glob("*/**/test_*.py")}
    assert read_budgets(BUDGETS).keys() == folders


def test_what_this_machine_lacks_fails_where_all_is_asked_for_and_what_lies_elsewhere_never() -> None:
    left = [Left("1 test of pytest", "no engine"), Left("1 test of pytest", "elsewhere: the advisory service")]
    assert Report(all=True, left=left).failures == ["not run: 1 test of pytest: no engine"]
    assert Report(all=False, left=left).failures == []


@pytest.mark.slow
def test_between_two_edits_no_server_is_started_and_nothing_slow_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_marks.py").write_text(MARKED)
    monkeypatch.setattr(testing, "servers", None)
    assert testing.main(["--quick", "--json", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]) == 0
    printed = capfd.readouterr()
    assert "1 passed" in printed.err
    assert "--quick asks" in json.loads(printed.out.splitlines()[-1])["not_run"][0]["why"]


MARKED = """
import pytest
def test_quick(): pass
@pytest.mark.slow
def test_slow(): assert False
@pytest.mark.database
def test_database(): assert False
"""
