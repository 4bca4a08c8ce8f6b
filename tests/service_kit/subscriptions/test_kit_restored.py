"""A service restored to an earlier day: its readers see it, stand still, and go on when an operator says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql

from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.processes import commands
from shared.service_kit.processes.listener import poll_producers
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import taken
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.testing import Reply, RunningService, Services
from tests.service_kit.streams.test_kit_streams import _Marked
from tests.service_kit.toy.app import service, take_marks

pytestmark = pytest.mark.database
NAME = "payments"
SUBSCRIPTION = Subscription(NAME, "facts", take_marks)


@dataclass
class Office:
    """One service that tells and one that reads; the database of each can be dumped and restored."""

    producer: RunningService
    reader: RunningService
    admin_url: str

    def tell(self, *values: int) -> None:
        """Facts of one piece of work, numbered."""
        with self.producer.work() as work:
            for value in values:
                work._publish("facts", _Marked(value), f"case:{value}", None)
        with self.producer.work() as work:
            numbering.positions(work.connection)

    def read(self) -> None:
        """The reader looks for what it has not taken."""
        poll_producers(self.reader.runtime, [SUBSCRIPTION])

    def taken(self) -> list[int]:
        return [row[0] for row in self.reader.execute("SELECT value FROM marks ORDER BY value")]

    def stands_still(self) -> bool:
        return bool(telemetry.SUBSCRIPTION_STOPPED.labels(f"{NAME}.facts")._value.get())

    def adopt(self) -> Reply:
        operator = self.reader.client(person="demo-operator", roles=["operator"])
        return operator.post(f"/subscriptions/{NAME}/facts/adoption")

    def dump(self, running: RunningService) -> None:
        self._copy(f"{_database(running)}_dump", _database(running), running)

    def restore(self, running: RunningService) -> None:
        self._copy(_database(running), f"{_database(running)}_dump", running)

    def forget_dumps(self) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            for running in (self.producer, self.reader):
                name = sql.Identifier(f"{_database(running)}_dump")
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))

    def _copy(self, name: str, template: str, running: RunningService) -> None:
        owner = psycopg.conninfo.conninfo_to_dict(running.runtime.settings.owner_database_url)["user"]
        running.runtime.engine.dispose()
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            admin.execute(made.format(*map(sql.Identifier, (name, str(owner), template))))


def _database(running: RunningService) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(running.runtime.settings.database_url)["dbname"])


class _Door:
    """The producer's own door, without a network between."""

    def __init__(self, producer: RunningService) -> None:
        self._client = producer.client(machine="audit_logging")

    def client(self, name: str) -> _Door:
        assert name == NAME
        return self

    def raw(self, path: str, params: dict[str, Any]) -> Reply:
        answer = self._client.get(f"{path}?{urlencode(params)}")
        if answer.status_code >= 400:
            raise Problem.from_body(answer.json)
        return answer


@pytest.fixture
def office(services: Services, admin_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setitem(service.fact_types, "mark.v1", _Marked)
    opened = Office(services.open(service), services.open(replace(service, subscriptions=[SUBSCRIPTION])), admin_url)
    opened.reader.hand_in(clients=_Door(opened.producer))
    yield opened
    opened.forget_dumps()


def restored_after_november(office: Office) -> None:
    """November is told and taken, the producer dumped, December told and taken, the producer restored."""
    office.tell(11, 12)
    office.read()
    office.dump(office.producer)
    office.tell(21, 22, 23)
    office.read()
    office.restore(office.producer)


def test_a_restored_producer_stands_still_and_never_heals_by_itself(office: Office) -> None:
    restored_after_november(office)
    office.read()
    assert office.stands_still()
    for value in (31, 32, 33, 34, 35):
        office.tell(value)
        office.read()
        assert (office.stands_still(), office.taken()) == (True, [11, 12, 21, 22, 23])


def test_pages_of_a_restored_producer_from_the_broker_are_dropped(office: Office) -> None:
    restored_after_november(office)
    office.tell(31, 32, 33, 34)
    with office.producer.work() as work:
        page = numbering.read_page(work.connection, office.producer.runtime.signer, NAME, "facts", 2)
    dropped = telemetry.PAGES_DROPPED.labels(NAME, "history")
    before = dropped._value.get()
    assert office.reader.take(NAME, (page.body, page.key_id, page.signature)) == 0
    assert dropped._value.get() == before + 1
    assert office.taken() == [11, 12, 21, 22, 23]


def test_a_restored_reader_catches_up_by_itself(office: Office) -> None:
    office.tell(11, 12)
    office.read()
    office.dump(office.reader)
    office.tell(21, 22)
    office.read()
    office.restore(office.reader)
    office.tell(31)
    office.read()
    assert (office.stands_still(), office.taken()) == (False, [11, 12, 21, 22, 31])


def test_an_adopted_epoch_goes_on_from_what_both_have_and_passes_over_nothing(office: Office) -> None:
    restored_after_november(office)
    office.tell(31, 32)  # told before anybody saw that it was restored
    office.read()
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    office.tell(33)
    office.read()
    assert office.stands_still()
    answer = office.adopt()
    assert (answer.json["after"], answer.json["lost"]) == (2, 3)
    office.read()
    assert (office.stands_still(), office.taken()) == (False, [11, 12, 21, 22, 23, 31, 32, 33])
    lost = office.reader.execute("SELECT number FROM lost_facts ORDER BY number")
    assert [row[0] for row in lost] == [3, 4, 5]
    (entry,) = office.reader.facts("epoch.adopted.v1")
    assert (entry["actor"], entry["data"]["after"], entry["data"]["lost"]) == ("person:demo-operator", 2, 3)
    begun = office.producer.facts("epoch.begun.v1")
    assert [(event["data"]["stream"], event["data"]["after"]) for event in begun] == [("facts", 4), ("looks", 0)]


def test_a_service_may_be_restored_again_behind_an_epoch_that_was_adopted(office: Office) -> None:
    restored_after_november(office)
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    office.adopt()
    office.tell(31)
    office.read()
    office.restore(office.producer)
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    assert office.adopt().json["lost"] == 3  # both epochs' beginnings, and 31
    office.tell(41)
    office.read()
    assert (office.stands_still(), office.taken()) == (False, [11, 12, 21, 22, 23, 31, 41])


def test_a_reader_that_lags_takes_what_it_missed_of_the_old_epoch(office: Office) -> None:
    office.tell(11)
    office.read()
    office.tell(12)
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    office.read()
    assert office.stands_still()
    answer = office.adopt()
    assert (answer.json["after"], answer.json["lost"]) == (1, 0)
    office.read()
    assert office.taken() == [11, 12]


def test_nothing_is_adopted_where_no_epoch_began_or_the_stream_is_unknown(office: Office) -> None:
    restored_after_november(office)
    refused = office.adopt()
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/wrong-state")
    operator = office.reader.client(person="demo-operator", roles=["operator"])
    assert operator.post("/subscriptions/case_management/facts/adoption").status_code == 404
    assert (
        office.reader.client(person="demo-head", roles=["head"])
        .post(f"/subscriptions/{NAME}/facts/adoption")
        .status_code
        == 403
    )


def test_the_cursor_and_the_producer_name_the_same_history(office: Office) -> None:
    office.tell(11, 12, 15)
    office.read()
    (cursor,) = office.reader.client(machine="one_machine").get("/events/cursors").json["items"]
    positions = office.producer.client(machine="one_machine").get("/events/positions").json
    assert (cursor["number"], cursor["history"]) == (3, positions["history"]["facts"])
    with office.reader.work() as work:
        assert taken.taken_until(work, NAME, "facts", 3) == bytes.fromhex(cursor["history"])


def test_a_reader_at_rest_gets_its_history_at_the_first_look_after_the_upgrade(office: Office) -> None:
    office.tell(11)
    office.read()
    office.reader.execute("UPDATE cursors SET history = NULL")
    office.read()
    assert office.reader.execute("SELECT history FROM cursors")[0][0] is not None
    restored_after_november(office)
    office.read()
    assert office.stands_still()


def test_an_upgrade_gives_facts_at_rest_the_history_that_numbering_would_have(office: Office) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from sqlalchemy import create_engine, text

    from shared.service_kit.database.engine import psycopg_url
    from shared.service_kit.streams.history_ddl import create_history

    office.tell(11, 12)
    office.tell(15)
    before = office.producer.execute("SELECT number, before FROM events WHERE stream = 'facts' ORDER BY number")
    engine = create_engine(psycopg_url(office.producer.runtime.settings.owner_database_url))
    with engine.connect() as connection:
        for statement in (
            "ALTER TABLE events DROP COLUMN before",
            "ALTER TABLE stream_heads DROP COLUMN history",
            "ALTER TABLE cursors DROP COLUMN history",
            "ALTER TABLE parked DROP COLUMN place",
            "DROP TABLE taken, lost_facts",
        ):
            connection.execute(text(statement))
        create_history(Operations(MigrationContext.configure(connection)))
        connection.commit()
    engine.dispose()
    after = office.producer.execute("SELECT number, before FROM events WHERE stream = 'facts' ORDER BY number")
    assert after == before
    office.tell(14)
    office.read()
    assert office.taken() == [11, 12, 14, 15]


@pytest.mark.parametrize(
    "harm",
    [b"null", b"[]", b"{", b'{"producer": 1}', b"\xff\xfe", b'{"facts": [1]}'],
    ids=["null", "list", "torn", "short", "bytes", "numbers"],
)
def test_a_signed_page_without_our_form_is_dropped_and_counted(office: Office, harm: bytes) -> None:
    signer = office.producer.runtime.signer
    dropped = telemetry.PAGES_DROPPED.labels(NAME, "form")
    before = dropped._value.get()
    assert office.reader.take(NAME, (harm, signer.key_id, signer.sign(harm))) == 0
    assert dropped._value.get() == before + 1


def test_a_page_that_is_too_large_is_dropped_unread(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.service_kit.subscriptions.pages.MOST_BYTES", 100)
    dropped = telemetry.PAGES_DROPPED.labels(NAME, "size")
    before = dropped._value.get()
    assert office.reader.take(NAME, (b"x" * 101, "", "")) == 0
    assert dropped._value.get() == before + 1


def test_a_page_ends_where_it_would_become_too_large(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.tell(11, 12, 15)
    monkeypatch.setattr("shared.service_kit.streams.numbering.PAGE_BYTES", 10)
    with office.producer.work() as work:
        page = numbering.read_page(work.connection, office.producer.runtime.signer, NAME, "facts", 0)
    assert page.through == 1
    office.read()
    assert office.taken() == [11, 12, 15]


def test_what_is_parked_is_released_in_the_order_in_which_it_came_whatever_its_number_or_the_clock(
    office: Office,
) -> None:
    office.tell(11)
    office.read()
    office.dump(office.producer)
    office.tell(21, 22, 23)
    tell_of(office, 13, "case:7")
    office.read()
    office.restore(office.producer)
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    office.adopt()
    now = office.reader.clock.now()
    office.reader.clock.set(now=now - timedelta(hours=1))
    tell_of(office, 14, "case:7")
    office.read()
    operator = office.reader.client(person="demo-operator", roles=["operator"])
    parked = operator.get("/parked").json["items"]
    assert [(entry["number"], entry["reason"]) for entry in parked] == [(5, "unlucky"), (4, "behind")]
    behind = operator.post(f"/parked/{parked[1]['fact_id']}/release")
    assert behind.status_code == 409


def tell_of(office: Office, value: int, subject: str) -> None:
    with office.producer.work() as work:
        work._publish("facts", _Marked(value), subject, None)
    with office.producer.work() as work:
        numbering.positions(work.connection)
