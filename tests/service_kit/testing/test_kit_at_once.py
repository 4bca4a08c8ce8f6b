"""What tests use to try two acts at once: the second is seen to wait, to be refused, or to run past the first."""

import pytest
from sqlalchemy import text

from shared.service_kit.database.locks import Lock
from shared.service_kit.testing import Room, Rooms, at_once
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database


@pytest.fixture
def room(rooms: Rooms) -> Room:
    return rooms.open(service)


def holding(room: Room, name: str, *, tries: bool = False) -> bool:
    with room.work() as unit:
        if tries:
            return Lock(name).try_to_hold(unit.session)
        Lock(name).hold(unit.session)
    return True


def test_the_second_waits_for_the_same_lock(room: Room) -> None:
    became = at_once(room.runtime.engine, lambda: holding(room, "one"), lambda: holding(room, "one"))
    assert (became.first, became.second, became.waited) == (True, True, True)


def test_the_second_does_not_wait_for_another_lock(room: Room) -> None:
    became = at_once(room.runtime.engine, lambda: holding(room, "one"), lambda: holding(room, "another"))
    assert (became.second, became.waited) == (True, False)


def test_the_second_is_refused_where_it_only_tries(room: Room) -> None:
    became = at_once(room.runtime.engine, lambda: holding(room, "one"), lambda: holding(room, "one", tries=True))
    assert (became.second, became.waited) == (False, False)


def test_an_error_of_the_second_is_told_and_the_first_stands(room: Room) -> None:
    def fails() -> bool:
        raise LookupError("nothing there")

    became = at_once(room.runtime.engine, lambda: holding(room, "one"), fails)
    assert became.first is True
    assert isinstance(became.second, LookupError)


def test_a_first_act_that_commits_nothing_proves_nothing(room: Room) -> None:
    def reads() -> bool:
        with room.work() as unit:
            return bool(unit.session.execute(text("SELECT true")).scalar_one())

    with pytest.raises(TimeoutError, match="committed nothing"):
        at_once(room.runtime.engine, reads, reads)
