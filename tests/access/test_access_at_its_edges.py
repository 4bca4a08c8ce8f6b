"""Emergency access, confirmations and scopes at the very second, number and letter at which they begin and end."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.payments.app import service
from shared.access.confirmations import StepUp, use_step_up
from shared.access.emergencies import Emergency, TooManyEmergenciesError, open_in_emergency, recent_uses, uses_between
from shared.access.records import OutOfScopeError, Record, check_record, may_see
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.testing import RunningService, Services

pytestmark = pytest.mark.database
NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
HASH = "a" * 64
SECOND = timedelta(seconds=1)
BODY = {"subject": "case:00000001", "reason": "danger_to_life", "words": "合成の理由"}


@pytest.fixture
def running(services: Services) -> RunningService:
    opened = services.open(service, emergencies_an_hour=3)
    opened.clock.set(now=NOON)
    return opened


def open_at(running: RunningService, at: datetime, case_no: str = "00000001", actor: str = "person:worker-1") -> UUID:
    """Break the glass for a case at an instant."""
    running.clock.set(now=at)
    with running.work(actor) as work:
        body = Emergency.model_validate({**BODY, "subject": f"case:{case_no}"})
        return open_in_emergency(work, body, lambda work, **of: Record(body.subject)).break_glass_id


@pytest.mark.parametrize("words", ["あいうああ", "あいう、かき", "ab cd e"])
def test_five_letters_of_which_three_differ_say_why(words: str) -> None:
    assert Emergency.model_validate({**BODY, "words": words}).words == words


@pytest.mark.parametrize("words", ["あいああああああ", "あいうえ。。。。", "abcd 12345", "ab\u200bcde"])
def test_fewer_letters_or_two_of_them_again_and_again_say_nothing(words: str) -> None:
    with pytest.raises(ValidationError):
        Emergency.model_validate({**BODY, "words": words})


def test_the_register_lists_the_emergencies_of_the_span_that_is_asked_for_in_their_order(
    running: RunningService,
) -> None:
    for minutes in (90, 0, 180):
        open_at(running, NOON + timedelta(minutes=minutes), f"{minutes:08}")
    with running.work() as work:
        shown = uses_between(work, NOON, NOON + timedelta(minutes=90))
        assert [use.subject for use in shown] == ["case:00000000", "case:00000090"], "first and last instant with it"
        assert uses_between(work, NOON + SECOND, NOON + timedelta(minutes=90) - SECOND) == []


def test_an_emergency_stands_on_the_first_page_for_just_seven_days_the_newest_first(running: RunningService) -> None:
    ids = [open_at(running, NOON + timedelta(hours=hours)) for hours in (0, 2)]
    for at, shown in (
        (NOON + timedelta(hours=2), ids[::-1]),
        (NOON + timedelta(days=7) - SECOND, ids[::-1]),
        (NOON + timedelta(days=7), ids[1:]),
        (NOON + timedelta(days=7, hours=2), []),
    ):
        running.clock.set(now=at)
        with running.work() as work:
            assert [notice.break_glass_id for notice in recent_uses(work)] == shown


def test_only_what_one_person_opened_within_the_hour_counts_towards_the_limit(running: RunningService) -> None:
    open_at(running, NOON - timedelta(hours=1) - SECOND)
    for minutes in (0, 10):
        open_at(running, NOON + timedelta(minutes=minutes))
    open_at(running, NOON + timedelta(minutes=15), actor="person:worker-2")
    with running.work() as work:
        assert {notice.at_limit for notice in recent_uses(work)} == {False}
    open_at(running, NOON + timedelta(minutes=20))
    with running.work() as work:
        assert [notice.at_limit for notice in recent_uses(work)] == [True, False, False, False, False]


@pytest.mark.parametrize(("later", "wait"), [(timedelta(minutes=30), 1800), (timedelta(hours=1), 1)])
def test_who_has_to_wait_waits_until_the_first_of_the_hour_is_an_hour_old(
    running: RunningService, later: timedelta, wait: int
) -> None:
    for minutes in (0, 1, 2):
        open_at(running, NOON + timedelta(minutes=minutes))
    with pytest.raises(TooManyEmergenciesError) as refused:
        open_at(running, NOON + later)
    assert refused.value.retry_after == wait
    open_at(running, NOON + timedelta(hours=1) + SECOND)


def confirm(running: RunningService, age: timedelta, **claims: Any) -> None:
    """Use a confirmation that is so old."""
    at = int((NOON - age).timestamp())
    details = [{"type": "kurashi_approval", "sha256": [HASH]}]
    claimed = {"acr": "step-up", "step_up": str(uuid4()), "auth_time": at, "authorization_details": details, **claims}
    with running.work("person:head-1") as work:
        use_step_up(work, Caller("head-1", "person", frozenset({"head"}), claims=claimed), HASH)


def test_a_confirmation_is_fresh_for_just_five_minutes_and_may_be_five_ahead(running: RunningService) -> None:
    for age in (timedelta(), timedelta(minutes=5), -timedelta(minutes=5)):
        confirm(running, age)
    for age in (timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)):
        with pytest.raises(Problem, match="step-up"):
            confirm(running, age)


def test_who_has_to_confirm_learns_how_and_how_recently(running: RunningService) -> None:
    with pytest.raises(Problem, match="step-up") as refused:
        confirm(running, timedelta(hours=1))
    assert refused.value.extra == {"acr_values": "step-up", "max_age": 300}


@pytest.mark.parametrize(
    "claims",
    [
        {"acr": "password"},
        {"step_up": ""},
        {"auth_time": "1"},
        {"authorization_details": [{"type": "another", "sha256": [HASH]}]},
        {"authorization_details": {"type": "kurashi_approval", "sha256": [HASH]}},
    ],
    ids=str,
)
def test_whatever_is_no_confirmation_of_an_approval_confirms_none(
    running: RunningService, claims: dict[str, Any]
) -> None:
    with pytest.raises(Problem, match="step-up"):
        confirm(running, timedelta(), **claims)


def test_the_hashes_of_several_approvals_are_confirmed_together() -> None:
    approvals = [{"type": "kurashi_approval", "sha256": [sha256]} for sha256 in ("a", "b")]
    claimed = {"acr": "step-up", "step_up": "7", "auth_time": 9, "authorization_details": [*approvals, "odd"]}
    assert StepUp.of(claimed) == StepUp("7", 9, frozenset({"a", "b"}))


def test_of_two_emergencies_the_one_that_lasts_longer_is_named_in_what_was_seen(running: RunningService) -> None:
    first, second = open_at(running, NOON), open_at(running, NOON + timedelta(minutes=10))
    stranger, record = Caller("worker-1", "person", frozenset({"caseworker"})), Record("case:00000001", district="01")
    for minutes, named in ((10, second), (39, second)):
        running.clock.set(now=NOON + timedelta(minutes=minutes))
        with running.work("person:worker-1") as work:
            check_record(work, stranger, "case.read", record)
            assert work.look_details == {"break_glass": named}
            assert named != first
            assert not may_see(work, "case.read", record), "no emergency opens a list"
    running.clock.set(now=NOON + timedelta(minutes=40))
    with running.work("person:worker-1") as work, pytest.raises(OutOfScopeError):
        check_record(work, stranger, "case.read", record)


def test_a_refusal_names_a_numbered_record_and_nothing_that_was_typed() -> None:
    assert OutOfScopeError("case:00000001", "scope").subject == "case:00000001"
    assert OutOfScopeError("case:密林", "scope").subject == ""
