"""Work in chunks: workers that count their attempts at the same time do not park what nobody has done."""

import threading

import pytest
from sqlalchemy import select

from shared.service_kit import chunks, schema
from shared.service_kit.testing import Rooms
from tests.service_kit.toy.app import one_chunk, service

pytestmark = pytest.mark.database
JOB = "5f3c1c0a-8a43-4b0e-9d1c-000000000003"


def test_a_chunk_is_done_although_a_neighbour_counts_an_attempt_at_that_moment(rooms: Rooms) -> None:
    room = rooms.open(service)
    with room.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    mine = chunks._attempt(room.service, "count")
    assert mine is not None
    counting, done = threading.Event(), threading.Event()

    def neighbour() -> None:
        with room.work() as work:
            work.session.execute(select(schema.chunks).with_for_update()).all()
            counting.set()
            done.wait(0.3)

    thread = threading.Thread(target=neighbour)
    thread.start()
    counting.wait(5)
    assert chunks._do(room.service, mine, one_chunk) == 1
    done.set()
    thread.join()
    assert room.execute("SELECT value FROM marks")[0][0] == 7
