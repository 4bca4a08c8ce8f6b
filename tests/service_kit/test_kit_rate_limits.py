"""The counts of one process hold while many requests are counted at the same moment."""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.service_kit import rate_limits
from shared.service_kit.rate_limits import RateLimits
from shared.service_kit.settings import Settings

REQUESTS_AT_ONCE, ROUNDS = 16, 100
LONGER_THAN_A_TIMER_OF_THE_STORAGE = 0.012
"""Seconds: the next hit after it starts the timer anew."""


@pytest.fixture
def threads_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("threads_change_often")
@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_requests_at_the_same_moment_are_all_counted_and_none_fails() -> None:
    counts = RateLimits(Settings(env="test", person_a_minute=REQUESTS_AT_ONCE * ROUNDS))
    together = threading.Barrier(REQUESTS_AT_ONCE)

    def ask(_: int) -> None:
        for _ in range(ROUNDS):
            time.sleep(LONGER_THAN_A_TIMER_OF_THE_STORAGE)
            together.wait(30)
            try:
                counts.admit("person:demo-accountant", machine=False)
            except Exception:
                together.abort()
                raise

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as requests:
        list(requests.map(ask, range(REQUESTS_AT_ONCE)))


def test_counts_that_are_over_do_not_stay_in_memory_and_no_thread_looks_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits._Counts, "sweep_at", 10)
    monkeypatch.setattr(rate_limits, "MOST_COUNTS", 10)
    counts, threads = rate_limits._Counts(), threading.active_count()
    for number in range(50):
        counts.incr(f"source {number}", -1)
    assert len(counts.expirations) <= 11
    assert [counts.incr("one", 60), counts.incr("one", 60)] == [1, 2]
    assert threading.active_count() <= threads
