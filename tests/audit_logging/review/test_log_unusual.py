"""Unusual looks: what a reviewer is shown, and what not, so that the list stays one that is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit_logging.adapters.office import is_open
from services.audit_logging.domain.review.shielded import Shield, shielded_on
from services.audit_logging.domain.review.unusual import (
    MANY,
    OFTEN,
    TIMES_USUAL,
    WHY,
    DailyActivity,
    of_day,
    of_entry,
    usual,
)
from services.audit_logging.domain.search.search_entry import SearchEntry
from services.audit_logging.worker import review
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import look, refused, restricted, take
from tests.audit_logging.owner import as_owner

TUESDAY = date(2026, 11, 24)


def entry(at: datetime, actor: str = "person:a", type_: str = "look.v1") -> SearchEntry:
    return SearchEntry(7, at, "case_management", "looks", type_, "case", actor, "c", "", ("case:00000001",))


def rules_of(entry: SearchEntry) -> set[str]:
    return {unusual.rule for unusual in of_entry(entry, is_open, stranger=False)}


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        ("2026-11-24T21:59", set()),
        ("2026-11-24T22:00", {"night"}),
        ("2026-11-25T05:59", {"night"}),
        ("2026-11-25T06:00", set()),
        ("2026-11-23T10:00", {"closed_day"}),
        ("2026-11-28T23:00", {"closed_day", "night"}),
        ("2026-12-29T10:00", {"closed_day"}),
        ("2027-01-04T10:00", set()),
    ],
)
def test_a_look_at_night_or_while_the_office_is_closed_is_unusual(at: str, rules: set[str]) -> None:
    assert rules_of(entry(datetime.fromisoformat(f"{at}+09:00"))) == rules


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(["look.v1", "refusal.v1"]))
def test_what_a_machine_does_in_the_months_run_is_never_unusual(at: datetime, type_: str) -> None:
    assert rules_of(entry(at, "service:payments", type_)) == set()


@given(st.integers(0, 200), st.lists(st.integers(0, 90), max_size=28))
def test_many_looks_are_many_for_this_person_and_many_for_anybody(cases: int, days: list[int]) -> None:
    unusual = list(of_day(DailyActivity("person:a", TUESDAY, (), (1, 2), cases, days)))
    assert bool(unusual) == (cases >= MANY and cases >= TIMES_USUAL * usual(days))
    assert {finding.entries for finding in unusual} <= {(1, 2)}


@given(st.lists(st.integers(0, 90), min_size=1, max_size=28))
def test_a_day_that_is_like_the_others_is_never_unusual(days: list[int]) -> None:
    assert list(of_day(DailyActivity("person:a", TUESDAY, (), (), usual(days), days))) == [] or usual(days) == 0


def test_a_record_refused_once_or_twice_is_a_mistyped_number() -> None:
    counts = [
        len(list(of_day(DailyActivity("person:a", TUESDAY, tuple(range(n)), (), 0, [])))) for n in range(OFTEN + 1)
    ]
    assert counts == [0] * OFTEN + [1]


@given(st.dates(), st.dates(), st.none() | st.dates(), st.none() | st.dates())
def test_a_case_is_shielded_on_the_days_of_its_measure_until_it_is_lifted(
    day: date, first: date, last: date | None, lifted: date | None
) -> None:
    shields = [Shield("r", "case:00000001", first, last, None)]
    if lifted:
        shields.append(Shield("l", "case:00000001", lifted, None, "r"))
    holds = first <= day and not (last and day > last) and not (lifted and day >= lifted)
    assert shielded_on(shields, day) == ({"case:00000001"} if holds else set())


def test_every_rule_says_in_words_why() -> None:
    assert all(why.isprintable() and len(why) < 60 for why in WHY.values())


# What follows is the list as the log makes it.

NOON = "2026-11-24T03:00:00+00:00"


def found(log: RunningService) -> list[tuple[Any, ...]]:
    rows = log.execute(
        "SELECT rule, concerned[1], subject, day, array_agg(index ORDER BY index) AS entries FROM findings "
        "JOIN finding_entries USING (finding_id) GROUP BY number, rule, concerned, subject, day ORDER BY number"
    )
    return [(row.rule, row[1].removeprefix("person:"), row.subject, list(row.entries)) for row in rows]


def days_ago(days: int) -> str:
    return (datetime.fromisoformat(NOON) - timedelta(days=days)).isoformat()


@pytest.mark.database
def test_each_use_of_the_emergency_access_is_reviewed_with_all_that_was_seen_by_it(log: RunningService) -> None:
    opened = {"break_glass_id": "b1", "subject": "case:00000009", "reason": "life", "until": NOON}
    broken = log.fact("break_glass.v1", opened, "case:00000009", actor="person:jiro", time=NOON)
    take(log, look(log, "jiro", "case:00000009", "person:1000000009", break_glass="b1", time=NOON))
    take(log, broken, stream="facts")
    take(log, look(log, "jiro", "case:00000009", what="determinations", break_glass="b1", time=NOON))
    assert found(log) == [("break_glass", "jiro", "case:00000009", [0, 1, 2])]


@pytest.mark.database
def test_who_tries_the_record_of_the_own_family_is_found_at_once_and_out_of_district_at_the_third_time(
    log: RunningService,
) -> None:
    take(log, refused(log, "jiro", "case:00000002", "barred", time=NOON))
    for number in range(2):
        take(log, refused(log, "mitsuyo", f"case:0000001{number}", "scope", time=NOON))
    assert found(log) == [("own_family", "jiro", "case:00000002", [0])]
    take(log, refused(log, "mitsuyo", "case:00000012", "scope", time=days_ago(1)))
    assert len(found(log)) == 1
    take(log, refused(log, "mitsuyo", "case:00000013", "scope", time=NOON))
    assert found(log)[1:] == [("often_refused", "mitsuyo", "", [1, 2, 4])]


@pytest.mark.database
def test_a_shielded_record_seen_by_somebody_who_does_not_work_on_it_is_unusual(log: RunningService) -> None:
    take(log, restricted(log, "00000005"), stream="facts")
    take(
        log,
        look(log, "worker", "case:00000005", time=days_ago(20)),
        look(log, "worker", "case:00000005", time=NOON),
        look(log, "head", "case:00000005", time=NOON),
        look(log, "head", "case:00000005", "case:00000006", what="list", time=NOON),
        look(log, "head", "case:00000006", time=NOON),
    )
    assert found(log) == [("shielded", "worker", "case:00000005", [1]), ("shielded", "head", "case:00000005", [3])]


@pytest.mark.database
def test_many_cases_in_a_day_are_unusual_and_a_list_of_many_is_not(log: RunningService) -> None:
    everybody = [f"case:{number:08}" for number in range(MANY + 20)]
    take(log, look(log, "mitsuyo", *everybody, what="list", time=NOON))
    usual_day = [look(log, "head", case, time=days_ago(4)) for case in everybody[:20]]
    take(log, *usual_day, *[look(log, "head", case, time=NOON) for case in everybody])
    assert found(log) == [("many", "head", "", list(range(21, 21 + len(everybody))))]
    take(log, *[look(log, "jiro", "case:00000001", time=NOON) for _ in range(MANY + 20)])
    assert len(found(log)) == 1


@pytest.mark.database
def test_a_look_that_arrives_late_still_counts_on_its_day(log: RunningService) -> None:
    cases = [f"case:{number:08}" for number in range(MANY)]
    take(log, *[look(log, "jiro", case, time=days_ago(7)) for case in cases[1:]])
    take(log, *[look(log, "jiro", case, time=NOON) for case in cases[:3]])
    assert found(log) == []
    take(log, look(log, "jiro", cases[0], time=days_ago(7)))
    ((rule, staff, _, entries),) = found(log)
    assert (rule, staff, len(entries)) == ("many", "jiro", MANY)


@pytest.mark.database
def test_a_second_round_after_a_crash_finds_nothing_twice(log: RunningService) -> None:
    night = "2026-11-24T14:00:00+00:00"
    take(
        log, look(log, "jiro", "case:00000001", time=night), refused(log, "jiro", "case:00000001", "barred", time=NOON)
    )
    before = found(log)
    assert [finding[0] for finding in before] == ["night", "own_family"]
    back = "UPDATE progress SET next = 0 WHERE name = 'review'"
    as_owner(log, f"ALTER TABLE progress DISABLE TRIGGER USER; {back}; ALTER TABLE progress ENABLE TRIGGER USER")
    review(log.runtime)
    assert found(log) == before
    take(log, look(log, "jiro", "case:00000002", time=night))
    assert found(log) == [("night", "jiro", "", [0, 2]), before[1]]


@pytest.mark.database
def test_the_usual_days_of_a_person_are_those_of_the_twenty_eight_days_before(log: RunningService) -> None:
    cases = [f"case:{number:08}" for number in range(40)]
    for staff, days in (("lately", 28), ("long-ago", 29)):
        take(log, *[look(log, staff, case, time=days_ago(days)) for case in cases[:20]])
        take(log, *[look(log, staff, case, time=NOON) for case in cases])
    assert [(rule, staff) for rule, staff, *_ in found(log)] == [("many", "long-ago")]
