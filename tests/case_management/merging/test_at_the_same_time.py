"""Whoever acts on a number while another person approves its merge is refused with the number to use."""

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.merging.two_numbers import HER, HERE, PHONE, WARDS, TwoNumbers
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database


@pytest.fixture
def desk(services: Services) -> TwoNumbers:
    return TwoNumbers(services.open(service))


@pytest.mark.parametrize("act", ["detail", "name", "two_people"])
def test_nothing_lands_on_a_number_that_is_being_merged(desk: TwoNumbers, act: str) -> None:
    follows = desk.resident(HERE)["entries"][-1]["number"]
    path, body = {
        "detail": (f"/residents/{HERE}/details", {**PHONE, "content": {"text": "03-1111-2222"}}),
        "name": (f"/residents/{HERE}/entries", {**HER, "follows": follows}),
        "two_people": (f"/residents/{WARDS}/distinctions", {"other": HERE, "words": "別人"}),
    }[act]
    proposed = ok(desk.propose(), 201)
    replies = at_once(
        desk.running.runtime.engine,
        lambda: desk.approve(proposed),
        lambda: desk.interviewer.post(path, body),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    ok(replies.first)
    assert problem(replies.second) == "wrong-state 409"
