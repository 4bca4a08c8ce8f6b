"""The register of residents (宛名) by hand: who is not in the ward's files, and who is called otherwise by now."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.case_management.adapters.residents import FIRST_OWN, enter_residents
from services.case_management.app import service
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.intake.desk import Desk
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
HER: dict[str, Any] = {"name": "架空 花子", "kana": "カクウ ハナコ", "reason": "outside_the_register"}
LOOK = "purpose=casework"


@pytest.fixture
def desk(services: Services) -> Desk:
    office = Office(services.open(service))
    office.load(Ward().add(1, {"name": "仮 太郎", "kana": "カリ タロウ"}))
    return Desk(office.running)


def names(desk: Desk, number: str) -> list[str]:
    return [entry["name"] for entry in ok(desk.interviewer.get(f"/residents/{number}?{LOOK}"))["entries"]]


def test_who_has_no_number_gets_one_of_the_registers_own_and_no_two_get_the_same(desk: Desk) -> None:
    replies = at_once(
        desk.running.runtime.engine,
        lambda: desk.interviewer.post("/residents", HER),
        lambda: desk.supervisor.post("/residents", HER),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    numbers = [ok(reply, 201)["person_no"] for reply in (replies.first, replies.second)]
    assert numbers == [str(FIRST_OWN), str(FIRST_OWN + 1)]


def test_who_is_entered_while_an_import_is_loaded_waits_for_it_and_both_are_found(desk: Desk) -> None:
    office = Office(desk.running)
    import_id = UUID(
        ok(office.propose(Ward().add(9, {"name": "輸入 太郎", "kana": "ユニュウ タロウ"})), 201)["import_id"]
    )

    def load() -> None:
        with desk.running.work() as work:
            enter_residents(work, import_id)

    entered = at_once(desk.running.runtime.engine, load, lambda: desk.interviewer.post("/residents", HER))
    assert entered.waited
    for typed, number in (("カクウ", str(FIRST_OWN)), ("ユニュウ", "0000000900")):
        hits = ok(desk.interviewer.get(f"/search?q={typed}&{LOOK}"))["items"]
        assert [hit["no"] for hit in hits] == [number]


def test_a_wards_file_names_nobody_anew_to_whom_the_register_gave_the_number(desk: Desk) -> None:
    office = Office(desk.running)
    number = ok(desk.interviewer.post("/residents", HER), 201)["person_no"]
    otherwise = {"person_no": number, "name": "別人 太郎", "kana": "ベツジン タロウ"}
    refused = office.propose(Ward().add(9, otherwise))
    assert problem(refused) == "import-faults 422"
    assert [(entry["line"], entry["column"]) for entry in refused.json["faults"]] == [(2, "person_no")]
    office.load(Ward().add(9, {"person_no": number}))
    assert set(names(desk, number)) == {HER["name"]}
    ok(office.caseworker.post("/corrections", files=Ward().add(9, otherwise).files()), 201)


def test_who_may_not_see_a_case_learns_by_no_file_what_somebody_of_it_is_called(desk: Desk) -> None:
    office = Office(desk.running)
    number = ok(desk.interviewer.post("/residents", HER), 201)["person_no"]
    office.load(Ward().add(9, {"person_no": number}, district="02"))
    right, wrong = (office.propose(Ward().add(8, {"person_no": number, "name": name})) for name in (HER["name"], "別"))
    assert right.json == wrong.json
    assert problem(right) == "import-faults 422"


def test_further_names_stay_where_an_import_or_a_correction_names_somebody_anew(desk: Desk) -> None:
    office = Office(desk.running)
    other = [{"kind": "former", "name": "旧姓 花子", "kana": "キュウセイ ハナコ"}]
    ok(desk.interviewer.post("/residents", {**HER, "person_no": "1234567890", "other_names": other}), 201)
    office.load(Ward().add(9, {"person_no": "1234567890"}))
    renamed = Ward().add(9, {"person_no": "1234567890", "name": "架空 夏子"})
    office.approve_import(ok(office.caseworker.post("/corrections", files=renamed.files()), 201))
    entries = ok(desk.interviewer.get(f"/residents/1234567890?{LOOK}"))["entries"]
    assert [entry["other_names"] for entry in entries] == [other] * 3


def test_a_number_is_one_persons(desk: Desk) -> None:
    mine = {**HER, "person_no": "1234567890"}
    assert ok(desk.interviewer.post("/residents", mine), 201)["person_no"] == "1234567890"
    assert problem(desk.interviewer.post("/residents", mine)) == "wrong-state 409"
    assert problem(desk.interviewer.post("/residents", {**HER, "person_no": "0000000100"})) == "wrong-state 409"


def test_a_marriage_changes_the_name_and_the_former_one_stays_and_finds_her(desk: Desk) -> None:
    number = ok(desk.interviewer.post("/residents", HER), 201)["person_no"]
    follows = ok(desk.interviewer.get(f"/residents/{number}?{LOOK}"))["entries"][-1]["number"]
    former = [{"kind": "former", "name": "架空 花子", "kana": "カクウ ハナコ"}]
    body = {"name": "仮名 花子", "kana": "カメイ ハナコ", "reason": "family_register", "other_names": former}
    ok(desk.interviewer.post(f"/residents/{number}/entries", {**body, "follows": follows}), 201)
    again = desk.interviewer.post(f"/residents/{number}/entries", {**body, "follows": follows})
    assert problem(again) == "changed-meanwhile 409"
    assert names(desk, number) == ["架空 花子", "仮名 花子"]
    for typed in ("架空", "カメイ"):
        hits = ok(desk.interviewer.get(f"/search?q={typed}&{LOOK}"))["items"]
        assert [hit["no"] for hit in hits] == [number]


def test_a_variant_of_a_character_stays_as_it_was_typed(desk: Desk) -> None:
    name = "葛\U000e0100城 辻\U000e0101子"
    number = ok(desk.interviewer.post("/residents", {**HER, "name": name}), 201)["person_no"]
    assert names(desk, number) == [name]


def test_nobodys_name_stands_in_the_clear(desk: Desk) -> None:
    other = [{"kind": "alias", "name": "通り名 花", "kana": None}]
    ok(desk.interviewer.post("/residents", {**HER, "other_names": other}), 201)
    rows = desk.running.execute("SELECT r::text FROM residents r")
    assert not any(word in row[0] for row in rows for word in ("架空", "カクウ", "通り名"))


def test_a_person_of_a_case_is_seen_by_its_district_alone(desk: Desk) -> None:
    mine = desk.running.client(person="cw-1", roles=["caseworker"], districts=["01"])
    other = desk.running.client(person="cw-2", roles=["caseworker"], districts=["02"])
    desk.running.clock.set(today=date(2026, 12, 1))
    assert ok(mine.get(f"/residents/0000000100?{LOOK}"))["case_nos"] == ["00000001"]
    assert problem(other.get(f"/residents/0000000100?{LOOK}")) == "out-of-scope 403"
    assert problem(other.get(f"/residents/5555555555?{LOOK}")) == "out-of-scope 403"


def test_a_wards_own_number_of_that_range_is_taken_in_and_given_to_nobody_else(services: Services) -> None:
    office = Office(services.open(service))
    office.load(Ward().add(1, {"person_no": str(FIRST_OWN)}).add(2, {"person_no": str(FIRST_OWN + 1)}))
    desk = Desk(office.running)
    assert ok(desk.interviewer.post("/residents", HER), 201)["person_no"] == str(FIRST_OWN + 2)
