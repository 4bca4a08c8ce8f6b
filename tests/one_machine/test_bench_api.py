"""The bench of the pages measures what the gateway does, and its load is due when it says."""

import json
import re
import time
from functools import partial
from itertools import repeat

import pytest

from infra.one_machine.commands.bench_api.command import main
from infra.one_machine.commands.bench_api.full_speed import QUESTION
from infra.one_machine.commands.bench_api.load import at_full_speed, at_rate, percentiles
from infra.one_machine.folders import PROJECT
from infra.one_machine.problems import CallError

GATEWAY = PROJECT / "services" / "ui_gateway"


def test_a_wait_for_those_before_counts() -> None:
    taken = at_rate([partial(time.sleep, 0.02)] * 20, 1_000.0)
    assert len(taken) == 20
    assert min(taken) >= 0.02


def test_at_full_speed_every_act_that_was_begun_is_counted() -> None:
    assert 100 < at_full_speed(repeat(partial(time.sleep, 0.01)), 0.3, 4) < 500


def test_percentiles_are_of_the_ordered_times() -> None:
    figures = percentiles([number / 1000 for number in range(100, 0, -1)])
    assert figures == {"p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0, "max_ms": 100.0}


def test_full_speed_asks_what_the_gateway_asks_for_a_household() -> None:
    page = (GATEWAY / "pages/people/cases.py").read_text()
    clients = "".join(path.read_text() for path in sorted((GATEWAY / "clients").rglob("*.py")))
    asked = [
        re.findall(r'service\.get\(f"(/cases/[^"]*)"', clients.partition(f"def {name}(service")[2])[0]
        for name in set(re.findall(r"cases\.([a-z_]+)\(service,", page))
    ]
    assert asked == [QUESTION.partition("?")[0].replace("{}", "{case_no}")]


@pytest.mark.parametrize("option", ["--repeats=0", "--rate=0", "--seconds=0", "--persons=-1"])
def test_a_bench_of_nothing_says_so(option: str) -> None:
    with pytest.raises(CallError):
        main([option])


@pytest.mark.stack
@pytest.mark.slow
def test_the_bench_measures_a_small_office(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--households=20", "--persons=60", "--seconds=1", "--repeats=1", "--rate=2"]
    assert main([*small, "--json"]) == 0
    measured = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (measured["name"], measured["households"], measured["persons"]) == ("api", 20, 60)
    assert measured["ratio"] > 0
    assert {"page", "search", "full_speed"} == measured["details"].keys()


def test_the_documents_name_the_bench() -> None:
    assert "./kurashi bench api" in (PROJECT / "docs" / "performance.md").read_text()
