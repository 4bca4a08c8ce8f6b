"""The schedule: one process keeps it, and another takes over from one that is stopped."""

import signal
from uuid import uuid4

import pytest

from shared.service_kit.jobs import chunks
from shared.service_kit.testing import Room, Rooms
from tests.service_kit.processes.toy_processes import running, until
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.broker]


def open_chunk(room: Room) -> None:
    with room.work() as work:
        chunks.plan(work, "count", str(uuid4()), [{"value": 7}])


def all_done(room: Room) -> bool:
    return room.execute("SELECT 1 FROM chunks WHERE state IN ('open', 'done')") == []


def test_a_process_that_is_stopped_loses_the_schedule_to_another(rooms: Rooms, broker_url: str) -> None:
    room = rooms.open(service, broker_url=broker_url)
    with running(room, "worker", TOY_SECONDS="2") as first:
        open_chunk(room)
        until(lambda: all_done(room), 20)
        with running(room, "worker", TOY_SECONDS="2"):
            first.popen.send_signal(signal.SIGSTOP)
            for _ in range(3):  # the first one may have taken a bell along
                open_chunk(room)
                until(lambda: all_done(room), 20)
            first.popen.send_signal(signal.SIGCONT)
            open_chunk(room)
            until(lambda: all_done(room), 20)
            assert first.popen.poll() is None
