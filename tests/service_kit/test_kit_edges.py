"""The platform at its edges: the last attempt, the very number, one fact too many on a page, and two at once."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from shared.access.records import OutOfScopeError
from shared.contracts.facts.payments import RunOpened
from shared.service_kit.csv_files import text as words
from shared.service_kit.http.request_guards import read_files
from shared.service_kit.jobs import chunks, tables
from shared.service_kit.problems import ContentError, Problem
from shared.service_kit.retention import expiry
from shared.service_kit.settings import Settings
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import parking
from shared.service_kit.subscriptions.consume import take_page
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.testing import RunningService, Services, at_once
from tests.service_kit.streams.test_kit_streams import CASES, _Marked, cursor, fact, values
from tests.service_kit.toy.app import marks, service

database = pytest.mark.database
JOB = "5f3c1c0a-8a43-4b0e-9d1c-000000000009"


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


@pytest.fixture(autouse=True)
def _know_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service.fact_types, "mark.v1", _Marked)


def tell(running: RunningService, *numbers: int) -> None:
    with running.work() as work:
        for number in numbers:
            work._publish("facts", _Marked(number), "case:1", None)


@pytest.mark.parametrize("typed", ["case:架空 花子", "case:00000001 ", "架空", "person:x", "case:"])
def test_a_refusal_tells_a_number_and_never_what_was_typed_into_an_address(typed: str) -> None:
    assert OutOfScopeError(typed, "elsewhere").subject == ""
    assert OutOfScopeError("case:00000001", "elsewhere").subject == "case:00000001"


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\t", "\x1b"])
def test_text_of_a_file_has_no_control_characters(character: str) -> None:
    with pytest.raises(ValueError, match="cannot stand here"):
        words(10)(f"a{character}b")
    assert words(3)("a b") == "a b"
    with pytest.raises(ValueError, match="longer than 2"):
        words(2)("a b")


@pytest.mark.parametrize("type_", ["text/html", "application/pdf", "text/plain", "application/vnd.ms-excel"])
def test_a_file_of_another_type_is_not_taken(type_: str) -> None:
    settings, app = Settings(env="test"), Flask(__name__)

    def sent(of: str) -> dict[str, bytes]:
        data = {"households.csv": (BytesIO(b"a,b\n"), "households.csv", of)}
        with app.test_request_context("/imports", method="POST", data=data):
            return read_files(settings)

    assert sent("text/csv") == {"households.csv": b"a,b\n"}
    with pytest.raises(Problem) as refused:
        sent(type_)
    assert (refused.value.name, refused.value.field) == ("invalid-input", "households.csv")


@database
def test_a_chunk_that_fails_is_tried_five_times_and_then_parked(running: RunningService) -> None:
    tries = []

    def fail(_work: Any, chunk: chunks.Chunk) -> None:
        tries.append(chunk.seq)
        raise ContentError("never")

    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    for _ in range(3):
        chunks.work_off(running.runtime, "count", fail)
    assert len(tries) == 5
    assert running.execute("SELECT state, attempts FROM chunks") == [("parked", 5)]


@database
def test_a_worker_takes_the_next_chunk_and_waits_for_nobodys(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 1}, {"value": 2}])

    def take() -> Any:
        with running.work() as work:
            first = select(tables.chunks).where(tables.chunks.c.seq == 0)
            return work.connection.execute(first.with_for_update()).one()

    def attempt() -> Any:
        taken = chunks._attempt(running.runtime, "count")
        return taken and taken.seq

    became = at_once(running.runtime.engine, take, attempt)
    assert (became.second, became.waited) == (1, False)


@database
def test_what_is_parked_at_the_very_number_is_counted(running: RunningService) -> None:
    running.take(CASES, running.page(CASES, [fact(running, 13, "case:2"), fact(running, 1)], 1))
    with running.work() as work:
        counts = [parking.parked_below(work, CASES, "facts", number) for number in (0, 1, 2)]
        others = parking.parked_below(work, CASES, "looks", 2)
    assert (counts, others) == ([0, 1, 1], 0)


@database
def test_of_a_fact_that_cannot_be_applied_nothing_is_left(running: RunningService) -> None:
    with running.work() as work:

        def half() -> None:
            work.connection.execute(insert(marks).values(fact_id=uuid4(), subject="half", value=1))
            work.fact(RunOpened(run_id=uuid4(), month="2026-12", run_kind="regular", positions={}), "run:1")
            raise ContentError("in the middle")

        assert parking.attempt(work, half) == "in the middle"
    assert (values(running), running.facts()) == ([], [])


@database
def test_two_consumers_of_one_subscription_apply_a_page_once(running: RunningService) -> None:
    """And the second does not even begin with it: what a handler does is not always refused by a key."""
    begun: list[int] = []

    def count(work: Any, facts: Any) -> None:
        for received in facts:
            begun.append(received.data["value"])
            work.connection.execute(
                insert(marks).values(fact_id=uuid4(), subject="count", value=received.data["value"])
            )

    counting, page = Subscription(CASES, "facts", count), running.page(CASES, [fact(running, 1), fact(running, 2)], 1)

    def take() -> int:
        return take_page(running.runtime, counting, *page)

    became = at_once(running.runtime.engine, take, take)
    assert (became.first, became.second, became.waited) == (2, 0, True)
    assert (values(running), begun) == ([1, 2], [1, 2])


@database
@pytest.mark.parametrize(("change", "by"), [("through", 1), ("through", -1), ("from", -1)])
def test_a_page_whose_numbers_do_not_fit_its_facts_is_dropped(running: RunningService, change: str, by: int) -> None:
    body, key_id, signature = running.page(CASES, [fact(running, 1), fact(running, 2)], 1)
    assert running.runtime.verifier.holds(CASES, key_id, signature, body)
    said = json.loads(body)
    said[change] += by
    wrong = json.dumps(said).encode()
    assert running.take(CASES, (wrong, key_id, running._keys[CASES].sign(wrong))) == 0
    assert values(running) == []
    assert running.take(CASES, (body, key_id, signature)) == 2
    assert cursor(running) == 2


@database
def test_a_page_has_an_end_whatever_is_asked_for(running: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "PAGE", 2)
    tell(running, 1, 2, 3)
    with running.work() as work:
        numbering.positions(work.connection)
        signer = running._keys[CASES]
        pages = [
            numbering.read_page(work.connection, signer, CASES, "facts", 0, most=most).through for most in (1, 2, 1000)
        ]
    assert pages == [1, 2, 2]


@database
def test_facts_are_numbered_in_the_order_in_which_they_were_published(running: RunningService) -> None:
    """Batch by batch, wherever the table keeps their rows."""
    tell(running, 1, 2, 3, 4)
    assert running.runtime.settings.owner_database_url is not None
    with psycopg.connect(running.runtime.settings.owner_database_url) as owner:
        owner.execute(
            "UPDATE outbox SET body = body WHERE row_id IN (SELECT row_id FROM outbox ORDER BY row_id LIMIT 2)"
        )
    for _ in range(4):
        with running.work() as work:
            for way in ("indexscan", "indexonlyscan", "bitmapscan"):
                work.connection.execute(text(f"SET LOCAL enable_{way} = off"))
            numbering.number_waiting(work.connection, "facts", most=1)
    assert [event["data"]["value"] for event in running.facts("mark.v1")] == [1, 2, 3, 4]


@database
def test_a_reader_that_never_asked_has_taken_nothing(running: RunningService) -> None:
    with running.work() as work:
        expiry.expire_chunk(work)
    expected = {
        (stream, reader)
        for stream in ("facts", "looks")
        for reader in running.runtime.catalog.subscribers(service.name, stream)
    }
    assert expected
    noted = running.execute("SELECT stream, reader, number FROM readers")
    assert {(row.stream, row.reader) for row in noted} == expected
    assert {row.number for row in noted} == {0}


@database
def test_a_type_of_fact_that_the_service_was_not_handed_is_published_by_nobody(
    running: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = RunOpened(run_id=uuid4(), month="2026-12", run_kind="regular", positions={})
    with running.work() as work:
        work.fact(opened, "run:1")
    monkeypatch.delitem(service.fact_types, RunOpened.TYPE)
    with pytest.raises(LookupError, match="not among"), running.work() as work:
        work.fact(opened, "run:2")
    assert [event["subject"] for event in running.facts()] == ["run:1"]
