"""Work in chunks: workers that count their attempts at the same time do not park what nobody has done."""

import threading
import time

import pytest
from sqlalchemy import select

from shared.service_kit import liveness
from shared.service_kit.jobs import chunks, tables
from shared.service_kit.testing import Services
from tests.service_kit.toy.app import one_chunk, service

pytestmark = [pytest.mark.database, pytest.mark.dialect]
JOB = "5f3c1c0a-8a43-4b0e-9d1c-000000000003"


def test_a_chunk_is_done_although_a_neighbour_counts_an_attempt_at_that_moment(services: Services) -> None:
    running = services.open(service)
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    mine = chunks._attempt(running.runtime, "count")
    assert mine is not None
    counting, done = threading.Event(), threading.Event()

    def neighbour() -> None:
        with running.work() as work:
            work.connection.execute(select(tables.chunks).with_for_update()).all()
            counting.set()
            done.wait(0.3)

    thread = threading.Thread(target=neighbour)
    thread.start()
    counting.wait(5)
    assert chunks._do(running.runtime, mine, one_chunk) == 1
    done.set()
    thread.join()
    assert running.execute("SELECT value FROM marks")[0][0] == 7


def test_a_job_that_cannot_be_finished_does_not_stop_the_others(services: Services) -> None:
    running = services.open(service)
    jobs = [f"5f3c1c0a-8a43-4b0e-9d1c-00000000010{number}" for number in range(4)]
    with running.work() as work:
        for job in jobs:
            chunks.plan(work, "count", job, [{"value": 7}])
    for job in jobs[:3]:
        running.execute("INSERT INTO marks VALUES (CAST(:job AS uuid), 'in the way', 1)", job=job)
    running.run_tasks()
    states = {row[0]: row[1] for row in running.execute("SELECT job_id, state FROM chunks")}
    assert [states[job] for job in jobs] == ["done", "done", "done", "closed"]


def test_a_worker_with_a_long_job_is_not_taken_for_a_silent_one(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = services.open(service)
    monkeypatch.setattr(liveness, "_last_task", time.monotonic() - 2 * liveness.SILENT_SECONDS)
    assert liveness.is_silent()
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    chunks.work_off(running.runtime, "count", one_chunk)
    assert not liveness.is_silent()
