"""A provider that hangs: one thread asks it, nobody waits behind it over two seconds, and what is good is used."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.contracts.problems import PROBLEMS
from shared.service_kit.identity.machine_tokens import MachineTokens
from shared.service_kit.identity.oidc_provider import KEPT_FOR, Provider, forget_providers, provider_of
from shared.service_kit.problems import Problem, register_problem_types
from shared.service_kit.settings import Settings

THREADS = 12
QUESTION_SECONDS = 2
IN_A_ROW = THREADS * QUESTION_SECONDS
"""Seconds that it would take if each waited for the one before."""
KEPT = "a token that is kept"


@pytest.fixture
def issuer() -> Iterator[str]:
    """A provider that said once where its tokens are, and answers nothing any more."""
    register_problem_types(PROBLEMS)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        _said(provider_of(settings_of(url)), time.monotonic())
        yield url
        forget_providers()  # what listens next may get the same port


def settings_of(issuer: str) -> Settings:
    return Settings(env="test", issuer_url=issuer, question_seconds=QUESTION_SECONDS)


def _said(provider: Provider, at: float) -> None:
    provider._configuration = {"issuer": provider.issuer, "token_endpoint": f"{provider.issuer}/token"}
    provider._asked_at = at


def tokens_of(issuer: str) -> MachineTokens:
    return MachineTokens(settings_of(issuer), "payments")


def outcome(do: Callable[[], str]) -> tuple[str, float]:
    """What came of it, and after how many seconds."""
    began = time.monotonic()
    try:
        result = do()
    except Problem as problem:
        result = problem.name
    return result, time.monotonic() - began


def at_once(do: Callable[[], str]) -> list[tuple[str, float]]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(lambda _: outcome(do), range(THREADS)))


def test_a_token_that_is_still_good_is_used_while_one_thread_asks_for_the_next(issuer: str) -> None:
    tokens = tokens_of(issuer)
    tokens._kept["case_management"] = (KEPT, time.monotonic() - 1)  # to be renewed; it expires half a minute later
    outcomes = at_once(lambda: tokens.token("case_management"))
    assert {result for result, _ in outcomes} == {KEPT}
    took = sorted(seconds for _, seconds in outcomes)
    assert took[-2] < QUESTION_SECONDS, "only who asks waits"
    assert took[-1] < IN_A_ROW / 2


def test_without_a_token_everybody_fails_within_two_seconds_and_the_next_at_once(issuer: str) -> None:
    tokens = tokens_of(issuer)
    outcomes = at_once(lambda: tokens.token("case_management"))
    assert {result for result, _ in outcomes} == {"unavailable"}
    assert max(seconds for _, seconds in outcomes) < IN_A_ROW / 2
    result, seconds = outcome(lambda: tokens.token("payments"))
    assert (result, seconds < QUESTION_SECONDS) == ("unavailable", True)


def test_a_token_that_expired_is_not_used(issuer: str) -> None:
    tokens = tokens_of(issuer)
    tokens._kept["case_management"] = (KEPT, time.monotonic() - 31)
    assert outcome(lambda: tokens.token("case_management"))[0] == "unavailable"


def test_what_the_provider_said_of_itself_is_used_while_one_thread_asks_again(issuer: str) -> None:
    provider = Provider(issuer, QUESTION_SECONDS)
    _said(provider, time.monotonic() - KEPT_FOR - 1)
    outcomes = at_once(lambda: provider.address("token_endpoint"))
    assert {result for result, _ in outcomes} == {f"{issuer}/token"}
    assert sorted(seconds for _, seconds in outcomes)[-2] < QUESTION_SECONDS


def test_a_provider_that_never_said_anything_is_waited_for_two_seconds(issuer: str) -> None:
    provider = Provider(issuer, QUESTION_SECONDS)
    outcomes = at_once(lambda: provider.address("token_endpoint"))
    assert {result for result, _ in outcomes} == {"unavailable"}
    assert max(seconds for _, seconds in outcomes) < IN_A_ROW / 2
