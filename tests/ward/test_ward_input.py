"""A ward's files as they are handed in: whose month they are, and how their faults are told."""

from datetime import date
from pathlib import Path

import pytest

from infra.one_machine.commands.run import _arguments
from infra.one_machine.folders import folders
from infra.one_machine.problems import CallError, MachineError
from infra.one_machine.ward.ward_input import (
    InputFaults,
    WardInput,
    check_month,
    note_month,
    read_input,
    synthetic_input,
)

FILES = {"households.csv": b"a", "members.csv": b"b", "accounts.csv": b"c", "sender.csv": b"d"}


def test_a_month_keeps_the_input_with_which_it_was_begun(tmp_path: Path) -> None:
    where, ward, other = folders(tmp_path), WardInput(FILES), WardInput({**FILES, "members.csv": b"x"})
    note_month(where, "2026-12", ward)
    check_month(where, "2026-12", ward)
    with pytest.raises(MachineError, match="2026-12 was begun in this data folder with another input"):
        check_month(where, "2026-12", other)
    with pytest.raises(MachineError, match="another input"):
        note_month(where, "2026-12", other)


def test_another_month_may_have_another_input(tmp_path: Path) -> None:
    where, other = folders(tmp_path), WardInput({**FILES, "members.csv": b"x"})
    note_month(where, "2026-12", WardInput(FILES))
    note_month(where, "2027-01", other)
    check_month(where, "2027-01", other)


def test_the_synthetic_ward_of_a_seed_is_found_again_by_content(tmp_path: Path) -> None:
    first, again = (synthetic_input(folders(tmp_path / name), 20, 3, 5) for name in ("one", "two"))
    other = synthetic_input(folders(tmp_path / "one"), 20, 3, 6)
    assert first.content == again.content != other.content


def test_each_service_gets_its_own_files() -> None:
    ward = WardInput(FILES)
    assert set(ward.of("case_management")) == set(ward.of("support_benefits")) == {"households.csv", "members.csv"}
    assert set(ward.of("payments")) == {"accounts.csv", "sender.csv"}
    assert ward.content_of("payments") != ward.content_of("case_management") == ward.content_of("support_benefits")


def test_a_folder_without_any_of_the_files_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"households\.csv"):
        read_input(tmp_path)


def test_faults_are_told_once_a_line_in_the_order_of_the_files() -> None:
    negative = {
        "file": "households.csv",
        "line": 41,
        "column": "rent",
        "problem": "negative; yen here are zero or more",
    }
    early = {"file": "accounts.csv", "line": 2, "column": "bank_code", "problem": "there is no such bank"}
    faults = InputFaults([negative, early, dict(negative)])
    assert str(faults).splitlines()[1:] == [
        "households.csv",
        "  rent（家賃）: 41行目: 負の数です。0 円以上にしてください",
        "accounts.csv",
        "  bank_code（銀行コード）: 2行目: この番号の銀行はありません（統廃合を確かめてください）",
    ]
    assert [(one["file"], one["line"], one["problem"]) for one in faults.faults] == [
        ("accounts.csv", 2, "there is no such bank"),
        ("households.csv", 41, "negative; yen here are zero or more"),
    ]


@pytest.mark.parametrize(("month", "today"), [("2026-12", "2026-11-24"), ("2027-01", "2026-12-24")])
def test_a_month_is_determined_in_the_month_before(month: str, today: str) -> None:
    assert _arguments(["--month", month]).today == date.fromisoformat(today)
    assert _arguments(["--month", month, "--today", "2026-11-20"]).today == date(2026, 11, 20)


@pytest.mark.parametrize(
    "wrong", [("--month", "2026-13"), ("--today", "24.11.2026"), ("--households", "0"), ("--houses", "1")]
)
def test_a_wrong_call_is_told(wrong: tuple[str, str]) -> None:
    with pytest.raises(CallError):
        _arguments(wrong)
