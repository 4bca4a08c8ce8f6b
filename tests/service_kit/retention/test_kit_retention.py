"""Clear copies go when their period is over, never earlier, and never what a reader still needs."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.access.emergencies import EMERGENCIES, Emergency, open_in_emergency
from shared.access.records import Record
from shared.contracts.facts.payments import RunOpened
from shared.contracts.retention import COPIES, DAILY, RETENTION
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.processes import commands
from shared.service_kit.processes.listener import poll_producers
from shared.service_kit.retention import expiry
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.streams.test_kit_streams import CASES, _Marked, fact
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - timedelta(days=6 * 365), NOW - timedelta(days=4 * 365)


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


@pytest.fixture(autouse=True)
def _know_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service.fact_types, "mark.v1", _Marked)


def tell(running: RunningService, at: datetime, count: int = 1) -> None:
    """So many facts of that time, numbered and sent by the relay."""
    running.clock.set(now=at)
    with running.work() as work:
        for value in range(count):
            work.fact(RunOpened(run_id=uuid4(), month="2026-12", run_kind="regular", positions={}), f"run:{value}")
    running.clock.set(now=NOW)
    with running.work() as work:
        numbering.positions(work.connection)
    running.execute("UPDATE stream_heads SET published = number")


def read(running: RunningService, after: int, reader: str = "audit_logging") -> Any:
    return running.client(machine=reader).get(f"/events?stream=facts&after={after}")


def kept(running: RunningService) -> list[int]:
    """The numbers of what was told above; of what expiry itself tells, nothing."""
    opened = "body::json ->> 'type' = 'run.opened.v1'"
    rows = running.execute(f"SELECT number FROM events WHERE stream = 'facts' AND {opened} ORDER BY number")
    return [row[0] for row in rows]


def as_owner(running: RunningService, statement: str) -> None:
    with psycopg.connect(running.runtime.settings.owner_database_url) as connection:
        connection.execute(statement.encode())


def test_events_go_once_they_are_old_and_every_reader_has_taken_them(running: RunningService) -> None:
    tell(running, LONG_AGO, 4)
    tell(running, LATELY, 2)
    expiry.expire(running.runtime)
    assert kept(running) == [1, 2, 3, 4, 5, 6]
    assert read(running, 3).status_code == 200
    expiry.expire(running.runtime)
    assert kept(running) == [4, 5, 6]
    read(running, 6)
    expiry.expire(running.runtime)
    assert kept(running) == [5, 6]
    told = [(one["data"], one["actor"]) for one in running.facts("copies.expired.v1")]
    assert told == [({"counts": {"events": n}}, "service:payments") for n in (3, 1)]


def test_a_second_round_on_the_same_day_finds_nothing_and_tells_nothing(running: RunningService) -> None:
    tell(running, LONG_AGO, 2)
    read(running, 2)
    for _ in range(3):
        expiry.expire(running.runtime)
    assert len(running.facts("copies.expired.v1")) == 1


def test_what_the_relay_has_not_sent_stays(running: RunningService) -> None:
    tell(running, LONG_AGO, 2)
    read(running, 2)
    running.execute("UPDATE stream_heads SET published = 1")
    expiry.expire(running.runtime)
    assert kept(running) == [2]


def test_many_go_in_chunks_each_of_which_stands_when_the_next_one_fails(
    running: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(running, LONG_AGO, 7)
    read(running, 7)
    monkeypatch.setattr(expiry, "AT_MOST", 3)
    with running.work() as work:
        assert expiry.expire_chunk(work, 3)["events"] == 3
    with pytest.raises(RuntimeError, match="killed"):
        let_go_and_die(running)
    assert kept(running) == [4, 5, 6, 7]
    expiry.expire(running.runtime)
    assert kept(running) == []
    counts = [one["data"]["counts"]["events"] for one in running.facts("copies.expired.v1")]
    assert sum(counts) == 7


def let_go_and_die(running: RunningService) -> None:
    with running.work() as work:
        expiry.expire_chunk(work, 3)
        raise RuntimeError("the worker is killed")


def test_a_reader_that_asks_for_what_is_gone_is_told_so_and_from_where_it_is_kept(running: RunningService) -> None:
    tell(running, LONG_AGO, 3)
    tell(running, LATELY)
    read(running, 4)
    expiry.expire(running.runtime)
    answer = read(running, 2)
    assert (answer.status_code, answer.json["type"], answer.json["oldest"]) == (410, "/problems/events-expired", 4)
    assert read(running, 3).status_code == 200


def test_a_reader_restored_from_an_old_backup_stands_still_with_an_alarm(
    services: Services, running: RunningService
) -> None:
    class Producer:
        def client(self, name: str) -> Producer:
            return self

        def raw(self, path: str, params: dict[str, Any]) -> Any:
            raise Problem("events-expired", extra={"oldest": 4})

    running.take(CASES, running.page(CASES, [fact(running, 1)], 1))
    running.hand_in(clients=Producer())
    poll_producers(running.runtime, running.service.subscriptions)
    assert telemetry.SUBSCRIPTION_STOPPED.labels(f"{CASES}.facts")._value.get() == 1
    with pytest.raises(Problem, match="events-expired"):
        running.take(CASES, running.page(CASES, [fact(running, 5)], 5))
    assert [row[0] for row in running.execute("SELECT value FROM marks")] == [1]


def test_a_restored_reader_holds_what_it_needs_again(running: RunningService) -> None:
    tell(running, LONG_AGO, 4)
    read(running, 4)
    read(running, 1)
    expiry.expire(running.runtime)
    assert kept(running) == [2, 3, 4]


def test_only_a_subscriber_says_what_it_has_taken(running: RunningService) -> None:
    tell(running, LONG_AGO, 2)
    for stranger in ("one_machine", "ui_gateway"):
        read(running, 2, stranger)
    expiry.expire(running.runtime)
    assert kept(running) == [1, 2]


@pytest.mark.parametrize(
    "change", ["DELETE FROM events", "UPDATE events SET body = body", "TRUNCATE events", "DELETE FROM idempotency"]
)
def test_nobody_deletes_past_the_door_not_even_the_owner(running: RunningService, change: str) -> None:
    tell(running, LONG_AGO, 2)
    tell(running, LATELY)
    read(running, 3)
    running.client(person="p", roles=["accountant"]).post("/marks", {"subject": "a", "value": 1})
    with pytest.raises(ProgrammingError, match="permission denied"), running.work() as work:
        work.connection.execute(text(change))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(running, change)
    assert kept(running) == [1, 2, 3]


def test_the_running_service_cannot_shorten_a_period(running: RunningService) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), running.work() as work:
        work.connection.execute(text("UPDATE retention_periods SET months = 1"))


def test_an_answer_is_cleared_and_its_key_still_stops_a_repetition(running: RunningService) -> None:
    client = running.client(person="p", roles=["accountant"])
    mark = {"subject": "a", "value": 1}
    running.clock.set(now=LONG_AGO)
    assert client.post("/marks", mark, key="key-of-long-ago").status_code == 201
    running.clock.set(now=NOW)
    assert client.post("/marks", mark, key="key-of-today").status_code == 201
    expiry.expire(running.runtime)
    answer = client.post("/marks", mark, key="key-of-long-ago")
    assert (answer.status_code, answer.json["type"]) == (410, "/problems/answer-expired")
    assert client.post("/marks", {**mark, "value": 2}, key="key-of-long-ago").status_code == 409
    assert client.post("/marks", mark, key="key-of-today").status_code == 201
    assert len(running.execute("SELECT * FROM marks")) == 2
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(running, "UPDATE idempotency SET body = NULL WHERE key = 'key-of-today'")


def nobodys(work: object, **of: str) -> Record:
    """A record that is of nobody's family."""
    del work, of
    return Record("case:00000001")


def test_the_words_of_an_emergency_go_and_who_saw_what_stays(running: RunningService) -> None:
    with running.runtime.engine.begin() as connection:
        running.runtime.sealer.prepare(connection)
    for at in (LONG_AGO, LATELY):
        running.clock.set(now=at)
        with running.work() as work:
            open_in_emergency(
                work,
                Emergency(subject="case:00000001", reason="abuse", words="電話で確認"),
                lambda work, **of: Record("case:00000001"),
            )
    running.clock.set(now=NOW)
    expiry.expire(running.runtime)
    with running.work() as work:
        rows = work.connection.execute(text("SELECT * FROM break_glass ORDER BY at")).mappings().all()
        told = [(row["subject"], row["reason"], row["words"]) for row in work.unseal(EMERGENCIES, rows)]
    assert told == [("case:00000001", "abuse", None), ("case:00000001", "abuse", "電話で確認")]


def test_what_was_parked_is_cleared_only_after_its_release(running: RunningService) -> None:
    running.take(CASES, running.page(CASES, [fact(running, 13, "case:1"), fact(running, 13, "case:2")], 1))
    running.execute("UPDATE parked SET released_at = :at, parked_at = :at WHERE number = 1", at=LONG_AGO)
    running.execute("UPDATE parked SET parked_at = :at WHERE number = 2", at=LONG_AGO)
    expiry.expire(running.runtime)
    bodies = [row[0] for row in running.execute("SELECT body FROM parked ORDER BY number")]
    assert bodies[0] == "{}"
    assert json.loads(bodies[1])["data"] == {"value": 13}


def test_the_office_sets_its_own_period_within_the_range_and_it_is_told(
    running: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(running, LATELY, 2)
    read(running, 2)
    commands.run_process(running.service, running.runtime, ["keep", "events", "36"])
    assert capsys.readouterr().out == "events: 36 months (before: 60)\n"
    (entry,) = running.facts("retention.set.v1")
    assert entry["data"] == {"name": "events", "months": 36, "before": 60}
    expiry.expire(running.runtime)
    assert kept(running) == []
    for name, months in (("events", "61"), ("events", "0"), ("answer", "12")):
        with pytest.raises(ValueError, match=r"the office sets|keeps nothing"):
            commands.run_process(running.service, running.runtime, ["keep", name, months])


ages = st.lists(st.sampled_from([LONG_AGO, LATELY]), min_size=1, max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(ages, st.integers(0, 8), st.integers(1, 4))
def test_whatever_was_told_and_taken_only_an_old_beginning_goes(
    running: RunningService, told: list[datetime], taken: int, at_most: int
) -> None:
    (start,) = running.execute("SELECT number FROM stream_heads WHERE stream = 'facts'")[0]
    read(running, start)
    expiry.expire(running.runtime)
    for at in told:
        tell(running, at)
    there = kept(running)
    position = min(start + taken, start + len(told))
    read(running, position)
    with running.work() as work:
        while expiry.expire_chunk(work, at_most).get("events"):
            pass
    left = kept(running)
    gone = [number for number in there if number not in left]
    assert gone == there[: len(gone)]
    assert all(number <= position for number in gone)
    old = dict(zip(range(start + 1, start + 1 + len(told)), told, strict=True))
    assert all(old[number] == LONG_AGO for number in gone if number in old)
    following = [number for number in there if number not in gone][:1]
    assert not following or following[0] > position or old.get(following[0], LATELY) == LATELY


@pytest.mark.parametrize("name", ["case_management", "support_benefits", "payments", "ui_gateway", "audit_logging"])
def test_each_service_is_told_the_declared_periods(services: Services, name: str) -> None:
    opened = services.open(importlib.import_module(f"services.{name}.app").service)
    rows = {row.name: tuple(row)[1:] for row in opened.execute("SELECT * FROM retention_periods")}
    assert set(COPIES) <= set(rows)
    assert rows == {one: (kept.months, kept.least, kept.most) for one, kept in RETENTION.items() if one in rows}
    doors = {row[0] for row in opened.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'expire_%'")}
    assert doors == {f"expire_{one}" for one in rows if RETENTION[one].ends == DAILY}


def test_the_table_of_periods_is_the_declared_one() -> None:
    document = (Path(__file__).resolve().parents[3] / "docs" / "retention.md").read_text(encoding="utf-8")
    months = {name: "区が定めるまで" if one.months is None else f"{one.months}か月" for name, one in RETENTION.items()}
    cells = {
        name: (one.what, one.where, months[name], f"{one.least}〜{one.most or ''}", one.since, one.ends, one.source)
        for name, one in RETENTION.items()
    }
    rows = [f"| `{name}` | {' | '.join(row)} |" for name, row in cells.items()]
    assert [line for line in document.splitlines() if line.startswith("| `")] == rows


def jump(running: RunningService, days: int) -> None:
    """What the database would see if its clock were ahead by so many days since this moment."""
    as_owner(running, f"UPDATE clock_days SET day = day - {days}")


def test_nothing_goes_by_a_clock_that_jumped_ahead_until_it_went_on_for_days(running: RunningService) -> None:
    tell(running, LONG_AGO, 3)
    read(running, 3)
    read(running, 3, "payments")
    jump(running, 400)
    with running.work() as work:
        assert not any(expiry.expire_chunk(work).values())
    assert kept(running) == [1, 2, 3]
    assert running.execute("SELECT cutoff('events')")[0][0] is None
    jump(running, 2)
    with running.work() as work:
        assert not any(expiry.expire_chunk(work).values()), "a day that it has seen, but not for three days"
    jump(running, 1)
    with running.work() as work:
        assert expiry.expire_chunk(work)["events"] == 3


def test_the_running_service_cannot_make_a_clock_believed(running: RunningService) -> None:
    for change in ("INSERT INTO clock_days VALUES ('2026-11-01')", "UPDATE clock_days SET day = day + 1"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            running.execute(change)


@pytest.mark.parametrize("odd", ["a\0b", "a\\u0000b", "a\\\0b", '"\\\0"'])
def test_a_fact_with_a_character_that_text_has_not_goes_like_every_other(running: RunningService, odd: str) -> None:
    running.clock.set(now=LONG_AGO)
    with running.work(actor=f"person:{odd}") as work:
        work.fact(RunOpened(run_id=uuid4(), month="2026-12", run_kind="regular", positions={}), "run:1")
    tell(running, LONG_AGO, 1)
    read(running, 2)
    read(running, 2, "payments")
    with running.work() as work:
        assert expiry.expire_chunk(work)["events"] == 2
