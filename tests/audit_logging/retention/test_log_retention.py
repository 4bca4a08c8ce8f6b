"""Openings whose period is over are deleted lawfully: by two people, told for ever, and the tree stays whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from infra.verifier import __main__ as verifier
from services.audit_logging.adapters.retention import deletions as adapters_of_deletions
from services.audit_logging.use_cases.retention import approve_deletion, delete_openings, propose_deletion
from services.audit_logging.worker import delete, publish, sign
from shared.service_kit.jobs import chunks
from shared.service_kit.testing import RunningService
from tests.audit_logging.locks import waits_for
from tests.audit_logging.owner import as_owner
from tests.audit_logging.retention.retention_office import (
    BEFORE,
    LATELY,
    LONG_AGO,
    NOW,
    administrator,
    approve,
    auditor,
    deleted,
    hold,
    opened,
    propose,
    take_looks,
)

pytestmark = pytest.mark.database
ONE, TWO = "case:00000001", "case:00000002"
AFTER_THAT = (LONG_AGO + timedelta(days=2)).date().isoformat()


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """Index 0 to 2 of six years ago, 3 and 4 of four years ago; 5 and 6 are facts of six years ago."""
    take_looks(log, LONG_AGO, [ONE, TWO, ONE])
    take_looks(log, LATELY, [ONE, TWO])
    take_looks(log, LONG_AGO, [ONE, TWO], "facts")
    return log


def test_what_has_outlived_its_period_is_deleted_and_nothing_else(office: RunningService) -> None:
    done = deleted(office)
    assert (done["state"], done["count"], done["first"], done["last"]) == ("deleted", 3, 0, 2)
    assert opened(office) == [3, 4, 5, 6]
    assert [row[0] for row in office.execute("SELECT index FROM search_entries ORDER BY 1")] == [3, 4, 5, 6]
    assert {row[0] for row in office.execute("SELECT index FROM search_subjects")} == {3, 4, 5, 6}


def test_two_deletions_of_the_same_entries_have_two_hashes_and_the_approval_of_one_serves_for_no_other(
    office: RunningService,
) -> None:
    one, other = propose(office).json, propose(office).json
    assert [one[name] for name in ("kind", "first", "last", "count")] == [
        other[name] for name in ("kind", "first", "last", "count")
    ]
    assert approve(office, {**one, "sha256": other["sha256"]}).json["type"] == "/problems/content-moved"
    assert approve(office, one).status_code == 200


def test_the_notice_is_a_fact_that_says_which_why_who_and_when_the_last_copies_go(office: RunningService) -> None:
    done = deleted(office)
    (told,) = office.facts("openings.deleted.v1")
    day = date.fromisoformat(BEFORE)
    assert told["data"] == {
        **{
            name: done[name] for name in ("deletion_id", "kind", "before", "months", "first", "last", "count", "sha256")
        },
        "held": 0,
        "events_until": day.replace(year=day.year + 5).isoformat(),
        "backups_until": done["notice"]["backups_until"],
        "proposer": "person:demo-administrator",
        "approver": "person:demo-auditor",
    }
    assert (done["kind"], done["before"], done["months"]) == ("looks", BEFORE, 60)
    assert told["data"]["backups_until"] >= NOW.date().replace(year=NOW.year + 5, day=1).isoformat()
    assert done["notice"]["fact_id"] == told["id"]
    assert [one["type"] for one in office.facts()] == [
        "deletion.proposed.v1",
        "deletion.approved.v1",
        "openings.deleted.v1",
    ]


def test_the_tree_still_holds_and_a_deleted_entry_can_still_be_proved(
    office: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "audit"
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(folder))
    sign(office.runtime)
    publish(office.runtime)
    (tmp_path / "kept").write_bytes((folder / "checkpoint").read_bytes())
    deleted(office)
    take_looks(office, NOW, [ONE])
    sign(office.runtime)
    publish(office.runtime)
    key = str(folder / "key.pub")
    assert verifier.main(["verify", str(folder), "--key", key, "--since", str(tmp_path / "kept")]) == 0
    (entry,) = office.execute("SELECT leaf FROM entries WHERE index = 1")
    (tmp_path / "entry").write_bytes(bytes(entry.leaf))
    (tmp_path / "proof").write_bytes(auditor(office).get("/log/proof/1").content)
    assert verifier.main(["proof", str(tmp_path / "proof"), str(tmp_path / "entry"), "--key", key]) == 0


def test_an_entry_that_is_gone_is_told_as_deleted_with_its_notice(office: RunningService) -> None:
    done = deleted(office)
    gone = auditor(office).get("/log/entries/1?purpose=review").json
    assert (gone["state"], gone["words"]) == ("deleted", "保存期間満了により削除")
    assert (gone["deletion_id"], gone["notice"]) == (done["deletion_id"], done["notice"]["fact_id"])
    assert gone["leaf"]["number"] == 2
    assert (gone["actor"], gone["data"]) == (None, None)
    kept = auditor(office).get("/log/entries/3?purpose=review").json
    assert (kept["state"], kept["actor"], kept["data"]["subjects"]) == ("readable", "person:ichiko", [ONE])
    assert auditor(office).get("/log/entries/7?purpose=review").status_code == 404
    (look,) = [one["data"] for one in office.looks("look.v1") if "entry:3" in one["data"]["subjects"]]
    assert look == {"what": "log_entry", "subjects": ["entry:3", ONE], "purpose": "review", "break_glass": None}


def test_an_opening_that_went_without_a_deletion_is_told_as_missing(office: RunningService) -> None:
    as_owner(office, "ALTER TABLE openings DISABLE TRIGGER USER")
    as_owner(office, "DELETE FROM openings WHERE entry_index = 3")
    answer = auditor(office).get("/log/entries/3?purpose=review").json
    assert (answer["state"], answer["notice"]) == ("missing", None)
    assert "調査が必要" in answer["words"]


def test_a_search_that_reaches_into_deleted_days_says_so(office: RunningService) -> None:
    done = deleted(office)
    found = auditor(office).get("/log/entries?purpose=review&case=00000001").json
    assert [hit["index"] for hit in found["hits"]] == [5, 3]
    assert found["deleted"] == [
        {
            "words": "保存期間満了により削除",
            "deletion_id": done["deletion_id"],
            "kind": "looks",
            "before": BEFORE,
            "count": 3,
            "notice": done["notice"]["fact_id"],
        }
    ]
    since = auditor(office).get(f"/log/entries?purpose=review&first_day={BEFORE}").json
    assert since["deleted"] == []
    assert len(auditor(office).get("/log/looks?purpose=complaint&person=1000000001").json["deleted"]) == 1


def test_findings_go_with_their_reviews_once_nothing_of_their_entries_is_left(office: RunningService) -> None:
    for key, entries in (("all gone", (0, 2)), ("one left", (0, 3)), ("untouched", (3, 4))):
        finding = uuid4()
        office.execute(
            "INSERT INTO findings (finding_id, rule, key, day, concerned, subject, why, found_at) "
            "VALUES (:id, 'night', :key, '2020-01-01', '{}', '', '', now())",
            id=finding,
            key=key,
        )
        for index in entries:
            office.execute("INSERT INTO finding_entries VALUES (:id, :index)", id=finding, index=index)
    office.execute(
        "INSERT INTO reviews "
        "SELECT gen_random_uuid(), finding_id, '{}', 'person:x', 'fine', 'sealed:AA', min(index), now() "
        "FROM finding_entries GROUP BY finding_id"
    )
    deleted(office)
    assert [row[0] for row in office.execute("SELECT key FROM findings ORDER BY key")] == ["one left", "untouched"]
    assert office.execute("SELECT count(*) FROM reviews")[0][0] == 2


def test_who_proposes_does_not_approve_and_neither_has_the_others_permission(office: RunningService) -> None:
    proposed = propose(office).json
    assert approve(office, proposed, administrator(office, "another")).status_code == 403
    assert auditor(office).post("/log/deletions", {"kind": "looks", "before": BEFORE}).status_code == 403
    answer = approve(office, proposed, auditor(office, "demo-administrator"))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-person")
    for by in ("person:demo-administrator", "person:another"):
        people = f"'{by}', 'person:demo-administrator'"
        forged = f"INSERT INTO deletion_approvals SELECT deletion_id, sha256, {people}, now() FROM deletions"
        with pytest.raises(psycopg.errors.IntegrityError):
            as_owner(office, forged)


def test_an_approval_needs_a_fresh_confirmation_of_just_this_hash(office: RunningService) -> None:
    proposed = propose(office).json
    assert approve(office, proposed, auditor(office, step_up=False)).status_code == 401
    assert approve(office, {**proposed, "sha256": "0" * 64}).json["type"] == "/problems/content-moved"
    assert approve(office, proposed).status_code == 200
    assert approve(office, proposed).json["type"] == "/problems/wrong-state"


def test_nothing_is_proposed_within_the_period(office: RunningService) -> None:
    answer = propose(office, before=LATELY.date().isoformat())
    assert (answer.status_code, answer.json["type"], answer.json["months"]) == (409, "/problems/within-retention", 60)
    assert answer.json["latest"] > BEFORE
    assert propose(office, "facts").json["type"] == "/problems/within-retention"
    assert propose(office, before="2000-01-01").json["type"] == "/problems/nothing-to-delete"
    assert office.facts() == []


def test_more_than_a_person_can_wait_for_is_proposed_in_parts(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, status in ((2, 413), (3, 201)):
        monkeypatch.setattr(adapters_of_deletions, "MOST", most)
        monkeypatch.setattr(propose_deletion, "MOST", most)
        assert propose(office).status_code == status


def test_facts_go_once_the_office_has_set_their_period(office: RunningService) -> None:
    as_owner(office, "UPDATE retention_periods SET months = 60 WHERE name = 'facts'")
    assert deleted(office, "facts")["count"] == 2
    assert opened(office) == [0, 1, 2, 3, 4]


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
    (told,) = office.facts("openings.deleted.v1")
    assert (told["data"]["count"], told["data"]["held"]) == (2, 1)
    assert told["data"]["sha256"] != proposed["sha256"]


def test_a_hold_is_ended_by_another_person_and_both_are_told(office: RunningService) -> None:
    held = hold(office, subjects=[ONE]).json
    path = f"/log/holds/{held['hold_id']}/end"
    assert administrator(office).post(path, {"reason": "settled"}).json["type"] == "/problems/same-person"
    assert auditor(office).post(path, {"reason": "settled"}).json["ended_by"] == "person:demo-auditor"
    assert auditor(office, "another").post(path, {"reason": "settled"}).json["type"] == "/problems/wrong-state"
    assert deleted(office)["count"] == 3
    placed, ended = office.facts("hold.placed.v1")[0]["data"], office.facts("hold.ended.v1")[0]["data"]
    assert (placed["subjects"], placed["reason"], ended["hold_id"]) == ([ONE], "appeal", held["hold_id"])
    listed = auditor(office).get("/log/holds?purpose=review").json["items"]
    assert [(one["hold_id"], one["ended_by"]) for one in listed] == [(held["hold_id"], "person:demo-auditor")]
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


def test_a_worker_killed_in_the_middle_goes_on_where_it_was(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approve_deletion, "CHUNK", 1)
    approve(office, propose(office).json)

    class Killed(BaseException):
        pass

    def die(work: Any, chunk: chunks.Chunk) -> None:
        delete_openings.delete_chunk(work, chunk)
        if chunk.seq == 1:
            raise Killed

    with pytest.raises(Killed):
        chunks.work_off(office.runtime, approve_deletion.JOB, die, delete_openings.publish_notice)
    assert opened(office) == [1, 2, 3, 4, 5, 6]
    assert office.facts("openings.deleted.v1") == []
    assert auditor(office).get("/log/entries/0?purpose=review").json["notice"] is None
    delete(office.runtime)
    delete(office.runtime)
    assert opened(office) == [3, 4, 5, 6]
    (told,) = office.facts("openings.deleted.v1")
    assert (told["data"]["count"], told["data"]["held"]) == (3, 0)


def test_a_second_deletion_of_a_class_waits_for_the_first(office: RunningService) -> None:
    first, second = propose(office).json, propose(office).json
    approve(office, first)
    assert approve(office, second).json["type"] == "/problems/wrong-state"
    delete(office.runtime)
    assert approve(office, second).json["type"] == "/problems/content-moved"


def test_an_entry_that_no_hold_could_find_yet_stays(log: RunningService) -> None:
    log.clock.set(now=LONG_AGO)
    log.deliver("payments", [log.fact("look.v1", {"what": "case", "subjects": [ONE]}, "look:case")], "looks")
    log.clock.set(now=NOW)
    assert propose(log).json["type"] == "/problems/nothing-to-delete"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM openings",
        "DELETE FROM openings WHERE entry_index = 0",
        "TRUNCATE openings",
        "INSERT INTO deleted_entries SELECT 3, deletion_id FROM deletion_approvals",
        "INSERT INTO deleted_entries SELECT 5, deletion_id FROM deletion_approvals",
        "DELETE FROM deleted_entries",
        "UPDATE deletions SET last = 6",
        "DELETE FROM holds",
    ],
)
def test_nothing_goes_past_the_door_for_the_service_or_for_the_owner(office: RunningService, statement: str) -> None:
    hold(office, subjects=[TWO])
    approve(office, propose(office).json)
    with pytest.raises(ProgrammingError, match="permission denied"), office.work() as work:
        work.session.execute(text(statement))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(office, statement)
    assert opened(office) == [0, 1, 2, 3, 4, 5, 6]


def test_the_door_opens_for_an_approved_deletion_alone(office: RunningService) -> None:
    proposed = propose(office).json
    for deletion_id in (proposed["deletion_id"], str(uuid4())):
        assert office.execute("SELECT delete_openings(CAST(:id AS uuid), 0, 100)", id=deletion_id)[0][0] == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        as_owner(office, "UPDATE entries SET appended_at = '2000-01-01'")
    assert opened(office) == [0, 1, 2, 3, 4, 5, 6]


def test_even_an_approval_by_two_invented_people_deletes_nothing_within_the_period(office: RunningService) -> None:
    """The runtime role may write approvals; the period is the owner's, and the clock the database's own."""
    forged = uuid4()
    office.clock.set(now=datetime(2099, 1, 1, tzinfo=UTC))
    office.execute(
        "INSERT INTO deletions VALUES (:id, 'looks', '2099-01-01', 0, 0, 100, 7, 'x', 'person:a', now())", id=forged
    )
    office.execute("INSERT INTO deletion_approvals VALUES (:id, 'x', 'person:a', 'person:b', now())", id=forged)
    assert office.execute("SELECT delete_openings(:id, 0, 100)", id=forged)[0][0] == 3
    assert opened(office) == [3, 4, 5, 6]


class AnyDeletion(RuleBasedStateMachine):
    """Whatever the office does in whatever order: what goes was approved, over, and not held at that moment."""

    log: RunningService

    def __init__(self) -> None:
        super().__init__()
        self.entries = dict.fromkeys(opened(self.log))
        self.told: dict[int, tuple[str, datetime, str]] = {}
        self.holds: dict[str, str] = {}
        self.proposals: list[Any] = []
        self.approved: set[int] = set()

    @rule(at=st.sampled_from([LONG_AGO, LATELY]), stream=st.sampled_from(["looks", "facts"]), case=st.integers(1, 3))
    def an_entry_comes(self, at: datetime, stream: str, case: int) -> None:
        take_looks(self.log, at, [f"case:{case:08}"], stream)
        (index,) = self.log.execute("SELECT max(index) FROM entries")[0]
        self.told[index] = (stream, at, f"case:{case:08}")

    @rule(case=st.integers(1, 3))
    def a_hold_comes(self, case: int) -> None:
        held = hold(self.log, subjects=[f"case:{case:08}"]).json
        self.holds[held["hold_id"]] = f"case:{case:08}"

    @rule()
    def the_oldest_hold_ends(self) -> None:
        if self.holds:
            hold_id = min(self.holds)
            assert auditor(self.log).post(f"/log/holds/{hold_id}/end", {"reason": "settled"}).status_code == 200
            del self.holds[hold_id]

    @rule(kind=st.sampled_from(["looks", "facts"]))
    def somebody_proposes(self, kind: str) -> None:
        answer = propose(self.log, kind)
        falls = [index for index in opened(self.log) if self._may_go(index, kind)]
        assert answer.status_code == (201 if falls else 409)
        if falls:
            assert (answer.json["count"], answer.json["first"], answer.json["last"]) == (
                len(falls),
                falls[0],
                falls[-1],
            )
            self.proposals.append((answer.json, set(falls)))

    @rule()
    def somebody_approves_the_newest(self) -> None:
        if self.proposals:
            proposed, falls = self.proposals.pop()
            if approve(self.log, proposed).status_code == 200:
                self.approved |= falls

    @rule(seq=st.integers(0, 2))
    def the_worker_is_killed_on_the_way(self, seq: int) -> None:
        def die(work: Any, chunk: chunks.Chunk) -> None:
            delete_openings.delete_chunk(work, chunk)
            if chunk.seq == seq:
                raise OSError("killed")

        before = opened(self.log)
        with self.log.work() as work:
            work.session.execute(text("UPDATE chunks SET attempts = 0 WHERE state = 'open'"))
        chunk = chunks._attempt(self.log.runtime, approve_deletion.JOB)
        if chunk:
            chunks._do(self.log.runtime, chunk, die)
        self._only_what_may(before)

    @rule()
    def the_worker_goes_on(self) -> None:
        before = opened(self.log)
        with self.log.work() as work:
            work.session.execute(text("UPDATE chunks SET attempts = 0 WHERE state = 'open'"))
        delete(self.log.runtime)
        self._only_what_may(before)
        left = [one for one in self.approved if one in opened(self.log)]
        assert all(self.told[one][2] in self.holds.values() for one in left)
        self.approved.clear()

    def _may_go(self, index: int, kind: str) -> bool:
        if index not in self.told:
            return False
        stream, at, case = self.told[index]
        return stream == kind and at == LONG_AGO and case not in self.holds.values()

    def _only_what_may(self, before: list[int]) -> None:
        gone = set(before) - set(opened(self.log))
        assert gone <= self.approved
        assert all(self._may_go(index, self.told[index][0]) for index in gone)
        assert sign(self.log.runtime) is None  # it raises where the tree is not the one that was signed

    def teardown(self) -> None:
        """The next example finds nothing open, held or undone of this one."""
        for hold_id in self.holds:
            auditor(self.log).post(f"/log/holds/{hold_id}/end", {"reason": "settled"})
        for kind in ("looks", "facts"):
            delete(self.log.runtime)
            proposed = propose(self.log, kind)
            if proposed.status_code == 201:
                approve(self.log, proposed.json)
        delete(self.log.runtime)


def test_whatever_happens_only_what_is_approved_over_and_not_held_is_deleted(
    log: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approve_deletion, "CHUNK", 2)
    as_owner(log, "UPDATE retention_periods SET months = 60 WHERE name = 'facts'")
    take_looks(log, NOW, [ONE])
    sign(log.runtime)
    machine = type("OfThisLog", (AnyDeletion,), {"log": log})
    given = settings(max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=given)


def test_nothing_is_deleted_by_a_clock_that_jumped_ahead(office: RunningService) -> None:
    proposed = propose(office).json
    assert approve(office, proposed).status_code == 200
    before = opened(office)
    as_owner(office, "UPDATE clock_days SET day = day - 400")
    delete(office.runtime)
    assert opened(office) == before
    refused = propose(office)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/within-retention")
