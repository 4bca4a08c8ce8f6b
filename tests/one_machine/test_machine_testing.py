"""`./kurashi test` says what it ran on which servers, what failed, and what it left out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.one_machine.commands import testing
from infra.one_machine.commands.skipped_tests import Left, Took, by_folder, read_outcome
from infra.one_machine.commands.testing import BROKER, DATABASE, RABBITMQ, named_passes

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


def test_databases_lie_in_memory_only_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert testing.quick_place(tmp_path / "missing") is None
    monkeypatch.setattr(testing, "ROOM", 1)
    assert testing.quick_place(tmp_path) == tmp_path
    monkeypatch.setattr(testing, "ROOM", 2**62)
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
    assert answer["not_run"] == [{"what": "1 test of pytest", "why": "no container engine"}]


def test_a_failing_test_fails_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_sample.py").write_text("def test_yen():\n    assert 1 == 2\n")
    assert testing.main(["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path), "--json"]) == 1
    told = capfd.readouterr()
    assert json.loads(told.out.splitlines()[-1])["problem"] == "failed: pytest"
    assert "FAILED pytest" in told.err


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
    took = [Took("tests.rules.test_a.one", 1.0), Took("tests.stack.test_b.two", 5.0), Took("tests.rules.test_c.x", 2.5)]
    assert by_folder(took) == [("tests.stack", 5.0), ("tests.rules", 3.5)]
