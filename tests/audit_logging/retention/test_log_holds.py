"""What an appeal or a lawsuit needs is held: no deletion takes it while the hold lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.audit_logging.worker import delete
from shared.service_kit.testing import RunningService
from tests.audit_logging.locks import waits_for
from tests.audit_logging.owner import as_owner
from tests.audit_logging.retention.retention_office import (
    LATELY,
    LONG_AGO,
    NOW,
    ONE,
    TWO,
    administrator,
    approve,
    auditor,
    deleted,
    hold,
    opened,
    propose,
)

pytestmark = pytest.mark.database
AFTER_THAT = (LONG_AGO + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("held", "left"),
    [
        ({"subjects": [ONE]}, [0, 2]),
        ({"subjects": [TWO, "person:1000000001"]}, [1]),
        ({"subjects": ["staff:ichiko"]}, [0, 1, 2]),
        ({"first_day": "2000-01-01", "last_day": AFTER_THAT, "subjects": [TWO]}, [1]),
        ({"first_day": LATELY.date().isoformat()}, []),
        ({"last_day": "2000-01-01"}, []),
        ({"subjects": ["case:00000003"]}, []),
    ],
)
def test_what_is_held_by_subject_or_period_stays(office: RunningService, held: dict[str, Any], left: list[int]) -> None:
    assert hold(office, **held).status_code == 201
    if len(left) == 3:
        assert propose(office).json["type"] == "/problems/nothing-to-delete"
    else:
        assert deleted(office)["count"] == 3 - len(left)
    assert opened(office) == [*left, 3, 4, 5, 6]


def test_a_hold_that_comes_before_the_approval_moves_what_it_names(office: RunningService) -> None:
    proposed = propose(office).json
    hold(office, subjects=[TWO])
    assert approve(office, proposed).json["type"] == "/problems/content-moved"


def test_a_hold_that_comes_after_the_approval_still_stops_what_is_not_gone(office: RunningService) -> None:
    proposed = propose(office).json
    approve(office, proposed)
    hold(office, subjects=[TWO])
    delete(office.runtime)
    assert opened(office) == [1, 3, 4, 5, 6]
    (notice,) = office.facts("openings.deleted.v1")
    assert (notice["data"]["count"], notice["data"]["held"]) == (2, 1)
    assert notice["data"]["sha256"] != proposed["sha256"]


def test_a_hold_is_ended_by_another_person_and_both_are_published(office: RunningService) -> None:
    held = hold(office, subjects=[ONE]).json
    path = f"/log/holds/{held['hold_id']}/end"
    assert administrator(office).post(path, {"reason": "settled"}).json["type"] == "/problems/same-person"
    assert auditor(office).post(path, {"reason": "settled"}).json["ended_by"] == "person:demo-auditor"
    assert auditor(office, "another").post(path, {"reason": "settled"}).json["type"] == "/problems/wrong-state"
    assert deleted(office)["count"] == 3
    placed, ended = office.facts("hold.placed.v1")[0]["data"], office.facts("hold.ended.v1")[0]["data"]
    assert (placed["subjects"], placed["reason"], ended["hold_id"]) == ([ONE], "appeal", held["hold_id"])
    listed = auditor(office).get("/log/holds?purpose=review").json["items"]
    assert [(row["hold_id"], row["ended_by"]) for row in listed] == [(held["hold_id"], "person:demo-auditor")]
    assert office.looks("look.v1")[-1]["data"]["subjects"] == [ONE]


@pytest.mark.parametrize("body", [{"first_day": "2020-02-02", "last_day": "2020-02-01"}, {"subjects": ["somebody"]}])
def test_a_hold_that_says_nonsense_is_refused(office: RunningService, body: dict[str, Any]) -> None:
    assert hold(office, **body).json["type"] == "/problems/invalid-input"


def test_the_database_too_lets_nobody_end_a_hold_of_their_own(office: RunningService) -> None:
    placed = hold(office, subjects=[ONE]).json
    people = f"'{placed['hold_id']}', '{placed['placed_by']}', '{placed['placed_by']}'"
    with pytest.raises(psycopg.errors.CheckViolation, match="hold_two_people"):
        as_owner(office, f"INSERT INTO hold_ends VALUES ({people}, 'settled', now())")


def test_holds_and_deletions_at_work_wait_for_one_another(office: RunningService) -> None:
    approve(office, propose(office).json)
    lock = "audit_logging.deletion"
    assert waits_for(office, lock, lambda: hold(office, subjects=[TWO]))
    assert waits_for(office, lock, lambda: delete(office.runtime))
    assert opened(office) == [1, 3, 4, 5, 6]


def test_an_entry_that_no_hold_could_find_yet_stays(log: RunningService) -> None:
    log.clock.set(now=LONG_AGO)
    log.deliver("payments", [log.fact("look.v1", {"what": "case", "subjects": [ONE]}, "look:case")], "looks")
    log.clock.set(now=NOW)
    assert propose(log).json["type"] == "/problems/nothing-to-delete"
