"""Case notes (ケース記録): by which contact is a fact that cannot be blurred; nothing is overwritten; another signs."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from services.case_management.app import service
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.casework.caseload import CASE, ELSEWHERE, POLICY, SAID, TODAY, VISIT, Caseload
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
PATH = f"/cases/{CASE}/notes"
LOOKS = "SELECT body::jsonb #>> '{data,subjects}' FROM outbox WHERE body::jsonb ->> 'type' = 'look.v1'"


@pytest.fixture
def load(services: Services) -> Caseload:
    return Caseload(services.open(service))


def test_a_visit_is_noted_with_its_day_and_time_and_who_was_met(load: Caseload) -> None:
    number = load.note(began_at="14:30")["no"]
    (note,) = load.notes()["items"]
    (entry,) = note["entries"]
    assert (note["note_no"], number) == ("2026000001", "2026000001")
    assert (entry["contact"], entry["held_on"], entry["began_at"]) == ("visit", "2026-11-30", "14:30:00")
    assert (entry["content"]["met"], entry["recorded_by"]) == (SAID["met"], "person:worker-1")


def test_only_a_visit_counts_as_a_visit(load: Caseload) -> None:
    load.note(held_on="2026-10-05")
    load.note(contact="absent", held_on="2026-11-20", content={"seen": "応答なし。"})
    for contact in ("telephone", "counter", "document"):
        load.note(contact=contact, held_on="2026-11-20")
    load.note(POLICY)
    assert load.notes()["visited_on"] == "2026-10-05"


def test_a_visit_met_somebody_and_an_absence_nobody(load: Caseload) -> None:
    for contact, words in (("visit", {"seen": "応答なし。"}), ("absent", SAID)):
        refused = load.worker.post(PATH, {**VISIT, "contact": contact, "content": words})
        assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "content.met")
    load.note(contact="absent", content={})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact": "none"}, "contact"),
        ({"kind": "policy"}, "contact"),
        ({"held_on": str(TODAY + timedelta(1))}, "held_on"),
        ({"kind": "policy", "contact": "none"}, "content.plan"),
        ({"kind": "conference", "contact": "none"}, "content.plan"),
        ({"contact": "telephone", "content": {"met": "架空 花子"}}, "content.said"),
        ({"began_at": "25:00"}, "began_at"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_field(load: Caseload, changes: dict[str, str], field: str) -> None:
    refused = load.worker.post(PATH, {**VISIT, **changes})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", field)
    assert load.notes()["items"] == []


def test_a_correction_says_why_and_takes_a_visit_back_that_was_none(load: Caseload) -> None:
    first = load.note()
    body = {**VISIT, "contact": "telephone", "follows": first["entry_id"], "change": "correction"}
    refused = load.worker.post(f"{PATH}/{first['no']}/entries", body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "content.why")
    body["content"] = {**SAID, "why": "電話だった"}
    ok(load.worker.post(f"{PATH}/{first['no']}/entries", body), 201)
    answer = load.notes()
    assert answer["visited_on"] is None
    assert [entry["contact"] for entry in answer["items"][0]["entries"]] == ["visit", "telephone"]


def test_the_second_of_two_who_write_at_once_is_shown_it_and_loses_nothing(load: Caseload) -> None:
    first = load.note()
    path, body = f"{PATH}/{first['no']}/entries", {**VISIT, "follows": first["entry_id"]}
    replies = at_once(
        load.running.runtime.engine, lambda: load.worker.post(path, body), lambda: load.colleague.post(path, body)
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    written, refused = ok(replies.first, 201), replies.second.json
    assert problem(replies.second) == "changed-meanwhile 409"
    assert refused["entry_id"] == written["entry_id"]
    ok(load.colleague.post(path, {**body, "follows": refused["entry_id"]}), 201)
    assert len(load.notes()["items"][0]["entries"]) == 3


def test_notes_stand_in_the_order_of_time_with_the_newest_policy(load: Caseload) -> None:
    load.note(POLICY, held_on="2026-10-01", content={"plan": "世帯分離を検討する。"})
    newer = load.note(POLICY)["no"]
    visit = load.note(held_on="2026-11-15")["no"]
    answer = load.notes()
    assert [note["note_no"] for note in answer["items"]] == [newer, visit, "2026000001"]
    assert answer["policy"]["entries"][-1]["content"]["plan"] == POLICY["content"]["plan"]
    shown = load.notes(newest="1")
    assert ([note["note_no"] for note in shown["items"]], shown["count"]) == ([newer], 3)


def test_a_supervisor_signs_what_somebody_else_wrote_once(load: Caseload) -> None:
    note = load.note()
    path, body = f"{PATH}/{note['no']}/signature", {"entry_id": note["entry_id"], "remark": "次回は通帳を確認する。"}
    assert problem(load.worker.post(path, body)) == "not-permitted 403"
    ok(load.supervisor.post(path, body))
    (seen,) = load.notes()["items"]
    assert seen["signed"]
    assert seen["signatures"][0]["remark"] == "次回は通帳を確認する。"
    assert problem(load.head.post(path, body)) == "wrong-state 409"


def test_nobody_signs_the_own_note_not_even_past_the_service(load: Caseload) -> None:
    own = load.note(by=load.supervisor)
    path, body = f"{PATH}/{own['no']}/signature", {"entry_id": own["entry_id"]}
    assert problem(load.supervisor.post(path, body)) == "same-person 409"
    row = f"('{own['entry_id']}', 'person:supervisor-1', 'person:supervisor-1', now())"
    with pytest.raises(IntegrityError, match="note_signatures_two_people"):
        load.running.execute(f"INSERT INTO note_signatures (entry_id, author, recorded_by, recorded_at) VALUES {row}")
    ok(load.head.post(path, body))


def test_nobody_signs_a_note_of_which_they_wrote_any_entry_nor_is_it_listed_for_them(load: Caseload) -> None:
    own = load.note(by=load.supervisor)
    more = {**VISIT, "follows": own["entry_id"]}
    newer = ok(load.worker.post(f"{PATH}/{own['no']}/entries", more), 201)["entry_id"]
    path, body = f"{PATH}/{own['no']}/signature", {"entry_id": newer}
    assert problem(load.supervisor.post(path, body)) == "same-person 409"
    assert ok(load.supervisor.get("/notes/unsigned?purpose=casework"))["count"] == 0
    assert ok(load.head.get("/notes/unsigned?purpose=casework"))["count"] == 1
    ok(load.head.post(path, body))


def test_what_was_changed_after_a_signature_waits_for_another_and_is_not_signed_unread(load: Caseload) -> None:
    note = load.note()
    path, body = f"{PATH}/{note['no']}/signature", {"entry_id": note["entry_id"]}
    ok(load.supervisor.post(path, body))
    more = {**VISIT, "follows": note["entry_id"]}
    newer = ok(load.worker.post(f"{PATH}/{note['no']}/entries", more), 201)
    assert not load.notes()["items"][0]["signed"]
    assert problem(load.supervisor.post(path, body)) == "changed-meanwhile 409"
    ok(load.supervisor.post(path, {"entry_id": newer["entry_id"]}))
    assert len(load.notes()["items"][0]["signatures"]) == 2


def test_two_signatures_at_once_are_one(load: Caseload) -> None:
    note = load.note()
    path, body = f"{PATH}/{note['no']}/signature", {"entry_id": note["entry_id"]}
    replies = at_once(
        load.running.runtime.engine, lambda: load.supervisor.post(path, body), lambda: load.head.post(path, body)
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    ok(replies.first)
    assert problem(replies.second) == "wrong-state 409"


def test_what_waits_for_a_signature_is_listed_in_a_case_and_over_all_that_its_reader_signs(load: Caseload) -> None:
    first, second = load.note(), load.note(held_on="2026-11-29")
    load.note(by=load.supervisor)
    ok(load.elsewhere.post(f"/cases/{ELSEWHERE}/notes", VISIT), 201)
    ok(load.supervisor.post(f"{PATH}/{first['no']}/signature", {"entry_id": first["entry_id"]}))
    waiting = ok(load.supervisor.get("/notes/unsigned?purpose=casework"))
    assert ([item["note_no"] for item in waiting["items"]], waiting["count"]) == ([second["no"]], 1)
    assert "content" not in waiting["items"][0]
    assert ok(load.head.get("/notes/unsigned?purpose=casework"))["count"] == 3
    assert [note["note_no"] for note in load.notes(unsigned="true")["items"]] == ["2026000003", second["no"]]


def test_notes_are_of_the_district_of_their_case_and_of_no_other_number(load: Caseload) -> None:
    note = load.note()
    assert problem(load.elsewhere.get(f"{PATH}?purpose=casework")) == "out-of-scope 403"
    assert problem(load.elsewhere.post(PATH, VISIT)) == "out-of-scope 403"
    more = {**VISIT, "follows": note["entry_id"]}
    other = f"/cases/{ELSEWHERE}/notes/{note['no']}"
    assert problem(load.elsewhere.post(f"{other}/entries", more)) == "not-found 404"
    assert problem(load.head.post(f"{other}/signature", {"entry_id": note["entry_id"]})) == "not-found 404"
    assert problem(load.head.get("/cases/99999999/notes?purpose=casework")) == "not-found 404"


def test_no_word_of_a_note_lies_open_in_the_database_and_each_look_names_the_case(load: Caseload) -> None:
    note = load.note(content={**SAID, "plan": "密林の話"})
    ok(load.supervisor.post(f"{PATH}/{note['no']}/signature", {"entry_id": note["entry_id"], "remark": "密林を見る"}))
    load.notes()
    for table in ("note_entries", "note_signatures", "outbox", "idempotency"):
        rows = load.running.execute(f"SELECT t::text FROM {table} t")
        assert rows
        assert not [row for row in rows if any(word in row[0] for word in ("花子", "密林", "面接が"))]
    assert load.running.execute(LOOKS)[-1][0] == f'["case:{CASE}"]'


def test_one_note_is_read_alone_with_its_signatures_and_none_of_another_case(load: Caseload) -> None:
    note = load.note()
    load.note(POLICY)
    body = {"entry_id": note["entry_id"], "remark": "確認済み"}
    ok(load.supervisor.post(f"/cases/{CASE}/notes/{note['no']}/signature", body))
    path = f"/cases/{CASE}/notes/{note['no']}?purpose=casework"
    shown = ok(load.worker.get(path))
    listed = next(item for item in load.notes()["items"] if item["note_no"] == note["no"])
    assert shown == {**listed, "name": "架空 花子"}, "and whose household it is"
    assert (shown["signed"], len(shown["signatures"])) == (True, 1)
    assert problem(load.elsewhere.get(path.replace(CASE, ELSEWHERE))) == "not-found 404"
    assert problem(load.elsewhere.get(path)) == "out-of-scope 403"


def test_all_that_contradicts_itself_is_refused_at_once(load: Caseload) -> None:
    refused = load.worker.post(PATH, {**VISIT, "kind": "policy", "content": {}})
    assert problem(refused) == "invalid-input 422"
    assert [fault["field"] for fault in refused.json["faults"]] == ["contact", "content.met", "content.plan"]


def test_a_list_names_the_householder_of_no_case_that_its_reader_may_not_sign_and_the_look_says_whom(
    load: Caseload,
) -> None:
    load.note()
    ok(load.elsewhere.post(f"/cases/{ELSEWHERE}/notes", VISIT), 201)
    items = ok(load.supervisor.get("/notes/unsigned?purpose=casework"))["items"]
    assert [(item["case_no"], item["name"]) for item in items] == [(CASE, "架空 花子")]
    (look,) = [event["data"] for event in load.running.looks() if event["data"].get("what") == "notes"]
    assert look["subjects"] == [f"case:{CASE}", "person:0000000100"]
