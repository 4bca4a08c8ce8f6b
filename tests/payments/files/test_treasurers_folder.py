"""A bank file in the treasurer's folder is read back there, received, and issued again by an act."""

from pathlib import Path
from typing import Any

import pytest

from services.payments import worker
from services.payments.adapters.files.file_folder import prepare
from tests.payments.files.treasurers_folder import NAME, PA, SB, act, failing, folder, only_file, standing
from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database


def standings_read_back(office: Office) -> list[str]:
    """Read the files back and return what was published of it so far."""
    worker.read_back(office.running.runtime)
    return [fact["data"]["standing"] for fact in office.running.facts("file.read_back.v1")]


def test_what_was_done_to_a_file_is_found_where_it_lies(office: Office, paid: dict[str, Any], tmp_path: Path) -> None:
    path = folder(office) / NAME
    true = path.read_bytes()
    assert (standing(office, paid), office.figures()["files_not_as_stored"], standings_read_back(office)) == (
        "as_stored",
        0,
        [],
    )
    path.write_bytes(true.replace(b"0000001", b"7654321"))
    assert (standing(office, paid), office.figures()["files_not_as_stored"]) == ("altered", 1)
    assert standings_read_back(office) == ["altered"]
    assert worker.FILES_NOT_AS_STORED._value.get() == 1
    assert standings_read_back(office) == ["altered"], "a change is told once"
    path.unlink()
    assert (standing(office, paid), standings_read_back(office)) == ("missing", ["altered", "missing"])
    elsewhere = tmp_path / "elsewhere.dat"
    elsewhere.write_bytes(true)
    path.symlink_to(elsewhere)
    assert standing(office, paid) == "altered", "a link is not the file"
    assert only_file(office, paid)["path"] == str(path), "nor is the path of what it leads to"
    path.unlink()
    path.write_bytes(true)
    assert standings_read_back(office)[-1] == "as_stored"
    assert worker.FILES_NOT_AS_STORED._value.get() == 0


def unknown(office: Office) -> list[str]:
    """What the figures and the worker's look tell of files that were not made here."""
    worker.read_back(office.running.runtime)
    figures = office.running.client(machine="one_machine").get("/figures").json
    assert figures["files_unknown"] == worker.FILES_UNKNOWN._value.get()
    assert len(figures["unknown_files"]) == min(figures["files_unknown"], 10)
    return [str(name) for name in figures["unknown_files"]]


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
    for stranger in (copy, beside, other):
        stranger.unlink()
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
    assert len([kept for kept in path.parent.iterdir() if ".set-aside-" in kept.name]) == 1
    path.unlink()
    assert unknown(office) == []


def test_a_file_that_the_treasurer_has_may_be_gone(office: Office, paid: dict[str, Any]) -> None:
    wrong = act(office, paid, "receipt", "0" * 64)
    assert (wrong.status_code, wrong.json["type"]) == (409, "/problems/content-moved")
    received = act(office, paid, "receipt")
    assert received.json["files"][0]["received_by"] == "person:demo-treasurer"
    (folder(office) / NAME).unlink()
    assert (standing(office, paid), office.figures()["files_not_as_stored"]) == ("taken", 0)
    assert standings_read_back(office) == ["taken"]
    assert act(office, paid, "receipt").status_code == 409, "it is received once"
    assert act(office, paid, "reissue").status_code == 409, "who has it gets it no second time"
    (published,) = office.running.facts("file.received.v1")
    assert published["data"]["sha256"] == paid["files"][0]["sha256"]


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
    (kept,) = [other for other in path.parent.iterdir() if other != path]
    assert kept.read_bytes() == b"somebody's"
    (published,) = office.running.facts("file.reissued.v1")
    assert (published["actor"], published["data"]["issue"]) == ("person:demo-treasurer", 2)
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
    completed = office.run(run["run_id"])
    assert [file["standing"] for file in completed["files"]] == ["as_stored", "as_stored"]
    assert (completed["state"], office.figures()["ledger_yen"]) == ("files_made", 150_000)
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
