"""What was done to a running office, `./kurashi check` finds; what was undone, it holds again. One office for all."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from infra.one_machine.commands.check import check
from infra.one_machine.commands.parked import parked_items
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import Acts
from infra.one_machine.staff.month import determine, pay, pay_month, wait_for_log
from infra.one_machine.ward.ward_input import WardInput
from tests.faults.dumps import dump, restore
from tests.faults.months import Telling, office_of, small_ward
from tests.stack.kurashi import kurashi

pytestmark = pytest.mark.stack
MONTH, NEXT = "2026-12", "2027-01"
SECONDS = 60.0
"""Half of what a client in no hurry waits for an answer: who looks in a hurry is done long before, however slow."""


@pytest.fixture(scope="module")
def ward_of_sixty(tmp_path_factory: pytest.TempPathFactory) -> WardInput:
    return small_ward(tmp_path_factory.mktemp("sixty"), households=60)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, ward_of_sixty: WardInput) -> Iterator[Stack]:
    with office_of(tmp_path_factory.mktemp("office")) as stack:
        pay_month(stack.office, ward_of_sixty, MONTH, Telling())
        wait_for_log(stack.office, Telling())
        assert broken(stack) == []
        yield stack


def broken(stack: Stack) -> list[str]:
    """What does not hold now, without the month."""
    return [one["name"].split(": ")[-1] for one in check(stack.office) if not one["ok"]]


def bank_file(stack: Stack, month: str = MONTH) -> Path:
    return next(iter(sorted((stack.folders.files / month).glob("*public_assistance.dat"))))


@contextmanager
def as_superuser(stack: Stack, database: str) -> Iterator[psycopg.Connection]:
    """Somebody who may do anything, past triggers and checks."""
    with psycopg.connect(stack.admin_url, dbname=f"kurashi_{database}") as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def test_a_file_of_the_treasurer_that_was_altered_or_deleted_is_found(office: Stack) -> None:
    file = bank_file(office)
    bytes_made = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(bytes_made.replace(b"1", b"7", 1))
    assert "every bank file lies as it was stored, or is received" in broken(office)
    file.unlink()
    assert "every bank file lies as it was stored, or is received" in broken(office)
    file.write_bytes(bytes_made)
    assert broken(office) == []


def test_a_determination_that_is_missing_is_found(office: Stack) -> None:
    with as_superuser(office, "case_management") as database:
        row = database.execute("SELECT determination_id FROM determination_approvals ORDER BY 1 LIMIT 1").fetchone()
        assert row is not None
        database.execute(
            "CREATE TABLE hidden AS SELECT * FROM determination_approvals WHERE determination_id = %s", row
        )
        database.execute("DELETE FROM determination_approvals WHERE determination_id = %s", row)
    found = broken(office)
    with as_superuser(office, "case_management") as database:
        database.execute("INSERT INTO determination_approvals SELECT * FROM hidden")
        database.execute("DROP TABLE hidden")
    assert "every case on assistance has an outcome" in found
    assert "cases determined = cases that payments has" in found
    assert broken(office) == []


def test_an_index_that_lacks_an_entry_is_found(office: Stack) -> None:
    with as_superuser(office, "audit_logging") as database:
        database.execute("CREATE TABLE hidden AS SELECT * FROM search_entries ORDER BY index LIMIT 1")
        database.execute("DELETE FROM search_entries WHERE index IN (SELECT index FROM hidden)")
    found = broken(office)
    with as_superuser(office, "audit_logging") as database:
        database.execute("INSERT INTO search_entries SELECT * FROM hidden")
        database.execute("DROP TABLE hidden")
    assert "the index of the audit log has every entry" in found
    assert broken(office) == []


def test_a_log_that_does_not_take_what_was_told_is_found_within_seconds(office: Stack) -> None:
    worker = office.pid("audit_logging.worker")
    os.kill(worker, signal.SIGSTOP)
    try:
        with closing(Acts(office.office, MONTH)) as acts:
            acts.run(str(acts.open_run()["run_id"]))
        began = time.monotonic()
        assert "the audit log has every fact and look" in broken(office)
        assert time.monotonic() - began < SECONDS
    finally:
        os.kill(worker, signal.SIGCONT)
    wait_for_log(office.office, Telling())
    wait(lambda: not broken(office))


@pytest.mark.parametrize("process", ["payments.web", "issuer"])
def test_a_process_that_hangs_is_named_within_seconds(office: Stack, process: str) -> None:
    group, name = os.getpgid(office.pid(process)), process.removesuffix(".web")
    assert group != os.getpgid(0)
    os.killpg(group, signal.SIGSTOP)
    try:
        for command in ("check", "parked"):
            began = time.monotonic()
            said = kurashi(office.folders.root, command)
            assert time.monotonic() - began < SECONDS
            assert (said.status, said.answer["ok"]) == (1, False)
            assert name in said.aside
    finally:
        os.killpg(group, signal.SIGCONT)
    wait(lambda: not broken(office))


def test_a_file_of_others_in_the_treasurers_folder_is_found(office: Stack) -> None:
    copy = bank_file(office).with_name(f"{MONTH}-02-extra-public_assistance.dat")
    copy.write_bytes(bank_file(office).read_bytes())
    try:
        assert broken(office) == ["no file of others lies in the treasurer's folder"]
    finally:
        copy.unlink()
    assert broken(office) == []


def test_a_hand_over_that_is_stuck_is_found_named_and_released(office: Stack) -> None:
    """Another file of that name stands in the folder; then it is taken away, and the operator has it tried again."""
    month = office.folders.files / NEXT
    month.mkdir()
    stranger = month / f"{NEXT}-01-regular-public_assistance.dat"
    stranger.write_bytes(b"not ours")
    with closing(Acts(office.office, NEXT)) as acts:
        determine(acts, 60, Steps())
        run_id = acts.open_run()["run_id"]
        wait(lambda: acts.run(run_id)["state"] == "proposed")
        acts.approve_run(acts.run(run_id))
        acts.accept_run(acts.run(run_id))
        wait(lambda: parked_items(office.office))
        assert "nothing is parked in any service" in broken(office)
        said = kurashi(office.folders.root, "parked")
        (item,) = said.answer["items"]
        assert (item["service"], item["stream"]) == ("payments", "tasks")
        assert f"since {item['parked_at'][:19].replace('T', ' ')}" in said.aside
        assert item["reason"] in said.aside
        stranger.unlink()
        released = kurashi(office.folders.root, "parked", "release", item["fact_id"])
        assert released.answer["released"] == 1, released.aside
        assert pay(acts, Telling())["state"] == "files_made"
    again = kurashi(office.folders.root, "parked", "release", item["fact_id"])
    assert (again.status, again.answer["ok"]) == (1, False)
    wait_for_log(office.office, Telling())
    wait(lambda: not broken(office))


def test_a_service_that_was_restored_to_a_dump_is_found_and_does_not_heal_by_itself(
    office: Stack, ward_of_sixty: WardInput, tmp_path: Path
) -> None:
    dump(office.admin_url, tmp_path, ["kurashi_case_management"])
    with closing(Acts(office.office, "2027-02")) as acts:
        determine(acts, 60, Steps())
    wait_for_log(office.office, Telling())
    restore(office.admin_url, tmp_path, "kurashi_case_management")
    wait(lambda: office.office.client("case_management").get("/figures").ok)
    assert broken(office)
    with closing(Acts(office.office, "2027-02")) as acts:
        determine(acts, 60, Steps())
    time.sleep(6)  # longer than consumers wait to look for themselves
    assert broken(office), "the same numbers are not the same facts"
