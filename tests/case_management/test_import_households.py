"""A ward's households come in by a caseworker and are loaded by the head, whole or not at all (取込)."""

from datetime import date
from typing import Any

import pytest

from services.case_management.adapters.residents import residents_named
from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database


@pytest.fixture
def office(services: Services) -> Office:
    return Office(services.open(service))


def faults(reply: Any) -> set[tuple[str, int, str]]:
    assert problem(reply) == "import-faults 422"
    return {(fault["file"], fault["line"], fault["column"]) for fault in reply.json["faults"]}


def count(office: Office, table: str) -> int:
    return int(office.running.execute(f"SELECT count(*) FROM {table}")[0][0])


def approve(office: Office, proposed: dict[str, Any]) -> Any:
    return office.approve_import_only(proposed)


def shield(office: Office, case_no: str) -> None:
    supervisor = office.running.client(person="demo-supervisor", roles=["supervisor"], districts=["01"])
    body = {"kind": "shielded", "from": "2026-11-01", "reason": "domestic_violence"}
    path = f"/cases/{case_no}/restrictions"
    proposed = ok(supervisor.post(path, body), 201)
    ok(office.head.post(f"{path}/{proposed['restriction_id']}/approval", {"sha256": proposed["sha256"]}))


def test_nothing_is_loaded_before_another_person_approved(office: Office) -> None:
    proposed = ok(office.propose(Ward().add(1).add(2, {}, {"relation": "spouse"})), 201)
    assert (proposed["state"], proposed["households"], proposed["persons"]) == ("proposed", 2, 3)
    assert [count(office, table) for table in ("cases", "circumstances", "residents")] == [0, 0, 0]

    approved = office.approve_import(proposed)
    assert (approved["state"], approved["approver"]) == ("approved", "person:demo-head")
    assert [count(office, table) for table in ("cases", "circumstances", "residents")] == [2, 10, 3]


def test_whose_case_it_is_comes_in_with_the_household_and_can_be_left_out(office: Office) -> None:
    office.load(
        Ward()
        .add(1, district="07", caseworker="demo-caseworker")
        .add(2, district="08", to="2026-10-31")
        .add(3, district="")
    )
    charges = "SELECT case_no, data, valid_to FROM circumstances WHERE fact = 'charge' ORDER BY number"
    assert office.running.execute(charges) == [
        ("00000001", {"district": "07", "caseworker": "demo-caseworker"}, None),
        ("00000002", {"district": "08"}, None),
    ]
    wrong = Ward().add(4, district="7").add(5, caseworker="架空 一子")
    assert faults(office.propose(wrong)) == {("households.csv", 2, "district"), ("households.csv", 3, "caseworker")}


def test_who_handed_it_in_does_not_approve_it(office: Office) -> None:
    both = office.running.client(person="demo-caseworker", roles=["caseworker", "head"])
    proposed = ok(both.post("/imports", files=Ward().add(1).files()), 201)
    reply = both.post(f"/imports/{proposed['import_id']}/approval", json={"sha256": proposed["sha256"]})
    assert problem(reply) == "same-person 409"
    assert count(office, "cases") == 0


def test_the_database_itself_refuses_one_person_in_both_parts(office: Office) -> None:
    proposed = ok(office.propose(Ward().add(1)), 201)
    insert = (
        "INSERT INTO import_approvals (import_id, proposer, approver, approved_at, sha256) "
        "VALUES (CAST(:id AS uuid), :proposer, :approver, '2026-11-24T00:00Z', 'x')"
    )
    for proposer, approver, net in (
        ("person:demo-caseworker", "person:demo-caseworker", "two_people"),
        ("person:somebody", "person:demo-caseworker", "import_approvals_proposer"),
    ):
        with pytest.raises(Exception, match=net):
            office.running.execute(insert, id=proposed["import_id"], proposer=proposer, approver=approver)


def test_an_approval_that_names_other_content_is_refused(office: Office) -> None:
    proposed = ok(office.propose(Ward().add(1)), 201)
    reply = office.head.post(f"/imports/{proposed['import_id']}/approval", json={"sha256": "0" * 64})
    assert problem(reply) == "content-moved 409"
    assert count(office, "cases") == 0


def test_every_fault_of_both_files_comes_in_one_go_and_without_the_value(office: Office) -> None:
    ward = Ward().add(1).add(2, rent="-53700").add(3, {"birth_date": "1979-02-30", "name": "秘密 太郎"})
    ward.add(4, {"earned_income": "1e5"}, programme="welfare").add(1)
    ward.members.append({**ward.members[0], "person_no": "12345"})
    reply = office.propose(ward)
    assert faults(reply) >= {
        ("households.csv", 3, "rent"),
        ("households.csv", 5, "programme"),
        ("households.csv", 6, "case_no"),
        ("members.csv", 4, "birth_date"),
        ("members.csv", 5, "earned_income"),
        ("members.csv", 7, "person_no"),
    }
    text = reply.content.decode()
    assert not any(value in text for value in ("秘密", "-53700", "1979-02-30", "1e5", "welfare", "12345"))
    assert count(office, "imports") == count(office, "import_rows") == 0


def test_a_wrong_column_a_missing_file_and_shift_jis_are_named(office: Office) -> None:
    files = Ward().add(1).files()
    wrong = {**files, "households.csv": files["households.csv"].replace(b"rent", b"yachin")}
    assert ("households.csv", 1, "column 6") in faults(office.caseworker.post("/imports", files=wrong))
    foreign = {**files, "members.csv": files["members.csv"].decode().encode("shift_jis")}
    assert ("members.csv", 2, "byte 21") in faults(office.caseworker.post("/imports", files=foreign))
    missing = {"households.csv": files["households.csv"], "others.csv": b""}
    assert faults(office.caseworker.post("/imports", files=missing)) == {("members.csv", 0, ""), ("others.csv", 0, "")}


def test_members_and_households_must_fit_together(office: Office) -> None:
    ward = Ward().add(1, {"person_no": "0000000001"}).add(2, {"person_no": "0000000001"}).add(3)
    ward.members[2]["case_no"] = "00000099"
    assert faults(office.propose(ward)) == {
        ("households.csv", 3, "case_no"),
        ("households.csv", 4, "case_no"),
        ("members.csv", 3, "person_no"),
        ("members.csv", 4, "case_no"),
    }


def test_one_person_number_has_one_name(office: Office) -> None:
    ward = Ward().add(1, {"person_no": "0000000001"})
    ward.add(2, {"person_no": "0000000001", "kana": "ベツ ジン"}, programme="support_benefit")
    assert faults(office.propose(ward)) == {("members.csv", 3, "person_no")}


def test_names_that_cannot_be_printed_and_ideographs_as_kana_are_faults(office: Office) -> None:
    ward = Ward().add(1, {"name": "架空 \u202e子"}).add(2, {"name": "\u3000"}).add(3, {"kana": "架空 花子"})
    ward.add(4, {"name": "\ue000田"}).add(5, municipality="新宿\u200b区")
    reply = office.propose(ward)
    assert faults(reply) >= {
        ("members.csv", 2, "name"),
        ("members.csv", 3, "name"),
        ("members.csv", 4, "kana"),
        ("members.csv", 5, "name"),
        ("households.csv", 6, "municipality"),
    }
    assert "外字" in next(entry["problem"] for entry in reply.json["faults"] if entry["line"] == 5)


def test_a_household_that_the_rules_cannot_determine_is_a_fault_of_its_line(office: Office) -> None:
    ward = Ward().add(1).add(2, prefecture="", municipality="").add(3, {}, {"relation": "self"})
    refused = {(fault["line"], fault["column"]): fault["problem"] for fault in office.propose(ward).json["faults"]}
    assert refused.keys() >= {(3, "prefecture"), (5, "relation")}
    assert count(office, "imports") == 0


def test_a_household_for_which_a_figure_of_the_law_is_not_known_stops_nobody(office: Office) -> None:
    """A patient in winter: nothing is wrong with the file. Each determination counts the case as refused."""
    ward = Ward().add(1).add(2, {"residence": "hospital"}).add(3, {"radiation": "former"})
    office.load(ward)
    act = office.determined()
    assert {name: act[name] for name in ("on_assistance", "cases", "undetermined")} == {
        "on_assistance": 3,
        "cases": 1,
        "undetermined": 2,
    }


def test_a_household_that_the_rules_refuse_in_winter_alone_is_a_fault_in_summer(office: Office) -> None:
    """Taken in April, it stopped the whole ward in October."""
    office.running.clock.set(today=date(2026, 4, 14))
    place = {"prefecture": "", "municipality": "", "rent": ""}
    reply = office.propose(Ward().add(1).add(2, **place))
    assert faults(reply) == {("households.csv", 3, "prefecture")}


def test_a_household_on_record_is_not_loaded_again(office: Office) -> None:
    office.load(Ward().add(1, {"person_no": "0000000001"}))
    again = Ward().add(1, {"person_no": "0000000002"}).add(2, {"person_no": "0000000001"})
    assert faults(office.propose(again)) == {("households.csv", 2, "case_no"), ("members.csv", 3, "person_no")}


def test_a_caseworker_learns_nothing_of_who_is_on_assistance_elsewhere(office: Office) -> None:
    """A guess that is right is answered like one that is wrong; the second person is told, and the log of both."""
    office.load(Ward().add(1, {"person_no": "0000000001"}, district="02").add(2, {"person_no": "0000000002"}))
    right, wrong = ({"person_no": f"{number:010d}"} for number in (1, 9))
    answers = [ok(office.propose(Ward().add(7, who)), 201) for who in (right, wrong)]
    assert [(entry["state"], entry["households"], entry["persons"]) for entry in answers] == [("proposed", 1, 1)] * 2
    known = ok(office.propose(Ward().add(1, wrong)), 201)
    assert office.running.looks("import.refused.v1") == []

    reply = approve(office, answers[0])
    assert (problem(reply), reply.json["on_record"]) == ("wrong-state 409", ["person:0000000001"])
    assert approve(office, known).json["on_record"] == ["case:00000001"]
    published = [entry["data"] for entry in office.running.looks("import.refused.v1")]
    assert [(entry["counts"], entry["subjects"]) for entry in published] == [
        ({"on_record": 1}, ["person:0000000001"]),
        ({"on_record": 1}, ["case:00000001"]),
    ]
    office.approve_import(answers[1])


def test_a_shielded_person_of_the_own_district_is_not_told_by_an_import(office: Office) -> None:
    office.load(Ward().add(1, {"person_no": "0000000001"}, caseworker="somebody-else"))
    shield(office, "00000001")
    ok(office.propose(Ward().add(7, {"person_no": "0000000001"})), 201)


def test_each_refused_import_is_an_entry_with_its_faults_by_kind(office: Office) -> None:
    office.load(Ward().add(1, {"person_no": "0000000001"}))
    ward = Ward().add(1, {"person_no": "0000000002"}).add(2, {"person_no": "0000000001", "name": "秘密 太郎"})
    ward.add(3, {"birth_date": "1979-02-30"}, rent="-1").add(4, prefecture="", municipality="")
    assert problem(office.propose(ward)) == "import-faults 422"
    (entry,) = office.running.looks("import.refused.v1")
    assert entry["actor"] == "person:demo-caseworker"
    assert entry["data"]["counts"] == {"form": 2, "on_record": 2, "rules": 1}
    assert entry["data"]["subjects"] == ["case:00000001", "person:0000000001"]
    assert "秘密" not in str(entry)


def test_of_two_imports_of_one_household_the_second_is_refused_at_its_approval(office: Office) -> None:
    first, second = (ok(office.propose(Ward().add(1)), 201) for _ in range(2))
    office.approve_import(first)
    assert problem(approve(office, second)) == "wrong-state 409"
    assert problem(approve(office, first)) == "wrong-state 409"
    assert count(office, "cases") == 1


def test_the_register_has_the_residents_of_both_laws_and_the_cases_of_one(office: Office) -> None:
    ward = Ward().add(1).add(2, {"name": "架空 李", "foreign": "1"}, programme="support_benefit")
    assert office.load(ward)["households"] == 1
    assert office.running.execute("SELECT case_no FROM cases") == [("00000001",)]
    with office.running.work() as work:
        named = residents_named(work, office.running.execute("SELECT array_agg(person_no) FROM residents")[0][0])
    assert [(entry.name, entry.foreign_national) for entry in named.values()] == [
        ("架空 花子", False),
        ("架空 李", True),
    ]


def test_names_stay_out_of_facts_and_spans(office: Office) -> None:
    office.load(Ward().add(1, {"name": "密林 カナリア", "kana": "ミツリン カナリア"}))
    office.determined()
    published = f"{office.running.facts()}{office.running.looks()}{office.running.spans()}"
    assert "カナリア" not in published
    assert office.running.facts("import.approved.v1")[0]["data"]["approver"] == "person:demo-head"


def test_the_list_of_imports_says_what_those_that_wait_would_change_and_no_more_than_one_may_see(
    office: Office,
) -> None:
    office.load(Ward().add(1).add(2, district="02"))
    ok(office.propose(Ward().add(3).add(4, to="2026-10-31")), 201)
    waiting, approved = ok(office.caseworker.get("/imports"))["items"]
    assert (approved["state"], approved["differences"]) == ("approved", None)
    assert waiting["differences"] == {"added": 2, "changed": 0, "ended": 1}
    ok(office.propose(Ward().add(2, {"person_no": "0000000777"})), 201)
    seen = [ok(who.get("/imports"))["items"][0]["differences"] for who in (office.caseworker, office.head)]
    assert seen == [{"added": 1, "changed": 0, "ended": 0}, {"added": 0, "changed": 1, "ended": 0}]
