"""What tests use to try two acts at once: the second is seen to wait, to be refused, or to run past the first."""

import pytest
from sqlalchemy import text

from shared.service_kit.database.locks import Lock
from shared.service_kit.testing import RunningService, Services, at_once
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


def holding(running: RunningService, name: str, *, tries: bool = False) -> bool:
    with running.work() as unit:
        if tries:
            return Lock(name).try_to_hold(unit.connection)
        Lock(name).hold(unit.connection)
    return True


def test_the_second_waits_for_the_same_lock(running: RunningService) -> None:
    became = at_once(running.runtime.engine, lambda: holding(running, "one"), lambda: holding(running, "one"))
    assert (became.first, became.second, became.waited) == (True, True, True)


def test_the_second_does_not_wait_for_another_lock(running: RunningService) -> None:
    became = at_once(running.runtime.engine, lambda: holding(running, "one"), lambda: holding(running, "another"))
    assert (became.second, became.waited) == (True, False)


def test_the_second_is_refused_where_it_only_tries(running: RunningService) -> None:
    became = at_once(
        running.runtime.engine, lambda: holding(running, "one"), lambda: holding(running, "one", tries=True)
    )
    assert (became.second, became.waited) == (False, False)


def test_an_error_of_the_second_is_raised_and_the_first_stands(running: RunningService) -> None:
    def fails() -> bool:
        raise LookupError("nothing there")

    became = at_once(running.runtime.engine, lambda: holding(running, "one"), fails)
    assert became.first is True
    assert isinstance(became.second, LookupError)


def test_a_first_act_that_commits_nothing_proves_nothing(running: RunningService) -> None:
    def reads() -> bool:
        with running.work() as unit:
            return bool(unit.connection.execute(text("SELECT true")).scalar_one())

    with pytest.raises(TimeoutError, match="committed nothing"):
        at_once(running.runtime.engine, reads, reads)
