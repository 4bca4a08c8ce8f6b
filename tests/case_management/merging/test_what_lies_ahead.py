"""What lies ahead (期限の到来) is of a person, by whichever of their numbers it was recorded."""

from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.merging.two_numbers import HERE, LOOK, WARDS, TwoNumbers
from tests.decisions.ward import Office, Ward, ok

pytestmark = pytest.mark.database
TWICE = {"name": "渡辺 花子", "kana": "ワタナベ ハナコ", "birth_date": "1951-12-20"}


@pytest.fixture
def desk(services: Services) -> TwoNumbers:
    return TwoNumbers(services.open(service))


def ahead(desk: TwoNumbers) -> list[tuple[Any, ...]]:
    items = ok(desk.head.get(f"/upcoming?{LOOK}"))["items"]
    return [(item["on"], item["certificate"] or item["age"], item["person_no"]) for item in items]


def paper(desk: TwoNumbers, number: str, expires_on: str | None, **changes: Any) -> None:
    body = {"fact": "certificate", "kind": "residence_card", "reason": "certificate", "content": {"text": "交付"}}
    body |= {"expires_on": expires_on} if expires_on else {}
    ok(desk.interviewer.post(f"/residents/{number}/details", {**body, **changes}), 201)


def test_a_paper_of_the_old_number_is_due_until_it_is_renewed_under_the_other(desk: TwoNumbers) -> None:
    paper(desk, HERE, "2026-12-15")
    assert ahead(desk) == []
    desk.merged()
    assert ahead(desk) == [("2026-12-15", "residence_card", WARDS)]
    paper(desk, WARDS, "2031-01-15", to="2026-11-30")
    assert len(ahead(desk)) == 1, "that one was held until November"
    paper(desk, WARDS, "2031-12-15")
    assert ahead(desk) == []


def test_a_paper_that_was_recorded_under_both_numbers_is_due_once(desk: TwoNumbers) -> None:
    for number in (HERE, WARDS):
        paper(desk, number, "2026-12-15")
    desk.merged()
    assert ahead(desk) == [("2026-12-15", "residence_card", WARDS)]


def test_a_paper_without_an_end_renews_one_of_the_other_number(desk: TwoNumbers) -> None:
    paper(desk, HERE, "2026-12-15")
    desk.merged()
    paper(desk, WARDS, None)
    assert ahead(desk) == []


def test_an_age_is_reached_once(desk: TwoNumbers) -> None:
    Office(desk.running).load(Ward().add(7, {"name": "架空 一"}, {**TWICE, "relation": "other"}).add(8, TWICE))
    desk.leave("0000000701", "2026-11-20")
    before = ahead(desk)
    desk.merged("0000000701", "0000000800")
    assert ahead(desk) == before == [("2026-12-20", 75, "0000000800")]
