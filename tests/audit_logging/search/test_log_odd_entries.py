"""One odd entry stops nothing: index, review, export and deletion go past it, and say that they did."""

from __future__ import annotations

import io
import random
import string
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.audit_logging.domain.search.search_entry import MOST_CHARACTERS, findable
from services.audit_logging.use_cases.log.watch_lag import READ_ALARM_SECONDS
from services.audit_logging.worker import index, publish, review, sign, watch
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import auditor, look, restricted

pytestmark = pytest.mark.database
LONG = "".join(random.Random(9).choices(string.ascii_letters + string.digits, k=4_000))
NOON = "2026-11-24T03:00:00+00:00"


def odd_looks(log: RunningService) -> list[dict[str, Any]]:
    """Looks of which an index could not hold a word, or not read one."""
    nul, long = look(log, "a\0b", "case:00000001", time=NOON), look(log, LONG, "case:00000001", time=NOON)
    subjects = look(log, "ichiko", f"case:{LONG}", "person:1\0", time=NOON)
    journey = look(log, "ichiko", "case:00000001", correlation=LONG, time=NOON)
    return [nul, long, subjects, journey]


def unreadable(log: RunningService) -> list[dict[str, Any]]:
    """What lies outside every calendar here, and data of no shape that was ever agreed."""
    timeless = look(log, "ichiko", "case:00000001", time="9999-12-31T23:59:59+00:00")
    shapeless = {**look(log, "ichiko", time=NOON), "data": ["case:00000001"]}
    return [timeless, shapeless]


def indexes(log: RunningService, criteria: str) -> list[int]:
    reply = auditor(log).get(f"/log/entries?purpose=review&{criteria}")
    assert reply.status_code == 200, reply.content
    return [hit["index"] for hit in reply.json["hits"]]


def test_an_entry_with_a_word_that_no_index_holds_is_found_by_all_else_that_it_says(log: RunningService) -> None:
    log.deliver("payments", [*odd_looks(log), look(log, "jiro", "case:00000001", time=NOON)], "looks")
    log.run_tasks()
    assert indexes(log, "type=look.v1&first_day=2026-11-24&last_day=2026-11-24") == [4, 3, 2, 1, 0]
    assert indexes(log, "case=00000001") == [4, 3, 1, 0]
    assert log.execute("SELECT * FROM passed_over") == []


def test_a_word_that_is_shortened_stays_another_than_every_other() -> None:
    assert findable("person:demo-head") == "person:demo-head"
    shortened = [findable(word) for word in (LONG, LONG + "a", "a\0b", "a\1b", "ab")]
    assert len(set(shortened)) == 5
    assert all(len(word) <= MOST_CHARACTERS and word.isprintable() for word in shortened)


def test_what_cannot_be_indexed_is_passed_over_said_aloud_and_shown_to_who_searches(log: RunningService) -> None:
    good = [look(log, "jiro", "case:00000001", time=NOON) for _ in range(2)]
    log.deliver("payments", [good[0], *unreadable(log), good[1]], "looks")
    with capture_logs() as said:
        index(log.runtime)
    assert [(line["task"], line["index"]) for line in said if line["event"] == "log.passed_over"] == [
        ("search", 1),
        ("search", 2),
    ]
    reply = auditor(log).get("/log/entries?purpose=review&case=00000001").json
    assert [hit["index"] for hit in reply["hits"]] == [3, 0]
    assert [(row["index"], row["task"]) for row in reply["passed_over"]] == [(2, "search"), (1, "search")]
    assert log.client(machine="one_machine").get("/figures").json["passed_over"] == 2
    assert auditor(log).get("/log/entries/2?purpose=review").json["data"] is None


def test_a_review_goes_past_what_it_cannot_read(log: RunningService) -> None:
    shapeless = restricted(log, "00000001", kind="shielded", **{"from": "soon"})
    log.deliver("case_management", [shapeless])
    at_night = "2026-11-24T14:00:00+00:00"
    log.deliver("payments", [look(log, "jiro", "case:00000001", time=at_night)], "looks")
    index(log.runtime)
    review(log.runtime)
    assert [row[0] for row in log.execute("SELECT rule FROM findings")] == ["night"]
    assert [tuple(row) for row in log.execute("SELECT task, index FROM passed_over")] == [("review", 0)]


def test_an_export_leaves_out_what_it_cannot_read_and_counts_it(log: RunningService) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000001", time=NOON), *unreadable(log), *odd_looks(log)], "looks")
    lost = look(log, "jiro", "case:00000002", time=NOON)
    del lost["data"]["purpose"]
    log.deliver("payments", [lost], "looks")
    for task in (index, sign):
        task(log.runtime)
    reply = auditor(log).get("/log/export?purpose=review&first_day=2026-11-24&last_day=2026-11-24")
    assert reply.status_code == 200, reply.content
    with ZipFile(io.BytesIO(reply.content)) as file:
        assert "3" in file.read("README.txt").decode().partition("読めない記録")[2].splitlines()[0]
        assert sorted(name for name in file.namelist() if name.startswith("entries/")) == [
            f"entries/{number}" for number in (0, 3, 4, 5, 6)
        ]


def test_the_lag_of_index_and_review_is_measured_and_alarmed(log: RunningService) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000001")], "looks")
    log.clock.set(now=datetime.now(UTC) + timedelta(seconds=READ_ALARM_SECONDS + 1))
    with capture_logs() as said:
        watch(log.runtime)
    assert [line["of"] for line in said if line["event"] == "log.lag"] == ["index", "review"]
    assert REGISTRY.get_sample_value("kurashi_log_lag_seconds", {"of": "index"}) > READ_ALARM_SECONDS  # type: ignore[operator]
    assert log.client(machine="one_machine").get("/figures").json["index_lag"] > READ_ALARM_SECONDS
    index(log.runtime)
    review(log.runtime)
    with capture_logs() as said:
        watch(log.runtime)
    assert [line for line in said if line["event"] == "log.lag"] == []
    assert log.client(machine="one_machine").get("/figures").json["index_lag"] == 0


def test_what_has_no_place_in_the_index_still_gets_into_the_published_tree(
    log: RunningService, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    log.deliver("payments", [*unreadable(log), *odd_looks(log)], "looks")
    sign(log.runtime)
    publish(log.runtime)
    assert (tmp_path / "checkpoint").read_text().split("\n")[1] == "6"
