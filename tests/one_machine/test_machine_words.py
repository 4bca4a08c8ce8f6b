"""What the person at the terminal is told: what is waited for and since when, and a full disk by its name."""

from pathlib import Path

import pytest

from infra.one_machine import folders
from infra.one_machine.commands import run
from infra.one_machine.problems import MachineError
from infra.one_machine.staff.month import what_a_run_waits_for

OPENED = {"state": "opened", "opened_at": "2026-11-24T05:06:07+00:00", "cut_off_at": None, "accepted_at": None}


def test_a_run_before_its_cut_off_says_since_when_it_waits_and_for_whom() -> None:
    read = [
        {"producer": "case_management", "position": 306, "reached": 200},
        {"producer": "support_benefits", "position": 27, "reached": 27},
    ]
    assert what_a_run_waits_for({**OPENED, "sources": read}) == (
        "waiting for the cut-off since 05:06:07 UTC; read of what was told: case_management 200 of 306, "
        "support_benefits 27 of 27"
    )


def test_a_run_whose_work_is_parked_says_where_to_look() -> None:
    ordering = {**OPENED, "state": "ordering", "cut_off_at": "2026-11-24T05:07:00+00:00", "parked_chunks": 2}
    assert what_a_run_waits_for(ordering) == ("the run is ordering since 05:07:00 UTC, 2 parked (./kurashi parked)")


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MachineError("payments refuses /runs: something went wrong")

    monkeypatch.setattr(run, "_run", fail)
    with pytest.raises(MachineError, match=r"^payments refuses"):
        run.main(["--once", "--data-dir", str(tmp_path)])
    monkeypatch.setattr(folders, "FULL_BYTES", 1 << 62)
    with pytest.raises(MachineError, match=rf"^the disk of {tmp_path} is full: payments refuses"):
        run.main(["--once", "--data-dir", str(tmp_path)])


def test_a_data_folder_that_cannot_be_made_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in its place")
    with pytest.raises(MachineError, match=f"the data folder {tmp_path}/file/var cannot be made: Not a directory"):
        run.main(["--once", "--data-dir", str(tmp_path / "file" / "var")])
