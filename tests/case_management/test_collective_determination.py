"""The office is determined as one act: drafted in chunks, approved by its hash, told case by case (一括決定)."""

from datetime import UTC, datetime

import pytest

from services.case_management.app import service
from shared.decisions.adapters.tables import APPEND_ONLY
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database


@pytest.fixture
def office(services: Services) -> Office:
    return Office(services.open(service))


def correct_rent(office: Office, case: int, yen: int) -> None:
    """What a caseworker learns later: a new fact that names the one it corrects."""
    office.running.execute(
        "INSERT INTO circumstances (case_no, fact, recorded_at, corrects, data, import_id) "
        "SELECT case_no, fact, CAST(:now AS timestamptz), number, data || CAST(:data AS jsonb), import_id "
        "FROM circumstances "
        "WHERE case_no = :case AND fact = 'home' ORDER BY number DESC LIMIT 1",
        now=office.running.clock.now().isoformat(),
        case=f"{case:08d}",
        data=f'{{"rent": {yen}}}',
    )


def test_a_person_of_47_gets_the_published_amount_with_winter_year_end_and_rent(office: Office) -> None:
    office.load(Ward().add(1, rent="60000"))
    assert office.determined()["state"] == "approved"
    (determination,) = office.determinations(1)
    assert determination["kinds"] == {"livelihood": 77_240 + 2_630 + 14_500, "housing": 53_700}
    assert (
        sum(line["yen"] for line in determination["lines"])
        == determination["yen"]
        == sum(determination["kinds"].values())
    )
    assert all(line["basis"] and line["trust"] for line in determination["lines"])
    assert (determination["proposer"], determination["approver"]) == ("person:demo-caseworker", "person:demo-head")


def test_an_area_is_kept_to_the_tenth_of_a_square_metre(office: Office) -> None:
    """At 15 ㎡ and below a lower ceiling holds."""
    office.load(Ward().add(1, floor_area="15.0").add(2, floor_area="15.1"))
    office.determined()
    assert [office.determinations(case)[0]["kinds"]["housing"] for case in (1, 2)] == [48_000, 53_700]


def test_the_age_that_counts_is_that_of_the_start_and_in_an_office_that_changes_monthly_that_of_the_month(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both turned 75 on 2026-06-15, where class 1 falls from 46,460 to 39,890; the second started on 2026-10-05."""
    born = {"birth_date": "1951-06-15"}
    office.load(Ward().add(1, born, **{"from": "2020-05-01"}).add(2, born, **{"from": "2026-10-05"}))

    def class1(case: int) -> int:
        lines = office.determinations(case)[0]["lines"]
        return sum(int(line["yen"]) for line in lines if line["kind"] == "livelihood.class1")

    office.determined()
    assert [class1(case) for case in (1, 2)] == [46_460, 39_890]
    monkeypatch.setenv("KURASHI_DECISIONS_AGES", "monthly")
    office.determined()
    assert [class1(case) for case in (1, 2)] == [39_890, 39_890]


def test_each_determination_is_told_with_whom_it_covers_after_the_approval_alone(office: Office) -> None:
    office.load(Ward().add(1, {}, {"relation": "spouse"}, rent="0").add(2))
    collective = office.drafted()
    assert (collective["state"], collective["cases"]) == ("proposed", 2)
    assert office.running.facts("determination.approved.v1") == []
    ok(office.approve(collective), 202)
    office.running.run_tasks()
    published = {fact["subject"]: fact["data"] for fact in office.running.facts("determination.approved.v1")}
    assert published.keys() == {"case:00000001", "case:00000002"}
    assert published["case:00000001"]["covers"] == [
        {"person_no": person, "need": "livelihood", "from": "2026-12-01", "to": "2026-12-31"}
        for person in ("0000000100", "0000000101")
    ]
    approved = office.running.facts("collective.approved.v1")[0]["data"]
    assert approved["yen"] == sum(sum(data["kinds"].values()) for data in published.values()) == collective["yen"]
    assert approved["sha256"] == collective["sha256"]


def test_a_household_that_starts_inside_the_month_is_covered_from_its_first_day(office: Office) -> None:
    office.load(Ward().add(1).add(2, **{"from": "2026-12-17", "rent": "0"}))
    office.determined()
    whole, part = office.determinations(1)[0]["kinds"], office.determinations(2)[0]["kinds"]
    assert 0 < part["livelihood"] < whole["livelihood"]
    published = {fact["subject"]: fact["data"]["covers"] for fact in office.running.facts("determination.approved.v1")}
    assert {cover["from"] for cover in published["case:00000002"]} == {"2026-12-17"}


def test_a_household_whose_assistance_ended_before_the_month_is_not_determined(office: Office) -> None:
    office.load(Ward().add(1).add(2, to="2026-11-30"))
    assert office.determined()["cases"] == 1
    assert office.determinations(2) == []


def test_where_income_is_above_need_a_determination_of_nothing_exists_and_covers_nobody(office: Office) -> None:
    office.load(Ward().add(1, {"other_income": "900000"}))
    office.determined()
    (determination,) = office.determinations(1)
    assert (determination["kinds"], determination["yen"]) == ({"livelihood": 0}, 0)
    (fact,) = office.running.facts("determination.approved.v1")
    assert fact["data"]["covers"] == []


def test_who_ends_with_the_last_day_of_the_year_has_no_year_end(office: Office) -> None:
    """期末一時扶助 is for who goes on into January (別表第1 第1章 1(2)ア)."""
    office.load(Ward().add(1).add(2, to="2026-12-31").add(3, to="2027-01-01"))
    office.determined()
    yen = [office.determinations(case)[0]["yen"] for case in (1, 2, 3)]
    assert (yen[0] - yen[1], yen[0] - yen[2]) == (14_500, 0)


def test_a_case_that_the_rules_refuse_is_named_to_those_alone_who_may_see_it(office: Office) -> None:
    office.load(Ward().add(1).add(2))
    office.running.execute(
        "INSERT INTO circumstances (case_no, person_no, fact, recorded_at, data, import_id) "
        "SELECT case_no, '0000000299', fact, "
        "recorded_at, data, import_id FROM circumstances WHERE case_no = '00000002' AND fact = 'person'",
    )
    path = f"/collective-determinations/{office.drafted()['collective_id']}"
    elsewhere = office.running.client(person="worker-9", roles=["caseworker"], districts=["09"])
    for client, named in ((elsewhere, []), (office.head, ["00000002"])):
        before = len(office.running.looks("look.v1"))
        shown = ok(client.get(path))
        assert (shown["undetermined"], [determination["case_no"] for determination in shown["refused"]]) == (1, named)
        published = [determination["data"]["subjects"] for determination in office.running.looks("look.v1")[before:]]
        assert published == ([["case:00000002", "person:0000000299"]] if named else [])


def test_a_case_that_the_rules_refuse_is_shown_and_the_others_go_on(office: Office) -> None:
    office.load(Ward().add(1).add(2))
    office.running.execute(
        "INSERT INTO circumstances (case_no, person_no, fact, recorded_at, data, import_id) "
        "SELECT case_no, '0000000299', fact, "
        "recorded_at, data, import_id FROM circumstances WHERE case_no = '00000002' AND fact = 'person'",
    )
    collective = office.determined()
    assert (collective["state"], collective["cases"]) == ("approved", 1)
    (refused,) = collective["refused"]
    assert (refused["case_no"], refused["type"]) == ("00000002", "contradiction")


def test_the_proposer_does_not_approve_and_the_hash_must_be_the_one_that_was_shown(office: Office) -> None:
    office.load(Ward().add(1))
    collective = office.drafted()
    both = office.running.client(person="demo-caseworker", roles=["caseworker", "head"])
    path = f"/collective-determinations/{collective['collective_id']}/approval"
    assert problem(both.post(path, json={"sha256": collective["sha256"]})) == "same-person 409"
    assert problem(office.approve(collective, "0" * 64)) == "determinations-moved 409"
    assert office.collective(collective["collective_id"])["state"] == "proposed"


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE determination_lines SET yen = yen + 1 WHERE kind = 'housing.rent'",
        "UPDATE determination_lines SET basis = 'その他' WHERE kind = 'housing.rent'",
        "UPDATE determination_lines SET yen = CASE kind WHEN 'housing.rent' THEN yen - 10 ELSE yen + 10 END "
        "WHERE kind IN ('housing.rent', 'livelihood.class1')",
        "UPDATE determinations SET kinds = '{\"livelihood\": 148070}'",
        "UPDATE determinations SET covers = '[]'",
        "UPDATE determinations SET standards = '2025-10-01#000000000000'",
        "DELETE FROM determination_lines WHERE determination_id IN (SELECT min(determination_id::text)::uuid "
        "FROM determinations)",
    ],
)
def test_rows_that_moved_behind_the_proposal_are_not_approved(office: Office, admin_url: str, tampering: str) -> None:
    office.load(Ward().add(1).add(2))
    collective = office.drafted()
    as_owner(office, tampering)
    assert problem(office.approve(collective)) == "determinations-moved 409"


def as_owner(office: Office, statement: str) -> None:
    import psycopg

    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute(statement)


def test_an_approval_in_the_wrong_state_is_refused(office: Office) -> None:
    office.load(Ward().add(1))
    collective_id = office.open()
    assert problem(office.approve({"collective_id": collective_id}, "0" * 64)) == "wrong-state 409"
    office.running.run_tasks()
    collective = office.collective(collective_id)
    ok(office.approve(collective), 202)
    assert problem(office.approve(collective)) == "wrong-state 409"
    unknown = {"collective_id": "00000000-0000-0000-0000-000000000000"}
    assert problem(office.approve(unknown, "0" * 64)) == "not-found 404"


def test_a_second_act_of_the_month_determines_anew_only_what_changed(office: Office) -> None:
    office.load(Ward().add(1).add(2))
    office.determined()
    (first,) = office.determinations(1)
    assert office.determined()["cases"] == 0
    correct_rent(office, 1, 40_000)
    assert office.determined()["cases"] == 1
    newest, oldest = office.determinations(1)
    assert newest["kinds"] == {**first["kinds"], "housing": 40_000}
    assert newest["replaces"] == oldest["determination_id"] == first["determination_id"]
    assert oldest["replaced_by"] == newest["determination_id"]
    published = office.running.facts("determination.approved.v1")[-1]["data"]
    assert published["replaces"] == first["determination_id"]
    assert [len(office.determinations(2)), len(office.running.facts("determination.approved.v1"))] == [1, 3]


def test_a_kind_that_falls_away_is_told_at_zero(office: Office) -> None:
    office.load(Ward().add(1))
    office.determined()
    correct_rent(office, 1, 0)
    office.determined()
    published = office.running.facts("determination.approved.v1")[-1]["data"]
    assert published["kinds"]["housing"] == 0
    assert {cover["need"] for cover in published["covers"]} == {"livelihood"}
    assert office.determined()["cases"] == 0


def test_a_newer_determination_is_told_after_the_one_that_it_replaces(office: Office) -> None:
    """Who pays takes what is told last: an older approval that is still carried out goes first."""
    office.load(Ward().add(1))
    ok(office.approve(office.drafted()), 202)
    correct_rent(office, 1, 40_000)
    reply = office.caseworker.post("/collective-determinations", json={"month": "2026-12", "reason": "monthly"})
    assert problem(reply) == "act-open 409"
    office.running.run_tasks()
    office.determined()
    published = [fact["data"] for fact in office.running.facts("determination.approved.v1")]
    assert [determination["kinds"]["housing"] for determination in published] == [53_700, 40_000]
    assert published[1]["replaces"] == published[0]["determination_id"]


def test_what_was_known_when_the_act_was_opened_is_what_is_determined(office: Office) -> None:
    office.load(Ward().add(1))
    collective_id = office.open()
    correct_rent(office, 1, 10_000)
    office.running.run_tasks()
    assert office.determinations(1)[0]["kinds"]["housing"] == 53_700
    assert office.collective(collective_id)["cases"] == 1


def test_an_office_without_cases_has_an_empty_proposal(office: Office) -> None:
    collective = office.determined()
    assert (collective["state"], collective["cases"], collective["yen"]) == ("approved", 0, 0)


def test_a_month_before_the_tables_is_refused(office: Office) -> None:
    reply = office.caseworker.post("/collective-determinations", json={"month": "2019-04", "reason": "monthly"})
    assert problem(reply) == "invalid-input 422"
    assert reply.json["field"] == "month"


def test_nobody_changes_or_deletes_what_was_decided(office: Office) -> None:
    office.load(Ward().add(1))
    office.determined()
    for table in (*APPEND_ONLY, "residents"):
        rights = office.running.execute(
            "SELECT has_any_column_privilege(:table, 'SELECT'), has_any_column_privilege(:table, 'UPDATE')", table=table
        )
        assert rights == [(True, False)], table
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(Exception, match="permission denied"):
                office.running.execute(statement)


def test_the_database_refuses_a_second_determination_of_the_same_place_in_the_chain(office: Office) -> None:
    office.load(Ward().add(1))
    office.determined()
    other = office.drafted(month="2027-01")
    with pytest.raises(Exception, match="determination_approvals_one_chain"):
        office.running.execute(
            "INSERT INTO determination_approvals SELECT determination_id, proposer, 'person:demo-head', drafted_at, "
            "case_no, '2026-12', NULL FROM determinations WHERE collective_id = CAST(:id AS uuid)",
            id=other["collective_id"],
        )


@pytest.mark.parametrize(
    ("proposer", "approver", "net"),
    [
        ("person:demo-caseworker", "person:demo-caseworker", "two_people"),
        ("person:somebody", "person:demo-caseworker", "proposer"),
    ],
)
def test_the_database_itself_refuses_one_person_in_both_parts(
    office: Office, proposer: str, approver: str, net: str
) -> None:
    office.load(Ward().add(1))
    office.drafted()
    people = {"proposer": proposer, "approver": approver}
    with pytest.raises(Exception, match=f"collective_approvals_{net}"):
        office.running.execute(
            "INSERT INTO collective_approvals SELECT collective_id, :proposer, :approver, known_at, 'x' "
            "FROM collectives",
            **people,
        )
    with pytest.raises(Exception, match=f"determination_approvals_{net}"):
        office.running.execute(
            "INSERT INTO determination_approvals SELECT determination_id, :proposer, :approver, drafted_at, case_no, "
            "month, NULL FROM determinations",
            **people,
        )


def test_a_look_is_recorded_with_its_purpose_and_asks_what_was_known(office: Office) -> None:
    office.running.clock.set(now=datetime(2026, 11, 20, 3, tzinfo=UTC))
    office.load(Ward().add(1))
    office.running.clock.set(now=datetime(2026, 11, 24, 3, tzinfo=UTC))
    correct_rent(office, 1, 40_000)
    path = "/cases/00000001?purpose=investigation&month=2026-12"
    assert ok(office.caseworker.get(path))["facts"]["rent"] == 40_000
    before = ok(office.caseworker.get(f"{path}&known_on=2026-11-23"))
    assert (before["facts"]["rent"], before["members"][0]["name"]) == (53_700, "架空 花子")
    assert problem(office.caseworker.get(f"{path}&known_on=2026-11-19")) == "not-found 404"
    assert problem(office.caseworker.get("/cases/00000001")) == "invalid-input 422"
    looks = office.running.looks("look.v1")
    assert [look["data"]["subjects"] for look in looks] == [["case:00000001", "person:0000000100"]] * 2
    assert looks[0]["data"]["purpose"] == "investigation"


def test_the_figures_are_those_of_the_newest_approved(office: Office) -> None:
    office.load(Ward().add(1, {}, {"relation": "spouse"}).add(2))
    office.determined()
    correct_rent(office, 2, 0)
    office.determined()
    asked = office.running.client(machine="ui_gateway").get("/figures?month=2026-12")
    figures = ok(asked)
    held = [office.determinations(case)[0]["yen"] for case in (1, 2)]
    assert figures["entitled_yen"] == sum(held)
    assert {name: figures[name] for name in ("households", "persons", "determinations", "approved")} == {
        "households": 2,
        "persons": 3,
        "determinations": 3,
        "approved": 3,
    }
