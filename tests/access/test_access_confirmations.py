"""Confirmations behind approvals: fresh, by the person, for just this hash, once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.confirmations import StepUp
from shared.service_kit.http.routing import Routes
from shared.service_kit.testing import RunningService, stepped_up
from tests.access.cases import HASH, OTHER, approver

pytestmark = pytest.mark.database


def test_an_approval_cannot_be_written_without_a_hash() -> None:
    careless = Routes("careless")
    with pytest.raises(TypeError, match="names no sha256"):
        careless.post("/approval", permission="run.approve", approval=True)(lambda work: {})


def test_an_approval_needs_a_confirmation_of_the_last_five_minutes_for_just_this_hash(running: RunningService) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    ahead = datetime.now(UTC) + timedelta(minutes=6)
    for claims in ({}, stepped_up(OTHER), stepped_up(HASH, at=long_ago), stepped_up(HASH, at=ahead)):
        reply = approver(running, **claims).post("/approval", {"sha256": HASH})
        assert (reply.status_code, reply.json["type"]) == (401, "/problems/step-up-required")
    assert approver(running, **stepped_up(OTHER, HASH)).post("/approval", {"sha256": HASH}).status_code == 200
    assert len(running.looks("refusal.v1")) == 4


def confirmed(running: RunningService, at: datetime) -> int:
    return approver(running, **stepped_up(HASH, at=at)).post("/approval", {"sha256": HASH}).status_code


@pytest.mark.parametrize("apart", [-240, -60, 60, 240])
def test_clocks_that_are_minutes_apart_lock_nobody_out(running: RunningService, apart: int) -> None:
    """The provider's clock is ahead of this service's, or behind it; or this service's was turned by as much."""
    theirs = datetime.now(UTC) + timedelta(seconds=apart)
    made = {"iat": int(theirs.timestamp()), "exp": int(theirs.timestamp()) + 300}
    client = approver(running, **stepped_up(HASH, at=theirs), **made)
    assert client.post("/approval", {"sha256": HASH}).status_code == 200


def test_a_clock_that_goes_back_makes_no_old_confirmation_fresh_again(running: RunningService) -> None:
    """Six minutes old by the provider's clock, whose newer tokens this service has seen."""
    now = datetime.now(UTC)
    running.clock.set(now=now - timedelta(minutes=4))
    assert confirmed(running, now - timedelta(minutes=6)) == 401
    assert confirmed(running, now - timedelta(minutes=4)) == 200
    running.clock.set(now=now - timedelta(hours=2))
    assert confirmed(running, now - timedelta(minutes=1)) == 401, "nobody knows what time it is"


def test_a_confirmation_serves_once_but_its_answer_is_given_again(running: RunningService) -> None:
    person = approver(running, **stepped_up(HASH))
    assert person.post("/approval", {"sha256": HASH}, key="key-00000001").status_code == 200
    assert person.post("/approval", {"sha256": HASH}, key="key-00000001").status_code == 200
    replayed = person.post("/approval", {"sha256": HASH}, key="key-00000002")
    assert (replayed.status_code, replayed.json["type"]) == (401, "/problems/step-up-required")
    assert len(running.execute("SELECT * FROM step_ups")) == 1


ODD = st.none() | st.text() | st.integers() | st.lists(st.text() | st.dictionaries(st.just("type"), st.text()))


@given(st.dictionaries(st.sampled_from(["acr", "step_up", "auth_time", "authorization_details"]), ODD))
def test_odd_claims_confirm_nothing(claims: dict[str, object]) -> None:
    step_up = StepUp.of({"acr": "step-up", "step_up": "1", "auth_time": 1, **claims})
    assert step_up is None or step_up.approves == frozenset()
