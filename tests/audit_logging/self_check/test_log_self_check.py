"""The daily self-check: the log reads back what was written, every business day, and says so aloud when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.pool import QueuePool
from structlog.testing import capture_logs

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.app import service
from services.audit_logging.use_cases.self_check import prepare_check, verify_canary
from services.audit_logging.use_cases.self_check.run_self_check import run_self_check
from services.audit_logging.worker import self_check
from shared.service_kit.subscriptions import taken
from shared.service_kit.testing import RunningService, Services
from tests.audit_logging.acts import auditor
from tests.audit_logging.owner import as_owner
from tests.audit_logging.self_check.checked_office import (
    MORNING,
    TUESDAY,
    later,
    published_log,
    results,
    settle,
    without_triggers,
)

pytestmark = pytest.mark.database
SATURDAY = date(2026, 11, 28)


@pytest.fixture
def office(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunningService:
    return published_log(services, tmp_path, monkeypatch)


def canaries(log: RunningService) -> int:
    return len(log.looks("log.canary.v1"))


def test_a_canary_is_written_once_a_business_day_however_often_the_worker_starts(office: RunningService) -> None:
    for _ in range(3):
        self_check(office.runtime)
    assert canaries(office) == 1
    office.clock.set(today=SATURDAY)
    self_check(office.runtime)
    assert canaries(office) == 1
    office.clock.set(today=date(2026, 11, 30))
    self_check(office.runtime)
    assert canaries(office) == 2
    assert [row[0] for row in office.execute("SELECT day FROM self_checks ORDER BY day")] == [
        TUESDAY,
        date(2026, 11, 30),
    ]


def test_a_log_that_reads_back_what_was_written_says_so_once(office: RunningService) -> None:
    self_check(office.runtime)
    settle(office)
    later(office, 4)
    assert results(office) == []  # it gets five minutes
    figures = office.client(machine="one_machine").get("/figures").json
    assert (figures["self_check"], figures["self_check_day"]) == ("waiting", "2026-11-24")
    later(office, 1)
    later(office, 60)
    assert results(office) == [[]]
    figures = office.client(machine="one_machine").get("/figures").json
    assert (figures["self_check"], figures["self_check_faults"]) == ("good", [])
    assert REGISTRY.get_sample_value("kurashi_log_self_check_faults") == 0
    assert REGISTRY.get_sample_value("kurashi_log_self_check_age_seconds") == 3600


def test_the_canary_is_an_entry_that_an_auditor_finds(office: RunningService) -> None:
    self_check(office.runtime)
    settle(office)
    (hit,) = auditor(office).get("/log/entries?purpose=review&type=log.canary.v1").json["hits"]
    assert (hit["actor"], hit["index"], hit["signed"]) == ("service:audit_logging", 3, True)


def search_is_empty(log: RunningService) -> None:
    as_owner(log, "DELETE FROM search_subjects")


def opening_is_gone(log: RunningService) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 3 AND field = 'details'")


def opening_is_anothers(log: RunningService) -> None:
    without_triggers(
        log, "openings", "UPDATE openings SET value = '\"person:nobody\"' WHERE entry_index = 3 AND field = 'actor'"
    )


def leaf_is_altered(log: RunningService) -> None:
    other = "convert_to(replace(convert_from(leaf, 'UTF8'), 'canary.v1', 'canary.v2'), 'UTF8')"
    without_triggers(log, "entries", f"UPDATE entries SET leaf = {other} WHERE index = 3")


def neighbour_is_altered(log: RunningService) -> None:
    without_triggers(log, "entries", "UPDATE entries SET leaf_hash = sha256('x') WHERE index = 2")


def entry_is_gone(log: RunningService) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 1")
    without_triggers(log, "entries", "DELETE FROM entries WHERE index = 1")


def producer_was_restored(log: RunningService) -> None:
    as_owner(log, "UPDATE stream_heads SET number = 0 WHERE stream = 'looks'")


def cursor_was_moved(log: RunningService) -> None:
    as_owner(log, "UPDATE cursors SET number = 99 WHERE producer = 'payments'")


@pytest.mark.parametrize(
    ("happens", "faults"),
    [
        (search_is_empty, ["search", "index:differs"]),
        (
            opening_is_gone,
            ["opening:details", "index:unfounded", "openings:differ", "openings:missing"],
        ),
        (opening_is_anothers, ["opening:actor", "openings:differ"]),
        (leaf_is_altered, ["published:entry", "proof", "leaf:differs"]),
        (neighbour_is_altered, ["proof", "leaf:differs"]),
        (entry_is_gone, ["proof", "gap:payments.looks", "entries", "index:unfounded"]),
        (producer_was_restored, ["ahead:audit_logging.looks"]),
        (cursor_was_moved, ["cursor:payments.looks"]),
    ],
)
def test_a_log_that_does_not_read_back_is_an_alarm(
    office: RunningService, happens: Callable[[RunningService], None], faults: list[str]
) -> None:
    self_check(office.runtime)
    settle(office)
    happens(office)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    with capture_logs() as said:
        self_check(office.runtime)
    assert results(office) == [faults]
    assert [(line["event"], line["faults"]) for line in said if line["log_level"] == "error"] == [
        ("log.self_check", faults)
    ]
    assert REGISTRY.get_sample_value("kurashi_log_self_check_faults") == len(faults)
    figures: dict[str, Any] = office.client(machine="one_machine").get("/figures").json
    assert (figures["self_check"], figures["self_check_faults"]) == ("faulty", faults)


def test_a_published_file_that_is_altered_is_an_alarm(office: RunningService, tmp_path: Path) -> None:
    self_check(office.runtime)
    settle(office)
    (entries,) = (tmp_path / "published/tile/entries").rglob("4")
    entries.write_bytes(entries.read_bytes().replace(b"log.canary.v1", b"log.canary.v2"))
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.runtime)
    assert results(office) == [["published:entry"]]


def test_a_log_that_lay_still_is_checked_again_and_then_good(office: RunningService) -> None:
    with office.work() as work:
        work.look("log_search", ["case:00000001"], "review")
    self_check(office.runtime)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.runtime)
    assert results(office) == [["search", "behind:audit_logging.looks"]]
    settle(office)
    later(office, 9)
    assert len(results(office)) == 1
    later(office, 1)
    assert results(office)[1:] == [[]]
    later(office, 60)
    assert len(results(office)) == 2


@contextmanager
def started_again(log: RunningService, minutes: int) -> Iterator[RunningService]:
    """The log as its next process sees it, which starts when the last one is gone for so long."""
    runtime = log.service.runtime(log.runtime.settings)
    again = RunningService(log.service, runtime, log._keys)
    again.clock.set(today=log.clock.today(), now=log.clock.now() + timedelta(minutes=minutes))
    try:
        yield again
    finally:
        runtime.engine.dispose()


def test_an_office_that_stops_before_its_check_gets_time_to_publish_when_it_starts_again(
    office: RunningService,
) -> None:
    self_check(office.runtime)
    with started_again(office, minutes=20) as log:
        self_check(log.runtime)
        assert results(log) == []
        figures = log.client(machine="one_machine").get("/figures").json
        assert figures["self_check"] == "waiting"
        settle(log)
        later(log, 4)
        assert results(log) == []
        later(log, 1)
        assert results(log) == [[]]


def test_a_check_that_found_faults_is_not_made_again_before_the_office_that_starts_had_its_time(
    office: RunningService,
) -> None:
    self_check(office.runtime)
    later(office)
    assert [bool(faults) for faults in results(office)] == [True]
    with started_again(office, minutes=20) as log:
        self_check(log.runtime)
        assert len(results(log)) == 1
        settle(log)
        later(log)
        assert results(log)[1:] == [[]]


def test_a_producer_that_does_not_answer_is_a_fault_until_it_does(services: Services) -> None:
    log = services.open(service, peers={"payments": "http://127.0.0.1:9"})
    log.clock.set(today=TUESDAY, now=MORNING)
    self_check(log.runtime)
    settle(log)
    later(log)
    assert results(log) == [["silent:payments.facts", "silent:payments.looks"]]
    log.runtime.settings.peers.clear()
    later(log, 10)
    assert results(log)[1:] == [[]]


def test_after_a_clock_that_was_ahead_each_business_day_is_checked_again(office: RunningService) -> None:
    office.clock.set(today=date(2027, 11, 24), now=MORNING + timedelta(days=365))
    self_check(office.runtime)
    settle(office)
    later(office)
    assert results(office) == [[]]
    office.clock.set(today=TUESDAY, now=MORNING)
    for day in (TUESDAY, date(2026, 11, 25)):
        office.clock.set(today=day, now=MORNING + (day - TUESDAY))
        self_check(office.runtime)
        settle(office)
        later(office)
        figures = office.client(machine="one_machine").get("/figures").json
        assert (figures["self_check"], figures["self_check_day"]) == ("good", str(day))
    assert REGISTRY.get_sample_value("kurashi_log_self_check_age_seconds") == 0
    assert results(office) == [[], [], []]


def test_what_a_restored_producer_has_lost_is_not_expected_of_it(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had published three looks when the canary was written; it comes back with one, and the log adopted that."""
    published = {"payments.facts": 0, "payments.looks": 3}
    monkeypatch.setattr(prepare_check, "ask_producers", lambda _: published)
    self_check(office.runtime)
    published["payments.looks"] = 1
    with office.work() as work:
        taken.lose(work, "payments", "looks", "1", 1)
    office.execute("UPDATE cursors SET number = 1, epoch = '2' WHERE producer = 'payments'")
    settle(office)
    later(office)
    (faults,) = results(office)
    assert [fault for fault in faults if fault.startswith("behind")] == []


def test_no_transaction_is_open_while_producers_and_published_files_are_waited_for(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[int] = []

    def wait(*_: object) -> dict[str, int]:
        pool = office.runtime.engine.pool
        assert isinstance(pool, QueuePool)
        connections.append(pool.checkedout())
        return {}

    monkeypatch.setattr(prepare_check, "ask_producers", wait)
    monkeypatch.setattr(verify_canary, "published_leaves", lambda *_: [*wait()])
    self_check(office.runtime)
    settle(office)
    later(office)
    assert connections == [0, 0, 0]


def test_a_canary_that_another_process_wrote_meanwhile_is_not_written_again(office: RunningService) -> None:
    with office.work() as work:
        prepared = prepare_check.prepare_check(work)
    assert prepared
    self_check(office.runtime)
    with office.work() as work:
        reports = prepare_check.Reports({}, None)
        run_self_check(work, load_log_key(office.runtime.settings), prepared, reports)
    assert canaries(office) == 1
    assert results(office) == []
