"""What closes a person under one number closes them under the other one too: a merge opens nobody to anybody."""

from collections.abc import Callable

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Services
from tests.case_management.merging.two_numbers import LOOK, WARDS, TwoNumbers
from tests.case_management.test_search import shield
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LEFT, LEFT_LATER = "0000000701", "0000000801"
Close = Callable[[TwoNumbers, str], None]
HER = {"name": "架空 二", "kana": "カクウ ニ", "relation": "other"}


@pytest.fixture
def desk(services: Services) -> TwoNumbers:
    desk = TwoNumbers(services.open(service))
    ward = Ward().add(7, {"name": "架空 一"}, HER, caseworker="worker-1")
    Office(desk.running).load(ward.add(8, {"name": "架空 八"}, HER))
    desk.leave(LEFT, "2026-10-31")
    desk.leave(LEFT_LATER, "2026-11-30", "00000008")
    return desk


def colleague(desk: TwoNumbers) -> Client:
    return desk.running.client(person="worker-77", roles=["caseworker"], districts=["01"])


def looks(desk: TwoNumbers, *numbers: str) -> set[int]:
    paths = [f"/residents/{number}{part}?{LOOK}" for number in numbers for part in ("", "/details")]
    return {colleague(desk).get(path).status_code for path in paths}


def merge(desk: TwoNumbers, goes: str, stays: str) -> None:
    ok(desk.approve(ok(desk.propose(goes, stays, desk.supervisor), 201), goes))


def bar(desk: TwoNumbers, case_no: str) -> None:
    body = {"from": "2026-12-01", "reason": "relative", "kind": "barred", "staff": "worker-77"}
    proposed = ok(desk.supervisor.post(f"/cases/{case_no}/restrictions", body), 201)
    path = f"/cases/{case_no}/restrictions/{proposed['restriction_id']}/approval"
    ok(desk.head.post(path, {"sha256": proposed["sha256"]}))


@pytest.mark.parametrize("close", [shield, bar], ids=["shielded", "barred"])
def test_who_left_a_closed_household_stays_closed_as_a_member_of_an_open_one(desk: TwoNumbers, close: Close) -> None:
    close(desk, "00000007")
    assert (looks(desk, LEFT), looks(desk, WARDS)) == ({403}, {200})
    merge(desk, LEFT, WARDS)
    assert looks(desk, LEFT, WARDS) == {403}
    assert desk.found(LEFT, colleague(desk)) == []


def test_who_left_a_shielded_household_and_later_an_open_one_stays_shielded(desk: TwoNumbers) -> None:
    shield(desk, "00000007")
    merge(desk, LEFT_LATER, LEFT)
    assert looks(desk, LEFT, LEFT_LATER) == {403}


def test_a_merge_of_two_open_numbers_closes_nobody(desk: TwoNumbers) -> None:
    merge(desk, LEFT, WARDS)
    assert looks(desk, LEFT, WARDS) == {200}


def test_an_emergency_opens_a_person_to_be_seen_and_not_to_be_merged_or_distinguished(desk: TwoNumbers) -> None:
    shield(desk, "00000001")
    elsewhere = desk.running.client(person="worker-5", roles=["caseworker"], districts=["05"])
    body = {"name": "架空 花子", "kana": "カクウ ハナコ", "reason": "outside_the_register"}
    own = ok(elsewhere.post("/residents", body), 201)["person_no"]
    asked = {"subject": f"person:{WARDS}", "reason": "danger_to_life", "words": "合成の理由"}
    ok(elsewhere.post("/break-glass", asked), 201)
    ok(elsewhere.get(f"/residents/{WARDS}?{LOOK}"))
    distinguished = elsewhere.post(f"/residents/{WARDS}/distinctions", {"other": own, "words": "別の人"})
    assert problem(distinguished) == problem(desk.propose(WARDS, own, elsewhere)) == "not-permitted 403"
