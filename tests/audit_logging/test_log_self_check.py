"""The daily self-check: the log reads back what was written, every business day, and says so aloud when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.audit_logging.app import service
from services.audit_logging.domain.merkle import by_tile, leaf_hash, root
from services.audit_logging.domain.proofs import inclusion_proof, proved_root
from services.audit_logging.domain.self_check import Counted, count_faults, position_faults
from services.audit_logging.domain.tiles import bundle, unbundle
from services.audit_logging.use_cases import check_itself
from services.audit_logging.worker import index, publish, review, self_check, sign
from shared.service_kit import history, streams
from shared.service_kit.testing import Room, Rooms
from tests.audit_logging.acts import auditor, look
from tests.audit_logging.memory_log import MemoryLog, plain_leaf
from tests.audit_logging.owner import as_owner

TUESDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 28)
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


LOG = MemoryLog(plain_leaf(number) for number in range(1, 701))


@given(st.integers(0, 699), st.integers(0, 699), st.integers(0, 699))
def test_a_proof_leads_to_the_root_of_its_own_leaf_alone(size: int, place: int, other: int) -> None:
    size = max(size, place, other) + 1
    log, hashes = LOG, by_tile(LOG.hashes, size)
    proof, head = inclusion_proof(hashes, place, size), root(LOG.hashes, size)
    assert proved_root(log.leaf_hashes[place], place, size, proof) == head
    assert (proved_root(log.leaf_hashes[other], place, size, proof) == head) == (other == place)
    assert proved_root(leaf_hash(b"forged"), place, size, proof) != head
    assert proved_root(log.leaf_hashes[place], place, size, [*proof, head]) != head


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_the_entries_that_went_into_it(leaves: list[bytes]) -> None:
    assert unbundle(bundle(leaves)) == leaves
    assert unbundle(bundle([*leaves, b"cut"])[:-1]) == leaves


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)), st.integers(-2, 2))
def test_a_stream_is_behind_or_ahead_or_as_it_was_told(told: dict[str, int], by: int) -> None:
    taken = {name: number + by for name, number in told.items()}
    faults = {"-": "behind", "+": "ahead"}[f"{by:+}"[0]] if by else ""
    assert position_faults(told, taken, told) == sorted(f"{faults}:{name}" for name in told if faults)


@pytest.mark.parametrize(
    ("rows", "size", "faults"),
    [
        ([Counted("a", 5, 1, 5, 5), Counted("b", 3, 1, 3, 3)], 8, []),
        ([Counted("a", 5, 1, 5, None), Counted("a", 4, 4, 7, 7)], 9, []),
        ([Counted("a", 4, 1, 5, 5)], 4, ["gap:a"]),
        ([Counted("a", 4, 2, 5, 5)], 4, ["gap:a"]),
        ([Counted("a", 5, 1, 5, 6)], 5, ["cursor:a"]),
        ([Counted("a", 0, 1, 0, 6)], 0, ["cursor:a"]),
        ([Counted("a", 7, 1, 7, None), Counted("a", 0, 1, 0, 6)], 7, []),
        ([Counted("a", 7, 1, 7, None), Counted("a", 0, 1, 0, 8)], 7, ["cursor:a"]),
        ([Counted("a", 5, 1, 5, 5)], 6, ["entries"]),
    ],
)
def test_entries_are_as_many_as_the_numbers_of_their_stream(rows: list[Counted], size: int, faults: list[str]) -> None:
    assert count_faults(rows, size) == faults


# What follows is the check as the log makes it.


database = pytest.mark.database


@pytest.fixture
def office(rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A log on a Tuesday morning that is published and has taken some looks."""
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path / "published"))
    log = rooms.open(service)
    log.clock.set(today=TUESDAY, now=MORNING)
    log.deliver("payments", [look(log, "jiro", f"case:{number:08}") for number in range(3)], "looks")
    return log


def take_own(log: Room) -> None:
    """Let the log take what it told itself."""
    for stream in ("facts", "looks"):
        with log.work() as work:
            streams.positions(work.session)
            page = streams.read_page(work.session, log.service.signer, "audit_logging", stream, 0)
        log.take("audit_logging", (page.body, page.key_id, page.signature), stream)


def settle(log: Room) -> None:
    """What the worker does within seconds."""
    take_own(log)
    sign(log.service)
    publish(log.service)
    index(log.service)


def later(log: Room, minutes: int = 5) -> None:
    log.clock.set(now=log.clock.now() + timedelta(minutes=minutes))
    sign(log.service)
    publish(log.service)
    self_check(log.service)


def results(log: Room) -> list[list[str]]:
    return [row.faults for row in log.execute("SELECT faults FROM self_check_results ORDER BY at")]


def canaries(log: Room) -> int:
    return len(log.looks("log.canary.v1"))


@database
def test_a_canary_is_written_once_a_business_day_however_often_the_worker_starts(office: Room) -> None:
    for _ in range(3):
        self_check(office.service)
    assert canaries(office) == 1
    office.clock.set(today=SATURDAY)
    self_check(office.service)
    assert canaries(office) == 1
    office.clock.set(today=date(2026, 11, 30))
    self_check(office.service)
    assert canaries(office) == 2
    assert [row[0] for row in office.execute("SELECT day FROM self_checks ORDER BY day")] == [
        TUESDAY,
        date(2026, 11, 30),
    ]


@database
def test_a_log_that_reads_back_what_was_written_says_so_once(office: Room) -> None:
    self_check(office.service)
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


@database
def test_the_canary_is_an_entry_that_an_auditor_finds(office: Room) -> None:
    self_check(office.service)
    settle(office)
    (hit,) = auditor(office).get("/log/entries?purpose=review&type=log.canary.v1").json["hits"]
    assert (hit["actor"], hit["index"], hit["signed"]) == ("service:audit_logging", 3, True)


def without_triggers(log: Room, table: str, statement: str) -> None:
    as_owner(log, f"ALTER TABLE {table} DISABLE TRIGGER USER; {statement}; ALTER TABLE {table} ENABLE TRIGGER USER")


def search_is_empty(log: Room) -> None:
    as_owner(log, "DELETE FROM search_subjects")


def opening_is_gone(log: Room) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 3 AND field = 'details'")


def opening_is_anothers(log: Room) -> None:
    without_triggers(
        log, "openings", "UPDATE openings SET value = '\"person:nobody\"' WHERE entry_index = 3 AND field = 'actor'"
    )


def leaf_is_altered(log: Room) -> None:
    other = "convert_to(replace(convert_from(leaf, 'UTF8'), 'canary.v1', 'canary.v2'), 'UTF8')"
    without_triggers(log, "entries", f"UPDATE entries SET leaf = {other} WHERE index = 3")


def neighbour_is_altered(log: Room) -> None:
    without_triggers(log, "entries", "UPDATE entries SET leaf_hash = sha256('x') WHERE index = 2")


def entry_is_gone(log: Room) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 1")
    without_triggers(log, "entries", "DELETE FROM entries WHERE index = 1")


def producer_was_restored(log: Room) -> None:
    as_owner(log, "UPDATE stream_heads SET number = 0 WHERE stream = 'looks'")


def cursor_was_moved(log: Room) -> None:
    as_owner(log, "UPDATE cursors SET number = 99 WHERE producer = 'payments'")


@database
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
    office: Room, happens: Callable[[Room], None], faults: list[str]
) -> None:
    self_check(office.service)
    settle(office)
    happens(office)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    with capture_logs() as said:
        self_check(office.service)
    assert results(office) == [faults]
    assert [(one["event"], one["faults"]) for one in said if one["log_level"] == "error"] == [
        ("log.self_check", faults)
    ]
    assert REGISTRY.get_sample_value("kurashi_log_self_check_faults") == len(faults)
    figures: dict[str, Any] = office.client(machine="one_machine").get("/figures").json
    assert (figures["self_check"], figures["self_check_faults"]) == ("faulty", faults)


@database
def test_a_published_file_that_is_altered_is_an_alarm(office: Room, tmp_path: Path) -> None:
    self_check(office.service)
    settle(office)
    (entries,) = (tmp_path / "published/tile/entries").rglob("4")
    entries.write_bytes(entries.read_bytes().replace(b"log.canary.v1", b"log.canary.v2"))
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.service)
    assert results(office) == [["published:entry"]]


@database
def test_a_log_that_lay_still_is_checked_again_and_then_good(office: Room) -> None:
    with office.work() as work:
        work.look("log_search", ["case:00000001"], "review")
    self_check(office.service)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.service)
    assert results(office) == [["search", "behind:audit_logging.looks"]]
    settle(office)
    later(office, 9)
    assert len(results(office)) == 1
    later(office, 1)
    assert results(office)[1:] == [[]]
    later(office, 60)
    assert len(results(office)) == 2


@contextmanager
def started_again(log: Room, minutes: int) -> Iterator[Room]:
    """The log as its next process sees it, which starts when the last one is gone for so long."""
    service = log.service.configured(log.service.settings)
    again = Room(service, log._keys)
    again.clock.set(today=log.clock.today(), now=log.clock.now() + timedelta(minutes=minutes))
    try:
        yield again
    finally:
        service.engine.dispose()


@database
def test_an_office_that_stops_before_its_check_gets_time_to_publish_when_it_starts_again(office: Room) -> None:
    self_check(office.service)
    with started_again(office, minutes=20) as log:
        self_check(log.service)
        assert results(log) == []
        figures = log.client(machine="one_machine").get("/figures").json
        assert figures["self_check"] == "waiting"
        settle(log)
        later(log, 4)
        assert results(log) == []
        later(log, 1)
        assert results(log) == [[]]


@database
def test_a_check_that_found_faults_is_not_made_again_before_the_office_that_starts_had_its_time(office: Room) -> None:
    self_check(office.service)
    later(office)
    assert [bool(faults) for faults in results(office)] == [True]
    with started_again(office, minutes=20) as log:
        self_check(log.service)
        assert len(results(log)) == 1
        settle(log)
        later(log)
        assert results(log)[1:] == [[]]


@database
def test_a_producer_that_does_not_answer_is_a_fault_until_it_does(rooms: Rooms) -> None:
    log = rooms.open(service, peers={"payments": "http://127.0.0.1:9"})
    log.clock.set(today=TUESDAY, now=MORNING)
    self_check(log.service)
    settle(log)
    later(log)
    assert results(log) == [["silent:payments.facts", "silent:payments.looks"]]
    log.service.settings.peers.clear()
    later(log, 10)
    assert results(log)[1:] == [[]]


def a_look_is_hidden(log: Room) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009")], "looks")
    move = "UPDATE progress SET next = next + 1 WHERE name = 'search'"
    as_owner(log, f"ALTER TABLE progress DISABLE TRIGGER USER; {move}")


def a_row_is_deleted(log: Room) -> None:
    as_owner(log, "DELETE FROM search_subjects WHERE index = 1; DELETE FROM search_entries WHERE index = 1")


def a_day_is_altered(log: Room) -> None:
    as_owner(log, "UPDATE search_entries SET day = day - 1 WHERE index = 1")


def a_subject_is_deleted(log: Room) -> None:
    as_owner(log, "DELETE FROM search_subjects WHERE index = 1")


def openings_go_before_they_are_indexed(log: Room) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009")], "looks")
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 4")
    index(log.service)


def a_row_of_nothing_is_made(log: Room) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 1")


def another_opening_is_made(log: Room) -> None:
    other = "UPDATE openings SET value = replace(value, 'jiro', 'taro') WHERE entry_index = 1 AND field = 'actor'"
    without_triggers(log, "openings", f"{other}; UPDATE search_entries SET actor = 'person:taro' WHERE index = 1")


def a_finding_is_hidden(log: Room) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009", time="2026-11-23T14:00:00+00:00")], "looks")
    index(log.service)
    move = "UPDATE progress SET next = 5 WHERE name = 'review'"
    as_owner(log, f"ALTER TABLE progress DISABLE TRIGGER USER; {move}")


@database
@pytest.mark.parametrize(
    ("happens", "bad"),
    [
        (a_look_is_hidden, {"index:differs": 4, "index:missing": 4}),
        (a_row_is_deleted, {"index:differs": 1, "index:missing": 1}),
        (a_day_is_altered, {"index:differs": 1}),
        (a_subject_is_deleted, {"index:differs": 1}),
        (openings_go_before_they_are_indexed, {"openings:missing": 4}),
        (a_row_of_nothing_is_made, {"index:unfounded": 1, "openings:missing": 1}),
        (another_opening_is_made, {"openings:differ": 1}),
        (a_finding_is_hidden, {"review:missing": 4}),
    ],
)
def test_an_index_that_does_not_say_what_the_entries_say_is_an_alarm_with_the_first_of_them(
    office: Room, happens: Callable[[Room], None], bad: dict[str, int]
) -> None:
    self_check(office.service)
    settle(office)
    review(office.service)
    happens(office)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.service)
    assert results(office) == [sorted(bad)]
    ((figures,),) = office.execute("SELECT figures FROM self_check_results")
    assert figures["first_bad"] == bad


@database
def test_after_a_clock_that_was_ahead_each_business_day_is_checked_again(office: Room) -> None:
    office.clock.set(today=date(2027, 11, 24), now=MORNING + timedelta(days=365))
    self_check(office.service)
    settle(office)
    later(office)
    assert results(office) == [[]]
    office.clock.set(today=TUESDAY, now=MORNING)
    for day in (TUESDAY, date(2026, 11, 25)):
        office.clock.set(today=day, now=MORNING + (day - TUESDAY))
        self_check(office.service)
        settle(office)
        later(office)
        figures = office.client(machine="one_machine").get("/figures").json
        assert (figures["self_check"], figures["self_check_day"]) == ("good", str(day))
    assert REGISTRY.get_sample_value("kurashi_log_self_check_age_seconds") == 0
    assert results(office) == [[], [], []]


@database
def test_what_a_restored_producer_has_lost_is_not_expected_of_it(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """It had told three looks when the canary was written; it comes back with one, and the log adopted that."""
    told = {"payments.facts": 0, "payments.looks": 3}
    monkeypatch.setattr(check_itself, "_told", lambda _: told)
    self_check(office.service)
    told["payments.looks"] = 1
    with office.work() as work:
        history.lose(work, "payments", "looks", "1", 1)
    office.execute("UPDATE cursors SET number = 1, epoch = '2' WHERE producer = 'payments'")
    settle(office)
    later(office)
    (faults,) = results(office)
    assert [one for one in faults if one.startswith("behind")] == []
