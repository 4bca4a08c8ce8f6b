"""The log on a real PostgreSQL: pages forged, repeated, out of order and missing, and the tree that comes of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.audit_logging.adapters.log.tree import hashes_of
from services.audit_logging.app import PRODUCERS
from services.audit_logging.domain.log.leaf import commitment
from services.audit_logging.domain.log.merkle import root
from shared.service_kit.subscriptions import consume
from shared.service_kit.testing import RunningService
from tests.audit_logging.log.memory_log import naive_root
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
MakeFacts = Callable[..., list[dict[str, Any]]]


def leaves(log: RunningService) -> list[dict[str, Any]]:
    return [json.loads(bytes(row.leaf)) for row in log.execute("SELECT leaf FROM entries ORDER BY index")]


def tree_is_whole(log: RunningService) -> bool:
    rows = log.execute("SELECT index, leaf_hash FROM entries ORDER BY index")
    assert [row.index for row in rows] == list(range(len(rows)))
    with log.work() as work:
        return root(hashes_of(work.connection), len(rows)) == naive_root([bytes(row.leaf_hash) for row in rows])


def test_each_fact_is_one_entry_in_its_order(log: RunningService, make_facts: MakeFacts) -> None:
    facts = make_facts(300)
    assert log.deliver("payments", facts[:200]) == 200
    assert log.deliver("payments", facts[200:]) == 100
    made = leaves(log)
    assert [leaf["id"] for leaf in made] == [fact["id"] for fact in facts]
    assert [leaf["number"] for leaf in made] == list(range(1, 301))
    assert {(leaf["producer"], leaf["stream"], leaf["epoch"]) for leaf in made} == {("payments", "facts", "1")}
    assert tree_is_whole(log)


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("stream", ["facts", "looks"])
def test_every_service_is_listened_to(log: RunningService, make_facts: MakeFacts, producer: str, stream: str) -> None:
    assert log.deliver(producer, make_facts(2), stream) == 2
    assert log.client(machine="one_machine").get("/log/positions").json == {
        "positions": {f"{producer}.{stream}": 2},
        "entries": 2,
        "signed": 0,
        "published": None,
    }


def test_a_page_repeated_or_overlapping_adds_nothing_twice(log: RunningService, make_facts: MakeFacts) -> None:
    facts = make_facts(30)
    first = log.page("payments", facts[:20], 1)
    assert [log.take("payments", first) for _ in range(3)] == [20, 0, 0]
    assert log.take("payments", log.page("payments", facts[10:], 11)) == 10
    assert [leaf["number"] for leaf in leaves(log)] == list(range(1, 31))


def test_a_page_that_nobody_signed_or_that_was_changed_is_dropped(log: RunningService, make_facts: MakeFacts) -> None:
    body, key_id, signature = log.page("payments", make_facts(5), 1)
    changed = body.replace(b"3844000", b"9844000")
    assert changed != body
    assert log.take("payments", (changed, key_id, signature)) == 0
    assert log.take("payments", (body, "0" * 16, signature)) == 0
    assert log.take("payments", log.page("case_management", make_facts(5), 1)) == 0
    assert leaves(log) == []
    assert log.take("payments", (body, key_id, signature)) == 5


def test_a_page_of_another_life_of_the_producer_is_dropped(log: RunningService, make_facts: MakeFacts) -> None:
    log.deliver("payments", make_facts(5))
    assert log.take("payments", log.page("payments", make_facts(5), 6, epoch="2")) == 0
    assert len(leaves(log)) == 5


def test_missing_pages_are_pulled_and_pages_out_of_order_end_in_order(
    log: RunningService, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = make_facts(60)
    producer = Producer(log, facts)
    monkeypatch.setattr(type(log.runtime.clients), "client", lambda _self, _name: producer)
    assert log.take("payments", log.page("payments", facts[40:], 41)) == 60
    assert log.take("payments", log.page("payments", facts[:20], 1)) == 0
    assert [leaf["id"] for leaf in leaves(log)] == [fact["id"] for fact in facts]
    assert producer.asked == [0, 25, 50, 60]
    assert tree_is_whole(log)


class Producer:
    """What stands at the other end of GET /events: signed pages of 25."""

    def __init__(self, log: RunningService, facts: list[dict[str, Any]]) -> None:
        self.log, self.facts = log, facts
        self.asked: list[int] = []

    def raw(self, path: str, query: dict[str, Any]) -> Any:
        after = query["after"]
        self.asked.append(after)
        assert (path, query["stream"]) == ("/events", "facts")
        body, key_id, signature = self.log.page("payments", self.facts[after : after + 25], after + 1)
        return Signed(body, {"Kurashi-Key-Id": key_id, "Kurashi-Signature": signature})


class Signed:
    """A signed answer."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        self.content, self.headers = content, headers


def test_a_fact_that_cannot_be_taken_stops_the_log_and_nothing_is_parked(
    log: RunningService, make_facts: MakeFacts
) -> None:
    facts = make_facts(4)
    facts[2]["data"]["yen"] = 2**60
    with pytest.raises(Exception, match="1152921504606846976"):
        log.deliver("payments", facts)
    assert leaves(log) == []
    assert log.execute("SELECT * FROM parked") == []
    assert log.execute("SELECT number FROM cursors") == []


def test_streams_that_come_at_once_make_one_tree(log: RunningService, make_facts: MakeFacts) -> None:
    pages = {name: [log.page(name, make_facts(90, at), at) for at in range(1, 541, 90)] for name in PRODUCERS}

    def deliver(name: str) -> None:
        for page in pages[name]:
            consume.take_page(log.runtime, log.subscription(name, "facts"), *page)

    threads = [threading.Thread(target=deliver, args=(name,)) for name in PRODUCERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = leaves(log)
    assert len(made) == 540 * len(PRODUCERS)
    for name in PRODUCERS:
        assert [leaf["number"] for leaf in made if leaf["producer"] == name] == list(range(1, 541))
    assert tree_is_whole(log)


def test_commitments_can_be_opened_and_a_deleted_opening_leaves_the_tree_whole(
    log: RunningService, make_facts: MakeFacts
) -> None:
    facts = make_facts(3)
    log.deliver("payments", facts)
    (row,) = log.execute("SELECT salt, value FROM openings WHERE entry_index = 1 AND field = 'subject'")
    assert json.loads(row.value) == "case:00000002"
    assert commitment("subject", bytes(row.salt), row.value) == leaves(log)[1]["commitments"]["subject"]
    (row,) = log.execute("SELECT value FROM openings WHERE entry_index = 1 AND field = 'details'")
    assert json.loads(row.value)["data"] == facts[1]["data"]
    before = log.execute("SELECT leaf FROM entries ORDER BY index")
    as_owner(log, "ALTER TABLE openings DISABLE TRIGGER USER; DELETE FROM openings WHERE entry_index = 1")
    assert log.execute("SELECT leaf FROM entries ORDER BY index") == before
    assert tree_is_whole(log)
    assert log.deliver("payments", make_facts(300, 4)) == 300
    assert tree_is_whole(log)


def test_no_name_and_no_case_stands_in_the_published_part(log: RunningService, make_facts: MakeFacts) -> None:
    fact = log.fact("look.v1", {"what": "case", "subjects": ["架空 花子"], "purpose": "canary"}, "case:77777777")
    log.deliver("case_management", [fact], "looks")
    (row,) = log.execute("SELECT leaf FROM entries")
    for canary in ("花子", "canary", "77777777", "demo-head"):
        assert canary.encode() not in bytes(row.leaf)


def test_ten_thousand_facts_go_in_within_seconds(log: RunningService, make_facts: MakeFacts) -> None:
    import time

    pages = [log.page("payments", make_facts(500, at), at) for at in range(1, 10_001, 500)]
    begun = time.perf_counter()
    assert sum(log.take("payments", page) for page in pages) == 10_000
    assert time.perf_counter() - begun < 20
    assert UUID(leaves(log)[-1]["id"])
    assert tree_is_whole(log)
