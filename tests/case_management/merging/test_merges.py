"""Two numbers become one person (名寄せ) by two people, and are two again by two: nothing is rewritten in between."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.case_management.merging.two_numbers import HER, HERE, LOOK, WARDS, TwoNumbers
from tests.case_management.test_approvals_at_once import at_once as approve_at_once
from tests.case_management.test_search import shield
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
OTHER = "0000000200"
TWO = {"name": "架空 一"}, {"name": "架空 二", "relation": "spouse"}
TABLES = ("residents", "person_details", "circumstances", "cases")


@pytest.fixture
def desk(services: Services) -> TwoNumbers:
    return TwoNumbers(services.open(service))


def rows(desk: TwoNumbers) -> dict[str, Any]:
    return {table: desk.running.execute(f"SELECT t::text FROM {table} t ORDER BY 1") for table in TABLES}


def states(desk: TwoNumbers, number: str = HERE) -> list[str]:
    return [merge["state"] for merge in ok(desk.interviewer.get(f"/residents/{number}/merges?{LOOK}"))["merges"]]


def test_the_old_number_leads_to_the_one_that_stays_and_says_so(desk: TwoNumbers) -> None:
    before = rows(desk)
    assert desk.merged()["state"] == "approved"
    assert rows(desk) == before
    assert desk.found(HERE) == desk.found("ワタナベ") == desk.found("0355550101") == [(WARDS, [HERE])]
    old, new = desk.resident(HERE, desk.head), desk.resident(WARDS, desk.head)
    assert (old["merged_into"], old["case_nos"], old["entries"][0]["name"]) == (WARDS, ["00000001"], "渡辺 花子")
    assert (new["merged_into"], new["merged"], new["case_nos"]) == (None, [HERE], ["00000001"])
    assert (desk.candidates(HERE), desk.waiting()["pairs"]) == ({}, [])


def test_nothing_is_in_force_before_another_person_approves(desk: TwoNumbers) -> None:
    before = desk.seen()
    both = desk.running.client(person="interviewer-2", roles=["interviewer", "head"])
    proposed = ok(desk.propose(by=both), 201)
    assert desk.seen()[:-1] == before[:-1]
    assert problem(desk.approve(proposed, by=both)) == "same-person 409"
    moved = {**proposed, "sha256": "0" * 64}
    assert problem(desk.approve(moved)) == "content-moved 409"
    assert problem(desk.approve(proposed, by=desk.interviewer)) == "not-permitted 403"
    assert states(desk) == ["proposed"]


def test_an_undoing_by_two_people_gives_every_answer_of_before_and_the_history_stays(desk: TwoNumbers) -> None:
    before, stored = desk.seen(), rows(desk)
    merge = desk.merged()
    assert desk.seen() != before
    undoing = ok(desk.undo(merge), 201)
    assert problem(desk.undo(merge)) == "wrong-state 409"
    assert problem(desk.approve(undoing, by=desk.running.client(person="interviewer-1", roles=["head"]))) == (
        "same-person 409"
    )
    ok(desk.approve(undoing, WARDS, by=desk.other_head))
    assert (desk.seen(), rows(desk)) == (before, stored)
    assert states(desk) == states(desk, WARDS) == ["undone", "approved"]
    assert problem(desk.undo(merge)) == "wrong-state 409"
    ok(desk.propose(), 201)


def test_acts_on_the_old_number_are_refused_with_the_number_to_use(desk: TwoNumbers) -> None:
    follows = desk.resident(HERE)["entries"][-1]["number"]
    desk.merged()
    seen = ok(desk.office.caseworker.get(f"/cases/00000002/circumstances?{LOOK}"))["items"][-1]["number"]
    cells = {"birth_date": "1950-03-01", "relation": "other"}
    member = {"person_no": HERE, "from": "2026-12-01", "cells": cells, "reason": "declaration", "seen": seen}
    refused = [
        desk.interviewer.post(f"/residents/{HERE}/entries", {**HER, "follows": follows}),
        desk.reach(HERE),
        desk.office.caseworker.post("/cases/00000002/members", member),
    ]
    for reply in refused:
        assert problem(reply) == "wrong-state 409"
        assert reply.json["person_no"] == WARDS
        assert WARDS in reply.json["detail"]
    ok(desk.reach(WARDS), 201)


def test_a_detail_of_the_old_number_is_protected_and_put_right_where_it_is(desk: TwoNumbers) -> None:
    (phone,) = ok(desk.interviewer.get(f"/residents/{HERE}/details?{LOOK}"))["items"]
    desk.merged()
    (other,) = ok(desk.interviewer.get(f"/residents/{WARDS}/details?{LOOK}"))["items"]
    ok(desk.reach(WARDS, corrects=other["detail_id"], protected=True), 201)
    assert desk.found("0355550101") == [(WARDS, [HERE])]
    ok(desk.reach(HERE, corrects=phone["detail_id"], protected=True), 201)
    assert desk.found("0355550101") == []
    assert problem(desk.reach(WARDS, corrects=phone["detail_id"])) == "not-found 404"


def test_who_is_in_a_household_does_not_go_and_each_refusal_says_where(desk: TwoNumbers) -> None:
    alone = desk.propose(WARDS, HERE)
    assert (problem(alone), alone.json["case_nos"]) == ("wrong-state 409", [])
    both = desk.propose(OTHER, WARDS, desk.supervisor)
    assert "00000002" in both.json["detail"]
    assert both.json["case_nos"] == ["00000001", "00000002"]
    Office(desk.running).load(Ward().add(7, *TWO))
    same = desk.propose("0000000701", "0000000700", desk.supervisor)
    assert (problem(same), same.json["case_nos"]) == ("wrong-state 409", ["00000007"])
    assert "二人とも" in same.json["detail"]


def test_once_a_membership_ended_the_number_may_go_but_not_in_the_same_month(desk: TwoNumbers) -> None:
    Office(desk.running).load(Ward().add(7, *TWO))
    desk.leave("0000000701", "2026-12-01")
    refused = desk.propose("0000000701", WARDS, desk.supervisor)
    assert (problem(refused), "今月" in refused.json["detail"]) == ("wrong-state 409", True)
    desk.running.clock.set(today=date(2027, 1, 1))
    desk.merged("0000000701", WARDS)
    assert desk.resident(WARDS)["merged"] == ["0000000701"]


def test_who_left_this_month_is_merged_once_the_last_day_is_put_right(desk: TwoNumbers) -> None:
    Office(desk.running).load(Ward().add(7, *TWO))
    desk.leave("0000000701", "2026-12-01")
    desk.leave("0000000701", "2026-11-30")
    desk.merged("0000000701", WARDS)


def test_there_are_no_chains_and_nobody_is_merged_twice_or_with_themselves(desk: TwoNumbers) -> None:
    assert problem(desk.propose(HERE, HERE)) == "invalid-input 422"
    third = ok(desk.interviewer.post("/residents", HER), 201)["person_no"]
    waiting = ok(desk.propose(third, HERE), 201)
    desk.merged()
    assert problem(desk.propose()) == "wrong-state 409"
    onwards, into_gone = desk.propose(WARDS, third), desk.propose(third, HERE)
    assert problem(onwards) == problem(into_gone) == "wrong-state 409"
    assert into_gone.json["person_no"] == WARDS
    assert problem(desk.approve(waiting, third)) == "wrong-state 409"
    ok(desk.approve(ok(desk.propose(third, WARDS), 201), third))
    assert desk.resident(WARDS)["merged"] == [HERE, third]
    assert desk.resident(HERE)["merged_into"] == WARDS


def test_of_two_who_approve_at_once_one_does_and_of_two_ways_round_one_holds(desk: TwoNumbers) -> None:
    proposed = ok(desk.propose(), 201)
    path = f"/residents/{HERE}/merges/{proposed['merge_id']}/approval"
    posts = [(by, path, proposed["sha256"]) for by in (desk.head, desk.other_head)]
    assert approve_at_once(*posts) == ["done", "wrong-state 409"]
    assert len(desk.running.facts("merge.approved.v1")) == 1
    third, fourth = (ok(desk.interviewer.post("/residents", HER), 201)["person_no"] for _ in range(2))
    chain = [(third, fourth), (fourth, WARDS)]
    links = [(goes, ok(desk.propose(goes, stays), 201)) for goes, stays in chain]
    paths = [(f"/residents/{goes}/merges/{link['merge_id']}/approval", link["sha256"]) for goes, link in links]
    posts = [(by, *asked) for by, asked in zip((desk.head, desk.other_head), paths, strict=True)]
    assert approve_at_once(*posts) == ["done", "wrong-state 409"]


def test_a_household_is_not_joined_under_a_number_that_is_being_merged(desk: TwoNumbers) -> None:
    proposed = ok(desk.propose(), 201)
    seen = ok(desk.office.caseworker.get(f"/cases/00000002/circumstances?{LOOK}"))["items"][-1]["number"]
    cells = {"birth_date": "1950-03-01", "relation": "other"}
    member = {"person_no": HERE, "from": "2026-12-01", "cells": cells, "reason": "declaration", "seen": seen}
    replies = at_once(
        desk.running.runtime.engine,
        lambda: desk.approve(proposed),
        lambda: desk.office.caseworker.post("/cases/00000002/members", member),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    ok(replies.first)
    assert problem(replies.second) == "wrong-state 409"


def test_she_does_not_join_a_second_household_by_her_other_number(desk: TwoNumbers) -> None:
    desk.running.clock.set(today=desk.running.clock.today() + timedelta(days=30))
    desk.merged()
    seen = ok(desk.office.caseworker.get(f"/cases/00000002/circumstances?{LOOK}"))["items"][-1]["number"]
    cells = {"birth_date": "1950-03-01", "relation": "other"}
    member = {"person_no": WARDS, "from": "2026-12-01", "cells": cells, "reason": "declaration", "seen": seen}
    assert problem(desk.office.caseworker.post("/cases/00000002/members", member)) == "wrong-state 409"


def test_a_wards_file_with_the_old_number_is_refused_with_the_number_to_use(desk: TwoNumbers) -> None:
    desk.merged()
    refused = desk.office.propose(Ward().add(9, {"person_no": HERE, "name": HER["name"], "kana": HER["kana"]}))
    assert problem(refused) == "import-faults 422"
    (fault,) = refused.json["faults"]
    assert (fault["line"], fault["column"], WARDS in fault["problem"]) == (2, "person_no", True)


def test_a_file_that_was_handed_in_before_the_merge_is_returned_when_it_is_loaded(desk: TwoNumbers) -> None:
    ward = Ward().add(9, {"person_no": HERE, "name": HER["name"], "kana": HER["kana"]})
    waiting = ok(desk.office.propose(ward), 201)
    desk.merged()
    assert desk.office.approve_import(waiting)["state"] == "proposed"
    assert len(desk.running.facts("import.returned.v1")) == 1
    assert desk.running.execute("SELECT count(*) FROM cases WHERE case_no = '00000009'")[0][0] == 0


def test_who_may_not_see_her_learns_from_no_file_and_no_household_that_her_number_went(desk: TwoNumbers) -> None:
    desk.merged()
    shield(desk, "00000001")
    ward = Ward().add(9, {"person_no": HERE, "name": HER["name"], "kana": HER["kana"]})
    waiting = ok(desk.office.propose(ward), 201)
    assert desk.office.approve_import(waiting)["state"] == "proposed"
    assert len(desk.running.facts("import.returned.v1")) == 1
    seen = ok(desk.office.caseworker.get(f"/cases/00000002/circumstances?{LOOK}"))["items"][-1]["number"]
    cells = {"birth_date": "1950-03-01", "relation": "other"}
    member = {"from": "2026-12-01", "cells": cells, "reason": "declaration", "seen": seen}
    answers = [
        desk.office.caseworker.post("/cases/00000002/members", {**member, "person_no": number}).json
        for number in (HERE, "5555555555")
    ]
    assert answers[0] == answers[1]


def test_one_closed_case_closes_both_numbers(desk: TwoNumbers) -> None:
    desk.merged()
    shield(desk, "00000001")
    assert problem(desk.interviewer.get(f"/residents/{HERE}?{LOOK}")) == "out-of-scope 403"
    assert desk.found(HERE) == []
    assert desk.found(HERE, desk.head) == [(WARDS, [HERE])]


def test_a_proposal_is_taken_back_by_who_made_it_and_returned_by_who_decides(desk: TwoNumbers) -> None:
    def withdraw(merge: dict[str, Any], reason: str, by: Client) -> Reply:
        return by.post(f"/residents/{HERE}/merges/{merge['merge_id']}/withdrawal", {"reason": reason})

    first = ok(desk.propose(), 201)
    assert problem(desk.propose(WARDS, HERE)) == "wrong-state 409"
    assert problem(desk.propose()) == "wrong-state 409"
    assert problem(withdraw(first, "mistake", desk.other)) == "not-permitted 403"
    assert problem(withdraw(first, "mistake", desk.head)) == "invalid-input 422"
    assert problem(withdraw(first, "returned", desk.interviewer)) == "invalid-input 422"
    ok(withdraw(first, "returned", desk.head))
    assert problem(desk.approve(first)) == problem(withdraw(first, "returned", desk.head)) == "wrong-state 409"
    ok(withdraw(ok(desk.propose(), 201), "mistake", desk.interviewer))
    assert states(desk) == ["withdrawn", "withdrawn"]
    assert desk.waiting()["merges"] == []


def test_who_reads_the_history_sees_who_said_what_when(desk: TwoNumbers) -> None:
    merge = desk.merged()
    (said,) = ok(desk.head.get(f"/residents/{WARDS}/merges?{LOOK}"))["merges"]
    people = (said["proposer"], said["approver"], said["goes"]["person_no"], said["stays"]["name"])
    assert people == ("person:interviewer-1", "person:head-1", HERE, "渡邉 花子")
    assert (said["merge_id"], "電話番号" in said["words"]) == (merge["merge_id"], True)


def test_who_is_shielded_under_one_number_is_so_under_both(desk: TwoNumbers) -> None:
    application = desk.apply(shielded=True, district="01")["no"]
    hers = ok(desk.interviewer.post("/residents", {**HER, "application_no": application}), 201)["person_no"]
    desk.merged(hers, WARDS)
    in_charge = desk.running.client(person="worker-7", roles=["caseworker"], districts=["01"])
    for number in (hers, WARDS):
        assert desk.found(number, in_charge) == [(WARDS, [hers])]
        assert desk.resident(number, in_charge)["case_nos"] == ["00000001"]
        assert desk.found(number, desk.office.caseworker) == []
        refused = desk.office.caseworker.get(f"/residents/{number}?{LOOK}")
        assert problem(refused) == "out-of-scope 403"


def test_a_correction_does_not_make_a_member_again_of_a_number_that_went(desk: TwoNumbers) -> None:
    ward = Ward().add(7, *TWO)
    desk.office.load(ward)
    desk.leave("0000000701", "2026-11-30")
    desk.merged("0000000701", WARDS)
    refused = desk.office.caseworker.post("/corrections", files=ward.files())
    assert problem(refused) == "import-faults 422"
    assert [(fault["line"], fault["column"]) for fault in refused.json["faults"] if "merged" in fault["problem"]] == [
        (3, "person_no")
    ]
