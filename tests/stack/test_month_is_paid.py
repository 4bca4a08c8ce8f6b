"""A ward's month from its files to bank files, ledger and sealed log, by the command line."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.stack.kurashi import kurashi

pytestmark = pytest.mark.stack
RUN = ("run", "--households", "60", "--seed", "11", "--once")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def summary(folder: Path) -> dict[str, Any]:
    said = kurashi(folder, *RUN)
    assert said.status == 0, said.aside
    return said.answer


def test_the_totals_agree(summary: dict[str, Any]) -> None:
    files = sum(one["yen"] for one in summary["files"])
    assert summary["ok"] is True
    assert (summary["households"], summary["persons"]) == (81, 99)
    assert summary["entitled_yen"] == summary["ordered_yen"] + summary["held_yen"]
    assert summary["ordered_yen"] == files + sum(
        summary[way] for way in ("cash_desk_yen", "set_off_yen", "internal_yen")
    )
    assert summary["ledger_yen"] == summary["ordered_yen"]
    assert summary["in_kind_yen"] == 0


def test_some_are_held_and_some_are_paid_at_the_cash_desk(summary: dict[str, Any]) -> None:
    assert summary["held_yen"] > 0
    assert summary["cash_desk_yen"] > 0


def test_the_files_are_what_the_summary_says(summary: dict[str, Any]) -> None:
    for one in summary["files"]:
        content = Path(one["path"]).read_bytes()
        records = [content[at : at + 120].decode("shift_jis") for at in range(0, len(content), 120)]
        data = [record for record in records if record.startswith("2")]
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert len(data) == one["records"]
        assert sum(int(record[80:90]) for record in data) == one["yen"]
        assert records[0][14:54].startswith("DEMO ")
        assert records[0][54:58] == "1203"


def test_the_log_is_sealed_and_the_approval_has_a_trace(summary: dict[str, Any]) -> None:
    assert summary["audit"]["verified"] is True
    assert summary["audit"]["entries"] > summary["households"]
    assert len(bytes.fromhex(summary["trace_id"])) == 16


def test_a_second_run_pays_nobody_twice_and_prints_the_same_files(folder: Path, summary: dict[str, Any]) -> None:
    said = kurashi(folder, *RUN)
    assert said.status == 0, said.aside
    for what in ("files", "ordered_yen", "entitled_yen", "held_yen", "ledger_yen", "trace_id"):
        assert said.answer[what] == summary[what]


@pytest.mark.parametrize("other", [("--seed", "12"), ("--households", "61")])
def test_another_ward_for_a_paid_month_is_refused(
    folder: Path, summary: dict[str, Any], other: tuple[str, str]
) -> None:
    said = kurashi(folder, *RUN, *other)
    assert said.status == 1
    assert said.answer["ok"] is False
    assert summary["month"] in said.answer["problem"]


def test_the_invariants_hold_across_services(folder: Path, summary: dict[str, Any]) -> None:
    said = kurashi(folder, "check")
    assert said.status == 0, said.aside
    assert said.answer["ok"] is True
    assert len(said.answer["invariants"]) >= 9
    assert any(summary["ordered_yen"] in one["figures"].values() for one in said.answer["invariants"])
