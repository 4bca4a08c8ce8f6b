"""A case from its application on (ケースの付番): it has a number and facts, and is on assistance for nobody yet."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from services.case_management.adapters.deciding import FIRST_OWN_CASE, LAST_OWN_CASE
from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.case_management.intake.desk import ASKED, Desk
from tests.case_management.registry import Registry, item
from tests.decisions.ward import Office, Ward, ok, problem

HER = {"name": "架空 花子", "kana": "カクウ ハナコ", "reason": "outside_the_register"}
HOME = {"prefecture": "東京都", "municipality": "新宿区", "grade": "1級地-1", "rent": "53700"}
SELF = {"birth_date": "1979-05-01", "relation": "self"}


class Investigated(Desk):
    """A desk, and the caseworker of district 01."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.running)
        self.office = office
        self.caseworker: Client = office.running.client(person="cw-9", roles=["caseworker"], districts=["01"])
        self.elsewhere: Client = office.running.client(person="cw-8", roles=["caseworker"], districts=["02"])

    def open(self, number: str, **changes: Any) -> str:
        """Open a case for an application."""
        body = {"district": "01", "caseworker": "cw-9", **changes}
        return str(ok(self.interviewer.post(f"/applications/{number}/case", body), 201)["case_no"])

    def enter(self, **changes: Any) -> str:
        """Enter her into the register."""
        return str(ok(self.interviewer.post("/residents", {**HER, **changes}), 201)["person_no"])

    def record(self, case_no: str, fact: str, cells: dict[str, str], person_no: str | None = None) -> None:
        """Record a fact of the case after all that is on record."""
        items = ok(self.caseworker.get(f"/cases/{case_no}/circumstances?purpose=casework"))["items"]
        body = {"fact": fact, "person_no": person_no, "cells": cells, "reason": "investigation"}
        body |= {"seen": items[-1]["number"], "from": "2026-12-01"}
        ok(self.caseworker.post(f"/cases/{case_no}/circumstances", body), 201)

    def case(self, case_no: str) -> dict[str, Any]:
        """The case as its caseworker sees it."""
        return ok(self.caseworker.get(f"/cases/{case_no}?purpose=casework"))


@pytest.fixture
def desk(services: Services) -> Investigated:
    office = Office(services.open(service))
    office.running.clock.set(today=date(2026, 12, 1))
    office.load(Ward().add(1))
    return Investigated(office)


pytestmark = pytest.mark.database


def test_an_application_gets_the_next_case_number_and_its_caseworker_sees_it(desk: Investigated) -> None:
    number = desk.apply()["no"]
    case_no = desk.open(number)
    assert case_no == str(FIRST_OWN_CASE)
    assert desk.application(number)["opened_case_no"] == case_no
    case = desk.case(case_no)
    assert (case["application_no"], case["members"], case["facts"]["district"]) == (number, [], "01")
    assert problem(desk.elsewhere.get(f"/cases/{case_no}?purpose=casework")) == "out-of-scope 403"


def test_an_application_has_one_case_however_often_two_people_click(desk: Investigated) -> None:
    number = desk.apply()["no"]
    path, body = f"/applications/{number}/case", {"district": "01"}
    replies = at_once(
        desk.running.runtime.engine,
        lambda: desk.interviewer.post(path, body),
        lambda: desk.supervisor.post(path, body),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    assert (ok(replies.first, 201)["case_no"], problem(replies.second)) == (str(FIRST_OWN_CASE), "wrong-state 409")
    assert replies.second.json["case_no"] == desk.application(number)["opened_case_no"]


def test_a_wards_next_household_and_the_desks_next_case_never_meet(desk: Investigated) -> None:
    assert desk.open(desk.apply()["no"]) == str(FIRST_OWN_CASE)
    desk.office.load(Ward().add(2).add(99_999_999, {"person_no": "0000000777"}))
    assert desk.open(desk.apply()["no"]) == str(FIRST_OWN_CASE + 1)


def test_a_wards_file_brings_no_case_number_of_the_desks_own_range(desk: Investigated) -> None:
    refused = desk.office.propose(Ward().add(LAST_OWN_CASE, {"person_no": "0000000777"}))
    assert problem(refused) == "import-faults 422"
    assert [(entry["line"], entry["column"]) for entry in refused.json["faults"]] == [(2, "case_no")]


def test_the_desk_says_so_where_no_case_number_is_left(desk: Investigated) -> None:
    desk.running.execute(
        "INSERT INTO cases SELECT (jsonb_populate_record(c, "
        f"jsonb_build_object('case_no', '{LAST_OWN_CASE}'))).* FROM cases c WHERE case_no = '00000001'"
    )
    refused = desk.interviewer.post(f"/applications/{desk.apply()['no']}/case", {"district": "01"})
    assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "case_no")


def test_neither_a_withdrawn_application_nor_a_change_becomes_a_case(desk: Investigated) -> None:
    withdrawn = desk.apply()["no"]
    ok(desk.interviewer.post(f"/applications/{withdrawn}/withdrawal", {"on": "2026-12-01"}))
    change = desk.apply(kind="change", case_no="00000001")["no"]
    support = desk.apply(programme="support_benefit")["no"]
    for number in (withdrawn, change, support):
        refused = desk.interviewer.post(f"/applications/{number}/case", {"district": "01"})
        assert problem(refused) == "wrong-state 409"


def test_an_application_with_a_case_stays_a_start_under_its_law(desk: Investigated) -> None:
    applied = desk.apply()
    case_no = desk.open(applied["no"])
    body = {**ASKED, "follows": applied["entry_id"], "change": "correction"}
    body["content"] = {**ASKED["content"], "why": "誤記"}
    path = f"/applications/{applied['no']}/entries"
    for changes in ({"programme": "support_benefit"}, {"kind": "change", "case_no": "00000001"}):
        assert problem(desk.interviewer.post(path, {**body, **changes})) == "wrong-state 409"
    ok(desk.interviewer.post(path, body), 201)
    change = {**ASKED, "kind": "change", "case_no": case_no}
    assert problem(desk.interviewer.post("/applications", change)) == "wrong-state 409", "nothing is given yet"


def test_a_wards_file_may_name_somebody_under_investigation_elsewhere(desk: Investigated) -> None:
    person, case_no = desk.enter(person_no="0000000901"), desk.open(desk.apply()["no"])
    desk.record(case_no, "person", SELF, person)
    ward = Ward().add(9, {"person_no": person}).add(10)
    assert [entry["line"] for entry in desk.office.propose(ward).json["faults"]] == [2]
    elsewhere = ok(desk.elsewhere.post("/imports", files=ward.files()), 201)
    assert desk.office.approve_import(elsewhere)["state"] == "approved"


def test_facts_come_in_any_order_and_no_act_of_the_month_touches_the_case(desk: Investigated) -> None:
    case_no, person = desk.open(desk.apply()["no"]), desk.enter()
    desk.record(case_no, "person", {**SELF, "lone_parent": "1"}, person)
    desk.record(case_no, "home", HOME)
    desk.record(case_no, "income", {"earned_income": "80000"}, person)
    case = desk.case(case_no)
    assert case["members"][0]["name"] == HER["name"]
    assert (case["facts"]["rent"], case["members"][0]["facts"]["earned_income"]) == (53_700, 80_000)
    desk.office.determined()
    figures = ok(desk.running.client(machine="ui_gateway").get("/figures?month=2026-12"))
    assert (figures["on_assistance"], figures["determined"], figures["under_investigation"]) == (1, 1, 1)


def test_only_the_first_fact_of_a_case_under_investigation_holds_since_ever(desk: Investigated) -> None:
    case_no = desk.open(desk.apply()["no"])
    for rent, answer in (("53700", 201), ("50000", 422)):
        body = {"fact": "home", "cells": {**HOME, "rent": rent}, "reason": "investigation"}
        reply = desk.caseworker.post(f"/cases/{case_no}/circumstances", {**body, "seen": newest(desk, case_no)})
        assert reply.status_code == answer
    assert (reply.json["field"], desk.case(case_no)["facts"]["rent"]) == ("from", 53_700)


def test_a_shielded_applicant_is_shielded_from_the_first_moment_on(desk: Investigated) -> None:
    number = desk.apply(shielded=True, district="01")["no"]
    case_no = desk.open(number, caseworker="cw-9")
    other = desk.running.client(person="cw-7", roles=["caseworker"], districts=["01"])
    assert problem(other.get(f"/cases/{case_no}?purpose=casework")) == "out-of-scope 403"
    assert desk.case(case_no)["case_no"] == case_no


def test_the_register_names_the_cases_that_its_reader_may_see(desk: Investigated) -> None:
    mine, elsewhere = desk.open(desk.apply()["no"]), desk.open(desk.apply()["no"], district="02")
    span = "from=2026-04-01&to=2027-03-31&purpose=casework"
    rows = ok(desk.caseworker.get(f"/cases?{span}"))["items"]
    assert [row["case_no"] for row in rows] == [mine]
    assert [row["case_no"] for row in ok(desk.head.get(f"/cases?{span}"))["items"]] == [mine, elsewhere]


def test_a_case_goes_over_on_a_day_and_the_past_stays_with_who_had_it(desk: Investigated) -> None:
    case_no = desk.open(desk.apply()["no"])
    seen = ok(desk.caseworker.get(f"/cases/{case_no}/circumstances?purpose=casework"))["items"][-1]["number"]
    body = {"district": "02", "caseworker": "cw-8", "from": "2026-12-10", "seen": seen}
    assert problem(desk.caseworker.post(f"/cases/{case_no}/charges", body)) == "not-permitted 403"
    ok(desk.supervisor.post(f"/cases/{case_no}/charges", body), 201)
    assert problem(desk.supervisor.post(f"/cases/{case_no}/charges", body)) == "changed-meanwhile 409"
    assert desk.case(case_no)["case_no"] == case_no
    desk.running.clock.set(today=date(2026, 12, 10))
    assert problem(desk.caseworker.get(f"/cases/{case_no}?purpose=casework")) == "out-of-scope 403"
    assert ok(desk.elsewhere.get(f"/cases/{case_no}?purpose=casework"))["case_no"] == case_no


def test_a_case_goes_to_nobody_whom_the_register_of_assignments_does_not_know(desk: Investigated) -> None:
    registry = Registry(desk.running)
    registry.assign(item("cw-9", districts=["01"]), item("cw-8", districts=["02"]))
    number = desk.apply()["no"]
    for staff in ("cw-99", "cw-8"):
        refused = desk.interviewer.post(f"/applications/{number}/case", {"district": "01", "caseworker": staff})
        assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "caseworker")
        assert "cw-9" in refused.json["detail"], "who may be named is said"
    case_no = desk.open(number)
    body = {"district": "02", "caseworker": "demo-casewroker", "from": "2026-12-10", "seen": newest(desk, case_no)}
    assert problem(desk.supervisor.post(f"/cases/{case_no}/charges", body)) == "invalid-input 422"
    ok(desk.supervisor.post(f"/cases/{case_no}/charges", {**body, "caseworker": "cw-8"}), 201)


def newest(desk: Investigated, case_no: str) -> int:
    items = ok(desk.caseworker.get(f"/cases/{case_no}/circumstances?purpose=casework"))["items"]
    return int(items[-1]["number"])


def test_somebody_unknown_becomes_a_member_and_a_resident_in_one_act_or_in_none(desk: Investigated) -> None:
    case_no = desk.open(desk.apply()["no"])
    body = {"resident": HER, "cells": {"birth_date": "someday"}, "reason": "application", "seen": newest(desk, case_no)}
    before = desk.running.execute("SELECT count(*) FROM residents")
    assert problem(desk.caseworker.post(f"/cases/{case_no}/members", body)) == "invalid-input 422"
    assert desk.running.execute("SELECT count(*) FROM residents") == before
    ok(desk.caseworker.post(f"/cases/{case_no}/members", {**body, "cells": SELF}), 201)
    assert [member["name"] for member in desk.case(case_no)["members"]] == [HER["name"]]


def test_what_cannot_be_read_says_nothing_of_who_is_on_the_register(desk: Investigated) -> None:
    case_no = desk.open(desk.apply()["no"])
    body = {"resident": HER, "cells": {"birth_date": "someday"}, "reason": "application", "seen": newest(desk, case_no)}
    stale = {**body, "cells": SELF, "seen": 0}
    for wrong, answer in ((body, "invalid-input 422"), (stale, "changed-meanwhile 409")):
        for number in ("0000000100", "0000000499"):
            reply = desk.caseworker.post(f"/cases/{case_no}/members", {**wrong, "person_no": number})
            assert problem(reply) == answer


def test_neither_a_number_nor_a_name_is_nobody(desk: Investigated) -> None:
    case_no = desk.open(desk.apply()["no"])
    body = {"cells": SELF, "reason": "application", "seen": newest(desk, case_no)}
    assert problem(desk.caseworker.post(f"/cases/{case_no}/members", body)) == "invalid-input 422"


def test_who_left_is_no_member_after_that_day_and_the_past_has_them(desk: Investigated) -> None:
    child = {"person_no": "0000000101", "birth_date": "2015-05-01", "relation": "child", "name": "架空 次郎"}
    desk.office.load(Ward().add(3, {}, {**child, "case_no": "00000003", "earned_income": "5000"}))
    path, last_day = "/cases/00000003", "2026-12-10"
    body = {"last_day": last_day, "reason": "moved_out", "seen": newest(desk, "00000003")}
    ok(desk.caseworker.post(f"{path}/members/0000000101/end", body), 201)
    count = {
        month: len(ok(desk.caseworker.get(f"{path}?purpose=casework&month={month}"))["members"])
        for month in ("2026-11", "2026-12", "2027-01")
    }
    assert count == {"2026-11": 2, "2026-12": 2, "2027-01": 1}
    body["seen"] = newest(desk, "00000003")
    assert problem(desk.caseworker.post(f"{path}/members/0000000101/end", body)) == "not-found 404"


def test_who_left_may_join_another_household_and_the_former_caseworker_learns_nothing_of_it(desk: Investigated) -> None:
    child = {"person_no": "0000000301", "birth_date": "2015-05-01", "relation": "child", "name": "架空 次郎"}
    desk.office.load(Ward().add(3, {}, child, district="02"))
    case_no = desk.open(desk.apply()["no"])
    joins: dict[str, Any] = {
        "person_no": child["person_no"],
        "cells": {"birth_date": "2015-05-01", "relation": "child"},
    }
    joins |= {"from": "2026-11-20", "reason": "declaration", "seen": newest(desk, case_no)}
    both = desk.running.client(person="cw-5", roles=["caseworker"], districts=["01", "02"])
    assert problem(both.post(f"/cases/{case_no}/members", joins)) == "wrong-state 409"
    items = ok(desk.elsewhere.get("/cases/00000003/circumstances?purpose=casework"))["items"]
    leaves = {"last_day": "2026-11-19", "reason": "moved_out", "seen": items[-1]["number"]}
    ok(desk.elsewhere.post("/cases/00000003/members/0000000301/end", leaves), 201)
    assert ok(desk.elsewhere.get("/residents/0000000301?purpose=casework"))["case_nos"] == ["00000003"]
    ok(both.post(f"/cases/{case_no}/members", joins), 201)
    assert problem(desk.elsewhere.get("/residents/0000000301?purpose=casework")) == "out-of-scope 403"
    assert ok(desk.caseworker.get("/residents/0000000301?purpose=casework"))["case_nos"] == [case_no]


def test_a_case_is_its_caseworkers_from_the_first_minute_with_who_applied_and_until_when_to_decide(
    desk: Investigated,
) -> None:
    number = desk.apply()["no"]
    case_no = desk.open(number)
    other = desk.open(desk.apply()["no"], caseworker="cw-7")
    load = ok(desk.caseworker.get("/caseload?purpose=casework"))["items"]
    shown = {item["case_no"]: (item["name"], item["persons"], item["application_no"]) for item in load}
    assert shown[case_no] == ("架空 花子", 0, number)
    assert shown[other][:2] == ("架空 花子", 0)
    assert case_no not in str(ok(desk.elsewhere.get("/caseload?purpose=casework")))
    due = ok(desk.caseworker.get("/applications/open?purpose=casework"))["items"]
    assert [(item["application_no"], item["decide_by"]) for item in due] == [(number, "2026-12-15")]
    for typed in (case_no, number, "架空 花子", "かくう"):
        hits = ok(desk.caseworker.get(f"/search?q={quote(typed)}&purpose=casework"))["items"]
        applied = [hit for hit in hits if hit["kind"] == "application"]
        assert [[case["case_no"] for case in hit["cases"]] for hit in applied] == [[case_no]], typed
    assert problem(desk.elsewhere.get(f"/applications/{number}?purpose=casework")) == "out-of-scope 403"


def test_an_application_without_a_case_is_of_the_desk_alone_and_who_received_it_keeps_it(desk: Investigated) -> None:
    number = desk.apply(district="01", shielded=True)["no"]
    path = f"/applications/{number}?purpose=casework"
    assert problem(desk.caseworker.get(path)) == "out-of-scope 403"
    desk.open(number)
    assert ok(desk.caseworker.get(path))["application_no"] == number
    assert ok(desk.interviewer.get(path))["application_no"] == number
    assert problem(desk.other.get(path)) == "out-of-scope 403"


def test_a_caseworker_has_the_households_of_the_district_in_the_order_of_their_readings(desk: Investigated) -> None:
    desk.office.load(
        Ward()
        .add(5, {"name": "渡 一", "kana": "ワタリ ハジメ"}, {"person_no": "0000000599", "relation": "child"})
        .add(6, {"name": "阿部 二", "kana": "アベ ジロウ"})
        .add(7, {"name": "別 三", "kana": "ベツ サブロウ"}, district="02")
    )
    opened = desk.open(desk.apply()["no"])
    desk.record(opened, "person", SELF, desk.enter(name="真中 花", kana="マナカ ハナ"))
    load = ok(desk.caseworker.get("/caseload?purpose=casework"))
    assert load["districts"] == ["01"]
    shown = [(item["kana"], item["persons"], bool(item["application_no"])) for item in load["items"]]
    assert shown == [
        ("アベ ジロウ", 1, False),
        ("カクウ ハナコ", 1, False),
        ("マナカ ハナ", 1, True),
        ("ワタリ ハジメ", 2, False),
    ]
    assert ok(desk.caseworker.get("/caseload?purpose=casework&district=02"))["items"] == []
    assert ok(desk.head.get("/caseload?purpose=review"))["districts"] == []
    assert len(ok(desk.head.get("/caseload?purpose=review&district=02"))["items"]) == 1
