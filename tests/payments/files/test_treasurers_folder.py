"""A bank file comes into the treasurer's folder once, is read back there, received, and issued again by an act."""

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
from shared.service_kit.jobs.failures import PAUSES, SHOWN_AFTER
from shared.service_kit.testing import Reply
from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database
PA, SB = "public_assistance", "support_benefit"
NAME = f"{MONTH}/{MONTH}-01-regular-{PA}.dat"


@pytest.fixture
def accepted(office: Office) -> dict[str, Any]:
    """A run of one programme whose file is to be made."""
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    run = office.approve(office.proposed())
    office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    return run


@pytest.fixture
def paid(office: Office, accepted: dict[str, Any]) -> dict[str, Any]:
    office.running.run_tasks()
    return office.run(accepted["run_id"])


def folder(office: Office) -> Path:
    return Path(office.running.runtime.settings.files_dir)


def only_file(office: Office, run: dict[str, Any]) -> dict[str, Any]:
    (file,) = office.run(run["run_id"])["files"]
    return dict(file)


def standing(office: Office, run: dict[str, Any]) -> str:
    return str(only_file(office, run)["standing"])


def act(office: Office, run: dict[str, Any], name: str, sha256: str = "") -> Reply:
    body = {"sha256": sha256 or only_file(office, run)["sha256"]}
    return office.treasurer.post(f"/runs/{run['run_id']}/files/{PA}/{name}", json=body)


def read_back(office: Office) -> list[str]:
    """Read the files back; gives what was told of it so far."""
    worker.read_back(office.running.runtime)
    return [fact["data"]["standing"] for fact in office.running.facts("file.read_back.v1")]


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


def failing(office: Office, times: int = SHOWN_AFTER) -> None:
    """Try the hand-over so many times, each after its pause."""
    for _ in range(times):
        worker.make_files(office.running.runtime)
        office.running.clock.set(now=office.running.clock.now() + timedelta(seconds=max(PAUSES)))


def parked(office: Office) -> list[tuple[str, str]]:
    items = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    return [(one["stream"], one["reason"]) for one in items]


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


def test_what_was_done_to_a_file_is_found_where_it_lies(office: Office, paid: dict[str, Any], tmp_path: Path) -> None:
    path = folder(office) / NAME
    true = path.read_bytes()
    assert (standing(office, paid), office.figures()["files_not_as_stored"], read_back(office)) == ("as_stored", 0, [])
    path.write_bytes(true.replace(b"0000001", b"7654321"))
    assert (standing(office, paid), office.figures()["files_not_as_stored"]) == ("altered", 1)
    assert read_back(office) == ["altered"]
    assert worker.FILES_NOT_AS_STORED._value.get() == 1
    assert read_back(office) == ["altered"], "a change is told once"
    path.unlink()
    assert (standing(office, paid), read_back(office)) == ("missing", ["altered", "missing"])
    elsewhere = tmp_path / "elsewhere.dat"
    elsewhere.write_bytes(true)
    path.symlink_to(elsewhere)
    assert standing(office, paid) == "altered", "a link is not the file"
    assert only_file(office, paid)["path"] == str(path), "nor is the path of what it leads to"
    path.unlink()
    path.write_bytes(true)
    assert read_back(office)[-1] == "as_stored"
    assert worker.FILES_NOT_AS_STORED._value.get() == 0


def unknown(office: Office) -> list[str]:
    """What the figures and the worker's look tell of files that were not made here."""
    worker.read_back(office.running.runtime)
    told = office.running.client(machine="one_machine").get("/figures").json
    assert told["files_unknown"] == worker.FILES_UNKNOWN._value.get()
    assert len(told["unknown_files"]) == min(told["files_unknown"], 10)
    return [str(one) for one in told["unknown_files"]]


def test_a_file_that_was_not_made_here_is_found_wherever_it_lies(office: Office, paid: dict[str, Any]) -> None:
    path = folder(office) / NAME
    assert unknown(office) == []
    copy = path.with_name(f"{MONTH}-02-extra-{PA}.dat")
    copy.write_bytes(path.read_bytes())
    beside, other = folder(office) / "b.dat", folder(office) / "2020-01" / "c\n.dat"
    beside.symlink_to(path)
    other.parent.mkdir()
    other.write_bytes(b"")
    assert unknown(office) == ["2020-01/c?.dat", f"{MONTH}/{copy.name}", "b.dat"]
    assert standing(office, paid) == "as_stored"
    for one in (copy, beside, other):
        one.unlink()
    for number in range(12):
        (path.parent / f"{number}.dat").write_bytes(b"")
    assert office.figures()["files_unknown"] == 12
    assert len(unknown(office)) == 10


def test_what_is_prepared_or_was_set_aside_is_no_file_of_others(office: Office, paid: dict[str, Any]) -> None:
    path = folder(office) / NAME
    prepare(folder(office), NAME, 99, path.read_bytes())
    path.write_bytes(b"somebody's")
    act(office, paid, "reissue")
    office.running.run_tasks()
    assert len([one for one in path.parent.iterdir() if ".set-aside-" in one.name]) == 1
    path.unlink()
    assert unknown(office) == []


def test_a_file_that_the_treasurer_has_may_be_gone(office: Office, paid: dict[str, Any]) -> None:
    wrong = act(office, paid, "receipt", "0" * 64)
    assert (wrong.status_code, wrong.json["type"]) == (409, "/problems/content-moved")
    received = act(office, paid, "receipt")
    assert received.json["files"][0]["received_by"] == "person:demo-treasurer"
    (folder(office) / NAME).unlink()
    assert (standing(office, paid), office.figures()["files_not_as_stored"]) == ("taken", 0)
    assert read_back(office) == ["taken"]
    assert act(office, paid, "receipt").status_code == 409, "it is received once"
    assert act(office, paid, "reissue").status_code == 409, "who has it gets it no second time"
    (told,) = office.running.facts("file.received.v1")
    assert told["data"]["sha256"] == paid["files"][0]["sha256"]


def test_a_file_is_issued_again_by_an_act_and_what_stood_there_is_kept(office: Office, paid: dict[str, Any]) -> None:
    path = folder(office) / NAME
    true = path.read_bytes()
    assert act(office, paid, "reissue").status_code == 409, "it stands as it was stored"
    path.write_bytes(b"somebody's")
    assert act(office, paid, "reissue", "0" * 64).status_code == 409
    again = act(office, paid, "reissue")
    assert (again.status_code, again.json["files"][0]["issue"]) == (200, 2)
    office.running.run_tasks()
    assert (standing(office, paid), path.read_bytes()) == ("as_stored", true)
    (kept,) = [one for one in path.parent.iterdir() if one != path]
    assert kept.read_bytes() == b"somebody's"
    (told,) = office.running.facts("file.reissued.v1")
    assert (told["actor"], told["data"]["issue"]) == ("person:demo-treasurer", 2)
    assert len(office.running.facts("file.made.v1")) == 1
    assert len(office.running.facts("run.completed.v1")) == 1


def test_a_file_that_is_gone_is_issued_again(office: Office, paid: dict[str, Any]) -> None:
    (folder(office) / NAME).unlink()
    path = f"/runs/{paid['run_id']}/files/{PA}/reissue"
    assert office.accountant.post(path, json={"sha256": paid["files"][0]["sha256"]}).status_code == 403
    act(office, paid, "reissue")
    assert standing(office, paid) == "waiting"
    office.running.run_tasks()
    assert standing(office, paid) == "as_stored"


def test_a_run_is_completed_by_a_file_that_was_issued_again_while_the_other_waited(office: Office) -> None:
    office.register(("00000001", PA), ("00000021", SB))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000021", "support_benefits", livelihood=80_000)
    in_the_way = folder(office) / NAME
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_bytes(b"somebody's")
    run = office.pay()
    gone = next(file for file in run["files"] if file["programme"] == SB)
    Path(gone["path"]).unlink()
    path = f"/runs/{run['run_id']}/files/{SB}/reissue"
    assert office.treasurer.post(path, json={"sha256": gone["sha256"]}).status_code == 200
    in_the_way.unlink()
    failing(office)
    found = office.run(run["run_id"])
    assert [file["standing"] for file in found["files"]] == ["as_stored", "as_stored"]
    assert (found["state"], office.figures()["ledger_yen"]) == ("files_made", 150_000)
    assert len(office.running.facts("run.completed.v1")) == 1


def test_a_file_that_was_altered_is_received_by_nobody(office: Office, paid: dict[str, Any]) -> None:
    path = folder(office) / NAME
    path.write_bytes(path.read_bytes().replace(b"0000001", b"7654321"))
    answer = act(office, paid, "receipt")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/content-moved")
    path.unlink()
    assert (standing(office, paid), office.figures()["files_not_as_stored"]) == ("missing", 1)


def test_a_file_that_the_treasurer_has_is_not_issued_again_whatever_stands_in_its_place(
    office: Office, paid: dict[str, Any]
) -> None:
    assert act(office, paid, "receipt").status_code == 200
    path = folder(office) / NAME
    path.write_bytes(b"somebody's")
    assert act(office, paid, "reissue").status_code == 409
    office.running.run_tasks()
    assert (path.read_bytes(), standing(office, paid)) == (b"somebody's", "altered")
