"""A call that cannot mean anything is refused before it does anything, and says what is wrong with it."""

import json
from pathlib import Path

import pytest

from infra.one_machine import __main__ as command
from infra.one_machine.commands import run
from infra.one_machine.commands.arguments import MOST_HOUSEHOLDS
from infra.one_machine.known_months import has_figures, known_months
from infra.one_machine.problems import CallError
from shared.benefit_rules import load_standards
from shared.money_and_time.months import month_of, next_month, previous_month


def refusal(capsys: pytest.CaptureFixture[str], *call: str) -> str:
    """The problem of a wrong call, told to people and to scripts alike."""
    assert command.main([*call, "--json"]) == command.WRONG_CALL
    said = capsys.readouterr()
    answer = json.loads(said.out.splitlines()[-1])
    assert answer["ok"] is False
    assert "Traceback" not in said.err
    assert answer["problem"] in said.err
    return str(answer["problem"])


@pytest.fixture
def example(tmp_path: Path) -> str:
    """The folder of a made-up ward."""
    folder = str(tmp_path / "ward")
    assert command.main(["ward", "example", folder, "--households", "5"]) == command.DONE
    return folder


@pytest.mark.parametrize("today", ["1999-01-01", "2020-08-31", "2999-01-01", "9999-12-31"])
def test_files_are_not_checked_for_a_month_without_figures_of_the_law(
    example: str, today: str, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = refusal(capsys, "ward", "check", example, "--today", today)
    assert f"{today} の翌月の基準額がありません" in problem
    assert "基準額があるのは 2020-10 から " in problem


def test_files_are_checked_on_the_last_day_before_the_figures_end(example: str) -> None:
    """The example has a household of 支援給付 too, which needs the full basic pension (満額)."""
    full_basic_pension = load_standards().figures["support.full_basic_pension"]
    last = min(
        known_months()[1], *(month_of(figure.last) for figure in full_basic_pension if figure.known and figure.last)
    )
    assert command.main(["ward", "check", example, "--today", f"{previous_month(last)}-28"]) == command.DONE


def test_the_known_months_end_where_a_figure_that_all_households_need_is_unknown() -> None:
    first, last = known_months()
    assert first == "2020-10"
    assert has_figures(last)
    assert not has_figures(next_month(last))


@pytest.mark.parametrize(
    "call",
    [("run", "--month", "1999-12"), ("run", "--month", "2026-99"), ("bench", "rules", "--month", "2026-99")],
)
def test_what_is_no_month_of_this_century_is_refused_by_its_form(
    call: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"--month is YYYY-MM, not {call[-1]}" in refusal(capsys, *call)


@pytest.mark.parametrize(
    ("call", "month"),
    [
        (("run", "--month", "2020-09"), "2020-09"),
        (("run", "--month", "2099-01"), "2099-01"),
        (("run", "--today", "1999-01-01"), "1999-02"),
        (("run", "--today", "9999-12-31"), "10000-01"),
        (("bench", "rules", "--month", "2099-01"), "2099-01"),
    ],
)
def test_a_month_without_figures_of_the_law_is_neither_paid_nor_measured(
    call: tuple[str, ...], month: str, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = refusal(capsys, *call)
    assert f"{' '.join(call[-2:])}: no figures of the law (基準額) for {month}" in problem


@pytest.mark.parametrize(
    ("act", "option"),
    [
        ("check", "--households=5"),
        ("check", "--seed=5"),
        ("template", "--households=5"),
        ("template", "--today=2026-11-24"),
        ("example", "--today=2026-11-24"),
    ],
)
def test_an_option_of_another_act_of_ward_is_refused_and_writes_nothing(
    act: str, option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = refusal(capsys, "ward", act, str(tmp_path / "ward"), option)
    assert option.partition("=")[0] in problem
    assert f"{act} では使えません" in problem
    assert not (tmp_path / "ward").exists()


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (("--input", "ward", "--households", "5"), ("--input", "--households")),
        (("--input", "ward", "--seed", "5"), ("--input", "--seed")),
        (("--approve-as-demo",), ("--approve-as-demo", "--input")),
    ],
)
def test_options_of_a_run_that_do_not_go_together_are_both_named(call: tuple[str, ...], names: tuple[str, str]) -> None:
    with pytest.raises(CallError) as refused:
        run.main(call)
    assert all(name in str(refused.value).splitlines()[0] for name in names)


@pytest.mark.parametrize("number", ["0", "-1", "ten", str(MOST_HOUSEHOLDS + 1), "9" * 30])
@pytest.mark.parametrize("call", [("run",), ("ward", "example", "ward")])
def test_a_made_up_ward_has_a_number_of_households_that_a_ward_may_have(
    call: tuple[str, ...], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"--households: a number from 1 to 200,000, not {number}" in refusal(capsys, *call, f"--households={number}")


@pytest.mark.parametrize("option", ["--size=-1", "--repeats=0"])
def test_a_bench_of_nothing_says_why_it_is_none(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--size and --repeats are 1 or more" in refusal(capsys, "bench", "rules", option)
