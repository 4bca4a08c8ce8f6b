"""The edges of households by hand: nobody is in two, nobody is read by who may not, nothing ends in silence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, Services
from tests.case_management.intake.desk import ASKED
from tests.case_management.intake.test_opened_cases import HER, SELF, Investigated, newest
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LOOK = "purpose=casework"
CHILD = {"person_no": "0000000701", "birth_date": "2015-05-01", "relation": "child", "name": "架空 次郎"}
CELLS = {"birth_date": "2015-05-01", "relation": "child"}


@pytest.fixture
def desk(services: Services) -> Investigated:
    office = Office(services.open(service))
    office.running.clock.set(today=date(2026, 12, 1))
    office.load(Ward().add(1).add(7, {}, CHILD).add(4, {"name": "余所 花子"}, district="02"))
    return Investigated(office)


@pytest.fixture
def colleague(desk: Investigated) -> Client:
    return desk.running.client(person="cw-7", roles=["caseworker"], districts=["01"])


def leave(desk: Investigated, person_no: str, last_day: str) -> Reply:
    body = {"last_day": last_day, "reason": "moved_out", "seen": newest(desk, "00000007")}
    return desk.caseworker.post(f"/cases/00000007/members/{person_no}/end", body)


def join(desk: Investigated, case_no: str, person_no: str, **changes: Any) -> Reply:
    body = {"person_no": person_no, "cells": CELLS, "from": "2026-12-11", "reason": "declaration"}
    return desk.caseworker.post(f"/cases/{case_no}/members", {**body, "seen": newest(desk, case_no), **changes})


def test_who_is_in_a_household_elsewhere_is_answered_like_who_is_on_no_register(desk: Investigated) -> None:
    replies = [join(desk, "00000001", number) for number in ("0000000400", "5555555555")]
    assert [(problem(reply), reply.json["detail"]) for reply in replies] == [
        ("not-found 404", "この宛名番号の人は登録されていません")
    ] * 2
    assert "余所" not in str(desk.case("00000001"))


def test_a_correction_brings_nobody_back_who_joined_another_household(desk: Investigated) -> None:
    ok(leave(desk, "0000000701", "2026-12-10"), 201)
    ok(join(desk, "00000001", "0000000701"), 201)
    items = ok(desk.caseworker.get(f"/cases/00000007/circumstances?{LOOK}"))["items"]
    ended = next(
        row for row in items if row["person_no"] == "0000000701" and row["corrects"] and row["fact"] == "person"
    )
    body: dict[str, Any] = {"fact": "person", "person_no": "0000000701", "cells": CELLS, "corrects": ended["number"]}
    body |= {"reason": "mistake", "seen": items[-1]["number"]}
    assert problem(desk.caseworker.post("/cases/00000007/circumstances", body)) == "wrong-state 409"


def test_the_last_member_of_a_household_on_assistance_leaves_by_a_decision_alone(desk: Investigated) -> None:
    ok(leave(desk, "0000000701", "2026-12-10"), 201)
    assert problem(leave(desk, "0000000700", "2026-12-10")) == "wrong-state 409"


def test_no_fact_of_a_person_holds_after_they_left(desk: Investigated) -> None:
    ok(leave(desk, "0000000701", "2026-12-10"), 201)
    cells = {"earned_income": "80000"}
    body: dict[str, Any] = {"fact": "income", "person_no": "0000000701", "cells": cells, "from": "2026-12-05"}
    body |= {"reason": "investigation", "seen": newest(desk, "00000007")}
    refused = desk.caseworker.post("/cases/00000007/circumstances", body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "to")
    ok(desk.caseworker.post("/cases/00000007/circumstances", {**body, "to": "2026-12-10"}), 201)


def test_who_joins_a_household_on_assistance_joins_on_a_day(desk: Investigated) -> None:
    body = {"resident": HER, "cells": {**SELF, "relation": "spouse"}, "reason": "declaration"}
    refused = desk.caseworker.post("/cases/00000001/members", {**body, "seen": newest(desk, "00000001")})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "from")


def test_who_is_a_member_is_added_once_and_nothing_that_is_known_of_them_is_lost(desk: Investigated) -> None:
    case_no, person = desk.open(desk.apply()["no"]), desk.enter()
    ok(join(desk, case_no, person, cells={**CELLS, "disability": "a"}), 201)
    before = desk.case(case_no)
    for first in ("2026-12-11", "2026-12-20", None):
        refused = join(desk, case_no, person, **{"from": first})
        assert (problem(refused), refused.json["field"]) == ("wrong-state 409", "person_no")
        assert "令和8年12月11日" in refused.json["detail"]
        assert "世帯員の変更" in refused.json["detail"]
    assert desk.case(case_no) == before
    assert "開始のとき" in join(desk, "00000007", "0000000701").json["detail"]


def test_who_left_a_household_comes_back_after_that_day(desk: Investigated) -> None:
    ok(leave(desk, "0000000701", "2026-12-10"), 201)
    assert problem(join(desk, "00000007", "0000000701", **{"from": "2026-12-10"})) == "wrong-state 409"
    ok(join(desk, "00000007", "0000000701"), 201)


def test_an_application_that_is_shielded_later_shields_its_case(desk: Investigated, colleague: Client) -> None:
    applied = desk.apply(district="01")
    case_no = desk.open(applied["no"])
    ok(colleague.get(f"/cases/{case_no}?{LOOK}"))
    body = {**ASKED, "shielded": True, "district": "01", "follows": applied["entry_id"], "change": "correction"}
    content = {**ASKED["content"], "why": "支援措置の申出"}
    ok(desk.interviewer.post(f"/applications/{applied['no']}/entries", {**body, "content": content}), 201)
    assert problem(colleague.get(f"/cases/{case_no}?{LOOK}")) == "out-of-scope 403"


def test_a_restriction_from_a_later_day_opens_no_shielded_case_until_then(
    desk: Investigated, colleague: Client
) -> None:
    case_no = desk.open(desk.apply(shielded=True, district="01")["no"])
    body = {"from": "2026-12-20", "reason": "notice", "kind": "shielded"}
    proposed = ok(desk.supervisor.post(f"/cases/{case_no}/restrictions", body), 201)
    path = f"/cases/{case_no}/restrictions/{proposed['restriction_id']}/approval"
    ok(desk.head.post(path, {"sha256": proposed["sha256"]}))
    assert problem(colleague.get(f"/cases/{case_no}?{LOOK}")) == "out-of-scope 403"


def test_a_shielded_applicant_has_a_caseworker_from_the_first_moment_on(desk: Investigated) -> None:
    number = desk.apply(shielded=True, district="01")["no"]
    refused = desk.interviewer.post(f"/applications/{number}/case", {"district": "01"})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "caseworker")


def test_before_the_day_on_which_it_was_opened_there_is_no_case(desk: Investigated) -> None:
    desk.running.clock.set(now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    case_no = desk.open(desk.apply()["no"])
    for path in (f"/cases/{case_no}", f"/cases/{case_no}/overview"):
        early = desk.caseworker.get(f"{path}?{LOOK}&known_on=2026-11-30")
        assert (problem(early), early.json["detail"]) == (
            "not-found 404",
            "この日には、このケースはまだ知られていません",
        )
        ok(desk.caseworker.get(f"{path}?{LOOK}&known_on=2026-12-01"))


def test_an_address_that_is_protected_afterwards_stands_in_no_list(desk: Investigated) -> None:
    number = desk.enter()
    body = {"fact": "address", "kind": "living", "content": {"text": "秘密町1-2-3"}, "reason": "declaration"}
    first = ok(desk.interviewer.post(f"/residents/{number}/details", body), 201)["detail_id"]
    ok(desk.interviewer.post(f"/residents/{number}/details", {**body, "protected": True, "corrects": first}), 201)
    assert "秘密町" not in desk.interviewer.get(f"/residents/{number}/details?{LOOK}").content.decode()


def test_who_left_shows_a_protected_address_to_the_former_household_no_more(desk: Investigated) -> None:
    ok(leave(desk, "0000000701", "2026-11-30"), 201)
    body = {"fact": "address", "kind": "living", "content": {"text": "新町9-9"}, "protected": True}
    path = "/residents/0000000701/details"
    detail = ok(desk.interviewer.post(path, {**body, "reason": "declaration"}), 201)["detail_id"]
    assert problem(desk.caseworker.get(f"{path}/{detail}?{LOOK}")) == "out-of-scope 403"


def test_a_hand_over_before_the_standing_one_is_refused_and_the_page_shows_who_is_in_charge_today(
    desk: Investigated,
) -> None:
    case_no = desk.open(desk.apply()["no"])
    body = {"district": "01", "caseworker": "cw-5", "from": "2026-11-20", "seen": newest(desk, case_no)}
    assert problem(desk.supervisor.post(f"/cases/{case_no}/charges", body)) == "invalid-input 422"
    ok(desk.supervisor.post(f"/cases/{case_no}/charges", {**body, "from": "2026-12-20"}), 201)
    assert desk.case(case_no)["facts"]["caseworker"] == "cw-9"


def test_a_shielded_case_is_handed_over_to_somebody_and_not_to_a_district(desk: Investigated) -> None:
    case_no = desk.open(desk.apply(shielded=True, district="01")["no"])
    body = {"district": "01", "from": "2026-12-02", "seen": newest(desk, case_no)}
    refused = desk.supervisor.post(f"/cases/{case_no}/charges", body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "caseworker")
    ok(desk.supervisor.post(f"/cases/{case_no}/charges", {**body, "caseworker": "cw-5"}), 201)
