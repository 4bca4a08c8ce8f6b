"""Two numbers that may be one person (名寄せの候補): shown with the reasons to who may see both, and to nobody else."""

import pytest

from services.case_management.adapters.finding import alike
from services.case_management.app import service
from services.case_management.use_cases.merging import find_candidates
from shared.service_kit.testing import Services
from tests.case_management.merging.two_numbers import HER, HERE, LOOK, WARDS, TwoNumbers
from tests.case_management.test_search import shield
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database


@pytest.fixture
def desk(services: Services) -> TwoNumbers:
    return TwoNumbers(services.open(service))


def pairs(desk: TwoNumbers) -> list[tuple[str, str, list[str]]]:
    items = desk.waiting()["pairs"]
    return [(pair["first"]["person_no"], pair["second"]["person_no"], pair["reasons"]) for pair in items]


def test_who_came_by_hand_and_by_the_wards_file_is_shown_from_either_side_and_in_the_list(desk: TwoNumbers) -> None:
    reasons = ["reading", "name", "telephone"]
    assert desk.candidates(HERE) == {WARDS: reasons}
    assert desk.candidates(WARDS) == {HERE: reasons}
    assert pairs(desk) == [(WARDS, HERE, reasons)]
    assert desk.waiting()["pairs"][0]["first"]["birth"] == "1950-03-01"


def test_a_name_alone_is_no_reason_until_something_else_is_the_same(desk: TwoNumbers) -> None:
    third = ok(desk.interviewer.post("/residents", HER), 201)["person_no"]
    assert desk.candidates(third) == {}
    ok(desk.reach(third, fact="address", kind="living", content={"text": "架空区仮町1-2-3"}), 201)
    assert desk.candidates(third) == {}
    ok(desk.reach(WARDS, fact="address", kind="living", content={"text": "架空区仮町１-２-３"}), 201)
    assert desk.candidates(third) == {WARDS: ["reading", "name", "address"]}


def test_a_birth_date_that_was_corrected_is_no_reason_any_more(desk: TwoNumbers) -> None:
    twin = {"name": "渡部 花子", "kana": "ワタナベ ハナコ"}
    Office(desk.running).load(Ward().add(7, {**twin, "birth_date": "1950-03-01"}))
    assert desk.candidates("0000000700") == {WARDS: ["birth", "reading"]}
    right = Ward().add(7, {**twin, "birth_date": "1951-03-01"})
    desk.office.approve_import(ok(desk.office.caseworker.post("/corrections", files=right.files()), 201))
    assert desk.candidates("0000000700") == {}


def test_a_corrected_or_protected_telephone_is_no_reason(desk: TwoNumbers) -> None:
    listed = ok(desk.interviewer.get(f"/residents/{HERE}/details?{LOOK}"))["items"]
    ok(desk.reach(HERE, corrects=listed[0]["detail_id"], content={"text": "03-5555-0909"}), 201)
    assert desk.candidates(HERE) == {}
    ok(desk.reach(WARDS, content={"text": "03-5555-0909"}, protected=True), 201)
    assert desk.candidates(HERE) == {}


def test_two_people_for_certain_are_no_pair_any_more_and_it_stays_on_record_why(desk: TwoNumbers) -> None:
    body = {"other": HERE, "words": "いとこで、同居している"}
    ok(desk.interviewer.post(f"/residents/{WARDS}/distinctions", body), 201)
    assert (desk.candidates(HERE), desk.candidates(WARDS), pairs(desk)) == ({}, {}, [])
    said = ok(desk.interviewer.get(f"/residents/{HERE}/merges?{LOOK}"))["distinctions"]
    assert [(each["person_no"], each["words"], each["recorded_by"]) for each in said] == [
        (WARDS, "いとこで、同居している", "person:interviewer-1")
    ]
    assert len(desk.running.facts("person.distinguished.v1")) == 1


def test_two_people_for_certain_are_not_merged_until_somebody_takes_that_back_and_says_why(desk: TwoNumbers) -> None:
    waiting = ok(desk.propose(), 201)
    path, said = f"/residents/{WARDS}/distinctions", {"other": HERE, "words": "いとこ"}
    distinction = ok(desk.interviewer.post(path, said), 201)["distinction_id"]
    assert problem(desk.interviewer.post(path, said)) == "wrong-state 409"
    assert problem(desk.approve(waiting)) == "wrong-state 409"
    for goes, stays in ((HERE, WARDS), (WARDS, HERE)):
        refused = desk.propose(goes, stays)
        assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "stays")
    undone = {"other": HERE, "words": "取り違え", "undoes": distinction}
    ok(desk.interviewer.post(path, undone), 201)
    assert problem(desk.interviewer.post(path, undone)) == "wrong-state 409"
    history = ok(desk.interviewer.get(f"/residents/{HERE}/merges?{LOOK}"))["distinctions"]
    assert [(each["words"], each["undone"], each["undoes"]) for each in history] == [
        ("いとこ", True, None),
        ("取り違え", False, distinction),
    ]
    assert ok(desk.approve(waiting))["state"] == "approved"


def test_what_was_said_of_two_others_is_not_taken_back_here(desk: TwoNumbers) -> None:
    said = {"other": HERE, "words": "いとこ"}
    distinction = ok(desk.interviewer.post(f"/residents/{WARDS}/distinctions", said), 201)["distinction_id"]
    other = ok(desk.interviewer.post("/residents", {**HER, "name": "架空 次郎"}), 201)["person_no"]
    refused = desk.interviewer.post(f"/residents/{other}/distinctions", {**said, "undoes": distinction})
    assert (problem(refused), refused.json["field"]) == ("not-found 404", "undoes")


def test_a_shielded_person_is_in_no_pair_for_whoever_may_not_see_them(desk: TwoNumbers) -> None:
    without = TwoNumbers.waiting(desk, desk.running.client(person="cw-9", roles=["caseworker"], districts=["09"]))
    assert without == {"merges": [], "pairs": [], "more": False}
    merge = ok(desk.propose(), 201)
    shield(desk, "00000001")
    assert desk.candidates(HERE) == {}
    assert desk.waiting() == without
    assert ok(desk.interviewer.get(f"/residents/{HERE}/merges?{LOOK}")) == {"merges": [], "distinctions": []}
    assert desk.candidates(HERE, desk.head) == {WARDS: ["reading", "name", "telephone"]}
    assert [merge["goes"]["person_no"] for merge in desk.waiting(desk.head)["merges"]] == [HERE]
    path = f"/residents/{HERE}/merges/{merge['merge_id']}"
    for act, body in (("withdrawal", {"reason": "mistake"}), ("undoing", {"words": "x"})):
        assert problem(desk.interviewer.post(f"{path}/{act}", body)) == "not-found 404"


def test_what_is_proposed_waits_as_a_proposal_and_not_as_a_pair_too(desk: TwoNumbers) -> None:
    ok(desk.propose(), 201)
    assert [merge["stays"]["person_no"] for merge in desk.waiting()["merges"]] == [WARDS]
    assert pairs(desk) == []


def test_a_shielded_number_is_answered_like_one_that_nobody_has(desk: TwoNumbers) -> None:
    shield(desk, "00000001")
    for path, field in (("merges", "stays"), ("distinctions", "other")):
        answers = [
            desk.interviewer.post(f"/residents/{HERE}/{path}", {field: number, "words": "x"}).json
            for number in (WARDS, "5555555555")
        ]
        assert answers[0] == answers[1]
        assert answers[0]["status"] == 404


def test_a_pair_beyond_the_first_ones_is_announced_to_who_may_see_it(
    desk: TwoNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_candidates, "MOST", 1)
    assert desk.waiting()["more"] is False
    Office(desk.running).load(Ward().add(7).add(8))
    assert desk.waiting()["more"] is True
    shield(desk, "00000008")
    assert desk.waiting()["more"] is False


def test_each_list_is_a_look_at_everybody_whom_it_showed(desk: TwoNumbers) -> None:
    desk.candidates(HERE)
    desk.waiting()
    looks = desk.running.execute("SELECT body::jsonb -> 'data' FROM outbox WHERE body::jsonb ->> 'type' = 'look.v1'")
    shown = {row[0]["what"]: row[0]["subjects"] for row in looks}
    assert shown["same_person"] == [f"person:{WARDS}", f"person:{HERE}"]
    assert shown["merges"] == [f"person:{WARDS}", f"person:{HERE}"]


def test_a_restored_database_is_read_again(desk: TwoNumbers, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pairs(desk)
    held = alike._OF_ENGINE[desk.running.runtime.engine]
    monkeypatch.setattr(held.births, "newest", None)
    held.births.newest = type("Row", (), {"number": 1})()
    assert pairs(desk)
    assert alike._OF_ENGINE[desk.running.runtime.engine] is not held


def test_no_word_of_why_stands_in_the_clear(desk: TwoNumbers) -> None:
    ok(desk.propose(), 201)
    ok(desk.interviewer.post(f"/residents/{WARDS}/distinctions", {"other": HERE, "words": "いとこ"}), 201)
    for table in ("merges", "distinctions", "outbox"):
        rows = desk.running.execute(f"SELECT t::text FROM {table} t")
        assert not any(word in row[0] for row in rows for word in ("本人の申出", "いとこ"))
