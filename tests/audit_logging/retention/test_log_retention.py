"""Openings whose period is over are deleted lawfully: by two people, told for ever, and the tree stays whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra.verifier import __main__ as verifier
from services.audit_logging.adapters.retention import deletions as adapters_of_deletions
from services.audit_logging.use_cases.retention import approve_deletion, delete_openings, propose_deletion
from services.audit_logging.worker import delete, publish, sign
from shared.service_kit.jobs import chunks
from shared.service_kit.testing import RunningService
from tests.audit_logging.owner import as_owner
from tests.audit_logging.retention.retention_office import (
    BEFORE,
    LATELY,
    NOW,
    ONE,
    administrator,
    approve,
    auditor,
    deleted,
    opened,
    propose,
    take_looks,
)

pytestmark = pytest.mark.database


def test_what_has_outlived_its_period_is_deleted_and_nothing_else(office: RunningService) -> None:
    done = deleted(office)
    assert (done["state"], done["count"], done["first"], done["last"]) == ("deleted", 3, 0, 2)
    assert opened(office) == [3, 4, 5, 6]
    assert [row[0] for row in office.execute("SELECT index FROM search_entries ORDER BY 1")] == [3, 4, 5, 6]
    assert {row[0] for row in office.execute("SELECT index FROM search_subjects")} == {3, 4, 5, 6}


def test_two_deletions_of_the_same_entries_have_two_hashes_and_the_approval_of_one_serves_for_no_other(
    office: RunningService,
) -> None:
    first, other = propose(office).json, propose(office).json
    assert [first[name] for name in ("kind", "first", "last", "count")] == [
        other[name] for name in ("kind", "first", "last", "count")
    ]
    assert approve(office, {**first, "sha256": other["sha256"]}).json["type"] == "/problems/content-moved"
    assert approve(office, first).status_code == 200


def test_the_notice_is_a_fact_that_says_which_why_who_and_when_the_last_copies_go(office: RunningService) -> None:
    done = deleted(office)
    (notice,) = office.facts("openings.deleted.v1")
    day = date.fromisoformat(BEFORE)
    assert notice["data"] == {
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
    assert notice["data"]["backups_until"] >= NOW.date().replace(year=NOW.year + 5, day=1).isoformat()
    assert done["notice"]["fact_id"] == notice["id"]
    assert [fact["type"] for fact in office.facts()] == [
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


def test_an_entry_that_is_gone_is_shown_as_deleted_with_its_notice(office: RunningService) -> None:
    done = deleted(office)
    gone = auditor(office).get("/log/entries/1?purpose=review").json
    assert (gone["state"], gone["words"]) == ("deleted", "保存期間満了により削除")
    assert (gone["deletion_id"], gone["notice"]) == (done["deletion_id"], done["notice"]["fact_id"])
    assert gone["leaf"]["number"] == 2
    assert (gone["actor"], gone["data"]) == (None, None)
    kept = auditor(office).get("/log/entries/3?purpose=review").json
    assert (kept["state"], kept["actor"], kept["data"]["subjects"]) == ("readable", "person:ichiko", [ONE])
    assert auditor(office).get("/log/entries/7?purpose=review").status_code == 404
    (look,) = [look["data"] for look in office.looks("look.v1") if "entry:3" in look["data"]["subjects"]]
    assert look == {"what": "log_entry", "subjects": ["entry:3", ONE], "purpose": "review", "break_glass": None}


def test_an_opening_that_went_without_a_deletion_is_shown_as_missing(office: RunningService) -> None:
    as_owner(office, "ALTER TABLE openings DISABLE TRIGGER USER")
    as_owner(office, "DELETE FROM openings WHERE entry_index = 3")
    answer = auditor(office).get("/log/entries/3?purpose=review").json
    assert (answer["state"], answer["notice"]) == ("missing", None)
    assert "調査が必要" in answer["words"]


def test_a_search_that_reaches_into_deleted_days_says_so(office: RunningService) -> None:
    done = deleted(office)
    page = auditor(office).get("/log/entries?purpose=review&case=00000001").json
    assert [hit["index"] for hit in page["hits"]] == [5, 3]
    assert page["deleted"] == [
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
    (notice,) = office.facts("openings.deleted.v1")
    assert (notice["data"]["count"], notice["data"]["held"]) == (3, 0)


def test_a_second_deletion_of_a_class_waits_for_the_first(office: RunningService) -> None:
    first, second = propose(office).json, propose(office).json
    approve(office, first)
    assert approve(office, second).json["type"] == "/problems/wrong-state"
    delete(office.runtime)
    assert approve(office, second).json["type"] == "/problems/content-moved"
