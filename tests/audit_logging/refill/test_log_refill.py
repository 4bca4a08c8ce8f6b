"""The log's database restored to an earlier day, and refilled from what the log had published."""

from __future__ import annotations

import time
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from services.audit_logging.use_cases.log.sign_checkpoint import LogRewrittenError
from services.audit_logging.use_cases.refill import refill_log
from services.audit_logging.worker import publish, self_check
from tests.audit_logging.acts import auditor
from tests.audit_logging.owner import as_owner
from tests.audit_logging.refill.restored_office import MORNING, Office

pytestmark = pytest.mark.database
WAITING = b"SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database()"


def test_a_restored_log_gets_back_what_it_had_published_and_goes_on(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.entries() == office.leaves[:304]
    for act in (office.take, lambda: publish(office.log.runtime)):
        with pytest.raises(LogRewrittenError, match="812 are published"):
            act()
    assert office.entries() == office.leaves[:304]
    office.refill()
    assert "refilled entries 304 to 811" in capsys.readouterr().out
    assert office.entries() == office.leaves
    office.goes_on()


def test_the_refill_is_an_act_in_the_log(office: Office) -> None:
    office.refill()
    office.work_on()
    (fact,) = office.log.facts("log.refilled.v1")
    assert (fact["data"]["first"], fact["data"]["last"]) == (304, 811)
    (hit,) = auditor(office.log).get("/log/entries?purpose=review&type=log.refilled.v1").json["hits"]
    assert (hit["index"], hit["actor"]) == (812, "service:audit_logging")


def test_what_the_log_published_of_itself_is_neither_published_nor_counted_twice(office: Office) -> None:
    office.refill()
    for case in (
        "published before the backup, logged after",
        "published and logged after",
        "never logged: nobody has it",
    ):
        with office.log.work() as work:
            work.look("log_search", [f"case:{case}"], "review")
        if case == "published before the backup, logged after":
            office.back_up("later")
        if case != "never logged: nobody has it":
            office.work_on()
    office.restore("later")
    office.refill()
    assert office.log.execute("SELECT published FROM stream_heads WHERE number > published") == []
    office.goes_on()


def test_a_database_made_anew_is_refilled_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill_log, "BATCH", 100)
    office._copy(office.database, office.database.rpartition("_")[0] + "_template")
    assert office.entries() == []
    office.refill()
    assert office.entries() == office.leaves
    office.goes_on()


def test_a_second_refill_does_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.refill()
    before = office.everything()
    capsys.readouterr()
    office.refill()
    assert "nothing to refill" in capsys.readouterr().out
    assert office.everything() == before


@pytest.mark.parametrize("table", ["entries", "cursors", "refills"])
def test_a_refill_killed_at_any_point_is_done_again(office: Office, table: str) -> None:
    before = office.everything()
    with psycopg.connect(office.admin_url, dbname=office.database) as holding:
        holding.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        with office.refilling() as process:
            while not holding.execute(WAITING + b" AND NOT granted").fetchone():
                assert process.poll() is None
                time.sleep(0.1)
            process.kill()
    assert office.everything() == before
    with office.refilling() as process:
        assert process.wait(60) == 0
    assert office.entries() == office.leaves
    office.goes_on()


def test_what_was_refilled_says_so_and_is_still_proved(office: Office) -> None:
    office.log.clock.set(now=MORNING + timedelta(days=1))
    office.refill()
    office.work_on()
    asked = auditor(office.log)
    entry = asked.get("/log/entries/500?purpose=review").json
    assert (entry["state"], entry["actor"], entry["data"]) == ("refilled", None, None)
    assert entry["words"].startswith("2026年11月25日に公開済みの記録から復元")
    assert asked.get("/log/entries/10?purpose=review").json["state"] == "readable"
    assert asked.get("/log/proof/500").status_code == 200
    looks = asked.get("/log/looks?person=00000001&purpose=review").json
    assert [(refill["first"], refill["last"]) for refill in looks["refilled"]] == [(304, 811)]
    assert office.log.client(machine="one_machine").get("/figures").json["refilled"] == 508


def test_an_opening_that_somebody_took_from_the_rest_is_still_a_matter_to_look_into(office: Office) -> None:
    office.refill()
    as_owner(office.log, "ALTER TABLE openings DISABLE TRIGGER USER; DELETE FROM openings WHERE entry_index = 10")
    assert auditor(office.log).get("/log/entries/10?purpose=review").json["state"] == "missing"


@pytest.mark.parametrize("canary", ["in the backup", "after the backup"])
def test_the_daily_self_check_holds_and_counts_what_was_refilled(office: Office, canary: str) -> None:
    log = office.log
    office.refill()
    if canary == "in the backup":  # its entry will be among those that lost their openings
        self_check(log.runtime)
        office.back_up("later")
    else:
        office.back_up("later")
        self_check(log.runtime)
    office.work_on()
    office.restore("later")
    log.clock.set(now=MORNING + timedelta(hours=2))
    office.refill()
    self_check(log.runtime)
    assert log.execute("SELECT * FROM self_check_results") == []  # it gets its five minutes again
    office.work_on()
    log.clock.set(now=MORNING + timedelta(hours=2, minutes=5))
    office.work_on()
    self_check(log.runtime)
    (result,) = log.execute("SELECT faults, figures FROM self_check_results")
    assert (result.faults, result.figures["refilled"]) == ([], 510)


def test_only_the_owner_says_that_something_was_refilled_and_never_takes_it_back(office: Office) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        office.log.execute("INSERT INTO refills VALUES (0, 9, '', now())")
    office.refill()
    for change in ("UPDATE refills SET last = last", "DELETE FROM refills", "TRUNCATE refills", "DELETE FROM entries"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            as_owner(office.log, change)
