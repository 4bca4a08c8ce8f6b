"""A bank file comes into the treasurer's folder once, whatever befalls the worker, the disk or the folder."""

import os
import resource
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.payments import worker
from services.payments.adapters.files.file_folder import prepare
from services.payments.adapters.files.file_rows import lease_file, waiting_files
from services.payments.use_cases.files.make_file import make_file
from shared.service_kit.jobs import chunks
from shared.service_kit.jobs.failures import PAUSES
from tests.payments.files.treasurers_folder import NAME, PA, SB, failing, folder, only_file, standing
from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database


@contextmanager
def stopped_at(monkeypatch: pytest.MonkeyPatch, step: str) -> Iterator[tuple[threading.Event, threading.Event]]:
    """The first worker that comes to this step is stopped before it until it is let go; others pass."""
    there, go_on, do = threading.Event(), threading.Event(), getattr(worker, step)

    def stop_first(*args: Any, **named: Any) -> Any:
        if not there.is_set():
            there.set()
            assert go_on.wait(60)
        return do(*args, **named)

    monkeypatch.setattr(worker, step, stop_first)
    yield there, go_on
    go_on.set()


def end_transactions(office: Office) -> None:
    """What the server does to a transaction that does nothing for too long."""
    ended = office.running.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    assert ended, "nobody was stopped within a transaction"


@pytest.mark.parametrize("step", ["prepare", "mark_prepared", "place", "hand_over_file"])
def test_a_worker_that_goes_on_after_another_took_over_brings_no_file_back(
    office: Office, accepted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    runtime = office.running.runtime
    chunks.work_off(runtime, "files", make_file)
    with stopped_at(monkeypatch, step) as (there, go_on), ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker.make_files, runtime)
        assert there.wait(60)
        worker.make_files(runtime)
        assert office.run(accepted["run_id"])["state"] == "accepted", "one worker at a time has a file"
        end_transactions(office)
        office.running.clock.set(now=office.running.clock.now() + timedelta(seconds=max(PAUSES)))
        worker.make_files(runtime)
        assert office.run(accepted["run_id"])["state"] == "files_made"
        taken = (folder(office) / NAME).read_bytes()
        (folder(office) / NAME).unlink()
        go_on.set()
        first.exception(60)
    assert os.listdir(folder(office) / MONTH) == [], "what the treasurer took stays taken"
    assert len(office.running.facts("file.made.v1")) == 1
    assert office.treasurer.get(f"/runs/{accepted['run_id']}/files/{PA}").content == taken


def test_a_file_that_was_taken_before_it_was_noted_is_not_placed_again(
    office: Office, accepted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks.work_off(office.running.runtime, "files", make_file)
    with monkeypatch.context() as broken:
        broken.setattr(worker, "hand_over_file", lambda work, leased: 1 / 0)
        worker.make_files(office.running.runtime)
    (folder(office) / NAME).unlink()
    office.running.clock.set(now=office.running.clock.now() + timedelta(seconds=max(PAUSES)))
    worker.make_files(office.running.runtime)
    assert os.listdir(folder(office) / MONTH) == []
    assert standing(office, accepted) == "missing", "it was placed, and a person has to say that it was taken"


def test_a_clock_turned_back_holds_no_file_up(office: Office, accepted: dict[str, Any]) -> None:
    office.running.clock.set(now=office.running.clock.now() - timedelta(days=2))
    office.running.run_tasks()
    assert standing(office, accepted) == "as_stored"


def test_each_waiting_file_is_taken_by_itself_whatever_the_planner_does(office: Office) -> None:
    office.register(("00000001", PA), ("00000021", SB))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000021", "support_benefits", livelihood=80_000)
    run = office.approve(office.proposed())
    office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    chunks.work_off(office.running.runtime, "files", make_file)
    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute("ANALYZE bank_files")
    with office.running.work() as work:
        first, second = waiting_files(work)
        assert lease_file(work, first)
        assert [tuple(row) for row in office.running.execute("SELECT fence FROM bank_files")] == [(0,), (0,)]
    assert office.running.execute("SELECT sum(fence) FROM bank_files")[0][0] == 1
    assert (first.programme, second.programme) == (PA, SB)


def parked(office: Office) -> list[tuple[str, str]]:
    items = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    return [(item["stream"], item["reason"]) for item in items]


def test_a_file_with_other_bytes_is_never_written_over_and_a_person_sees_it(
    office: Office, accepted: dict[str, Any]
) -> None:
    path = folder(office) / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"somebody's")
    failing(office, 1)
    assert standing(office, accepted) == "waiting"
    failing(office)
    assert (only_file(office, accepted)["standing"], only_file(office, accepted)["reason"]) == (
        "stuck",
        "other-file-in-its-place",
    )
    assert parked(office) == [("tasks", "other-file-in-its-place")]
    assert path.read_bytes() == b"somebody's"
    path.unlink()
    failing(office, 1)
    assert (standing(office, accepted), parked(office)) == ("as_stored", [])
    assert office.run(accepted["run_id"])["state"] == "files_made"


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No file of this process grows beyond 100 bytes while a bank file is written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def full(*args: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        try:
            prepare(*args)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    with monkeypatch.context() as patched:
        patched.setattr(worker, "prepare", full)
        yield


def test_a_full_disk_is_called_so_and_leaves_nothing_behind(
    office: Office, accepted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks.work_off(office.running.runtime, "files", make_file)
    with full_disk(monkeypatch):
        failing(office)
    assert (standing(office, accepted), only_file(office, accepted)["reason"]) == ("stuck", "disk-full")
    assert os.listdir(folder(office) / MONTH) == []
    failing(office, 1)
    assert (standing(office, accepted), parked(office)) == ("as_stored", [])


def test_a_link_leads_no_file_out_of_the_folder(office: Office, accepted: dict[str, Any], tmp_path: Path) -> None:
    folder(office).mkdir(parents=True, exist_ok=True)
    (folder(office) / MONTH).symlink_to(tmp_path)
    failing(office)
    assert (standing(office, accepted), only_file(office, accepted)["reason"]) == ("stuck", "folder-leads-elsewhere")
    assert list(tmp_path.iterdir()) == []


def test_one_file_that_is_stuck_holds_up_no_other(office: Office) -> None:
    office.register(("00000001", PA), ("00000021", SB))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000021", "support_benefits", livelihood=80_000)
    path = folder(office) / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"somebody's")
    run = office.pay()
    assert [file["standing"] for file in run["files"]] == ["waiting", "as_stored"]
