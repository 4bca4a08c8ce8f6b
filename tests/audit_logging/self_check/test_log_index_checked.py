"""The daily self-check compares the index with the entries that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.audit_logging.worker import index, review, self_check
from shared.service_kit.testing import RunningService, Services
from tests.audit_logging.acts import look
from tests.audit_logging.owner import as_owner
from tests.audit_logging.self_check.checked_office import MORNING, published_log, results, settle, without_triggers

pytestmark = pytest.mark.database


@pytest.fixture
def office(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunningService:
    return published_log(services, tmp_path, monkeypatch)


def a_look_is_hidden(log: RunningService) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009")], "looks")
    move = "UPDATE progress SET next = next + 1 WHERE name = 'search'"
    as_owner(log, f"ALTER TABLE progress DISABLE TRIGGER USER; {move}")


def a_row_is_deleted(log: RunningService) -> None:
    as_owner(log, "DELETE FROM search_subjects WHERE index = 1; DELETE FROM search_entries WHERE index = 1")


def a_day_is_altered(log: RunningService) -> None:
    as_owner(log, "UPDATE search_entries SET day = day - 1 WHERE index = 1")


def a_subject_is_deleted(log: RunningService) -> None:
    as_owner(log, "DELETE FROM search_subjects WHERE index = 1")


def openings_go_before_they_are_indexed(log: RunningService) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009")], "looks")
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 4")
    index(log.runtime)


def a_row_of_nothing_is_made(log: RunningService) -> None:
    without_triggers(log, "openings", "DELETE FROM openings WHERE entry_index = 1")


def another_opening_is_made(log: RunningService) -> None:
    other = "UPDATE openings SET value = replace(value, 'jiro', 'taro') WHERE entry_index = 1 AND field = 'actor'"
    without_triggers(log, "openings", f"{other}; UPDATE search_entries SET actor = 'person:taro' WHERE index = 1")


def a_finding_is_hidden(log: RunningService) -> None:
    log.deliver("payments", [look(log, "jiro", "case:00000009", time="2026-11-23T14:00:00+00:00")], "looks")
    index(log.runtime)
    move = "UPDATE progress SET next = 5 WHERE name = 'review'"
    as_owner(log, f"ALTER TABLE progress DISABLE TRIGGER USER; {move}")


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
    office: RunningService, happens: Callable[[RunningService], None], bad: dict[str, int]
) -> None:
    self_check(office.runtime)
    settle(office)
    review(office.runtime)
    happens(office)
    office.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(office.runtime)
    assert results(office) == [sorted(bad)]
    ((figures,),) = office.execute("SELECT figures FROM self_check_results")
    assert figures["first_bad"] == bad
