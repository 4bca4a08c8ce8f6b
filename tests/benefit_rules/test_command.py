"""`./kurashi assess` and `./kurashi bench rules` as they are called."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.one_machine.commands import assess as command
from infra.one_machine.commands.bench_rules import main as bench
from tests.benefit_rules.households import household, member


def _run(monkeypatch: pytest.MonkeyPatch, lines: list[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    monkeypatch.setattr("sys.stdout", out)
    status = command.main(list(arguments))
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def _line(id_: str, *members: dict[str, Any], **fields: Any) -> str:
    return json.dumps({**household(*members, **fields), "id": id_}, ensure_ascii=False)


def test_answers_come_in_the_order_of_the_lines_over_several_months(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [_line("a"), "", _line("b", month="2022-12"), _line("c"), "  ", _line("d", month="2022-12")]
    status, answers = _run(monkeypatch, lines)
    assert status == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "d"]
    assert [answer["month"] for answer in answers] == ["2026-10", "2022-12", "2026-10", "2022-12"]
    assert answers[0]["payable_yen"] == 77_240
    for answer in answers:
        assert sum(line["yen"] for line in answer["lines"]) == answer["payable_yen"]


def test_an_office_that_changes_ages_monthly_says_so_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who turned 75 on 15 June: 46,460 + 30,290 until the next 1 April, 39,890 + 30,290 + 1,720 from July on."""
    lines = [_line("a", member(birth_date="1951-06-15"), assistance_since="2020-05-01")]
    bodies = [_run(monkeypatch, lines, *ages)[1][0]["livelihood_body_yen"] for ages in ((), ("--ages", "monthly"))]
    assert bodies == [76_750, 71_900]
    assert _run(monkeypatch, lines, "--ages", "daily")[0] == 2


def test_a_bad_line_comes_back_in_its_place_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [_line("a"), _line("a"), "{", _line("b", rent=-1), _line("c", month="2019-01"), "[]", _line("d")]
    status, answers = _run(monkeypatch, lines)
    assert status == 1
    assert [answer.get("error", {}).get("type") for answer in answers] == [
        None, "repeated", "wrong-form", "wrong-value", "wrong-value", "wrong-form", None,
    ]  # fmt: skip
    assert [answer["id"] for answer in answers] == ["a", "a", None, "b", "c", None, "d"]
    assert set(answers[3]["error"]) == {"type", "field", "detail"}
    assert answers[3]["error"]["field"] == "rent"


def _bad_lines() -> list[tuple[bytes, str]]:
    good = _line("x")
    return [
        (b'{"id": "\\ud800", "month": "2026-10"}', "line 2 holds half a character"),
        (b"[" * 20_000, "line 2 has more brackets"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "line 2 holds a number of more digits"),
        (good.replace('"id": "x"', '"id": "x", "rent": 1, "rent": 2').encode(), "line 2 names 'rent' twice"),
        (good.encode("cp932"), "line 2 is not UTF-8: it looks like Shift_JIS"),
        (good.encode("utf-16-be"), "line 2 is not UTF-8: it looks like UTF-16"),
        (good.encode("utf-16-le"), "line 2 is not UTF-8: it looks like UTF-16"),
        (b'{"id": "a\0"}', "line 2 is not JSON"),
        (b'{"id": "\xff\xfe"}', "line 2 is not UTF-8"),
    ]


@pytest.mark.parametrize(("bad", "why"), _bad_lines(), ids=[why[:30] for _, why in _bad_lines()])
def test_whatever_a_line_holds_every_other_household_is_answered(bad: bytes, why: str) -> None:
    """The bytes as they come, into the command as it is called."""
    lines = [_line("a").encode(), bad, _line("b").encode()]
    command_line = [sys.executable, "-s", "-P", "-m", "infra.one_machine", "assess"]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command_line, input=b"\n".join(lines), capture_output=True, env=environment, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [answer["id"] for answer in answers]) == (1, ["a", None, "b"]), done.stderr
    assert answers[1]["error"]["detail"].startswith(why)


def test_a_byte_order_mark_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    status, answers = _run(monkeypatch, ["\ufeff" + _line("a"), _line("b")])
    assert (status, [answer["payable_yen"] for answer in answers]) == (0, [77_240, 77_240])


def test_no_line_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, [""]) == (0, [])


def test_more_lines_than_are_read_at_once_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_AT_ONCE", 3)
    status, answers = _run(monkeypatch, [_line(f"h{n}") for n in range(8)] + [_line("h2")])
    assert status == 1
    assert [answer["id"] for answer in answers] == [f"h{n}" for n in range(8)] + ["h2"]
    assert "error" in answers[-1]


def test_explain_adds_the_japanese_text(monkeypatch: pytest.MonkeyPatch) -> None:
    _, answers = _run(monkeypatch, [_line("a")], "--explain")
    assert "第1類 46,930円" in answers[0]["explanation"]
    assert "計 77,240円" in answers[0]["explanation"]


def test_other_figures_and_the_report_of_their_difference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = {"from": "2026-10-01", "to": None, "trust": "confirmed", "source": "invented", "values": 3_500}
    file = tmp_path / "figures.json"
    file.write_text(json.dumps({"series": {"livelihood.special.home": {"periods": [period]}}}), encoding="utf-8")
    status, answers = _run(monkeypatch, [_line("a", member(age=80)), _line("b")], "--standards", str(file))
    assert status == 0
    assert [answer["payable_yen"] for answer in answers] == [71_900 + 1_000, 77_240 + 1_000]
    report = capsys.readouterr().err.splitlines()
    assert report[1].split("\t") == ["2026-10", "その他の世帯", "1", "0", "77,240", "78,240", "1,000", "1", "0"]
    assert report[2].split("\t")[1] == "高齢者世帯 単身"


def test_a_wrong_call_is_status_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}", encoding="utf-8")
    assert _run(monkeypatch, [], "--standards", str(tmp_path / "none.json"))[0] == 2
    assert _run(monkeypatch, [], "--standards", str(wrong))[0] == 2
    assert _run(monkeypatch, [], "--colour")[0] == 2


def test_bench_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(["--size", "2000", "--repeats", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "name", "size", "households", "persons", "seconds",
        "reference", "reference_seconds", "ratio", "peak_mib", "details",
    ]  # fmt: skip
    assert found["households"] == 2_000
    assert 2.2 < found["persons"] / found["households"] < 2.4
    assert 0 < found["details"]["refused"] < 2_000 / 20, "who is away from home in December, and nobody else"
    assert found["details"]["line_kinds"] >= 30
