"""What keeps failing outside chunks stands where a person sees it, since when and why, and is tried on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared.service_kit.jobs import chunks, failures
from shared.service_kit.jobs.failures import failures_of
from shared.service_kit.problems import Problem
from shared.service_kit.processes import listener
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.tasks import TaskFunction, task
from shared.service_kit.testing import Client, RunningService, Services
from tests.service_kit.jobs.killed_task import deadly
from tests.service_kit.toy.app import one_chunk, service

pytestmark = pytest.mark.database
JOB = "5f3c1c0a-8a43-4b0e-9d1c-000000000004"


@pytest.fixture
def running(services: Services) -> RunningService:
    opened = services.open(service)
    opened.clock.set(now=opened.clock.now())
    return opened


def operator(running: RunningService) -> Client:
    return running.client("demo-operator", ["operator"])


def parked(running: RunningService) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = operator(running).get("/parked").json["items"]
    return items


def breaking(error: Callable[[], None]) -> TaskFunction:
    @task("toy.fragile")
    def fragile(service: Service) -> None:
        error()

    return fragile


def disk_full() -> None:
    raise OSError(28, "No space left on device")


def fail(running: RunningService, times: int) -> None:
    for _ in range(times):
        with pytest.raises(OSError, match="No space"):
            breaking(disk_full)(running.runtime)


def measured() -> float | None:
    return REGISTRY.get_sample_value("kurashi_task_failures", {"task": "toy.fragile"})


def later(running: RunningService, seconds: float) -> None:
    running.clock.set(now=running.clock.now() + timedelta(seconds=seconds))


def test_a_task_that_keeps_failing_stands_where_a_person_sees_it_until_it_succeeds(running: RunningService) -> None:
    since = running.clock.now()
    for times in range(1, failures.SHOWN_AFTER):
        fail(running, 1)
        assert (parked(running), measured()) == ([], times)
        later(running, 90)
    fail(running, 1)
    (item,) = parked(running)
    assert item["fact_id"]
    assert (item["producer"], item["stream"], item["subject"]) == ("payments", "tasks", "toy.fragile")
    assert (item["type"], item["number"]) == ("task", failures.SHOWN_AFTER)
    assert item["reason"].startswith("OSError at ")
    assert item["parked_at"] == since.isoformat()
    breaking(lambda: None)(running.runtime)
    assert (parked(running), measured()) == ([], 0)


def test_a_success_between_two_failures_counts_anew(running: RunningService) -> None:
    for _ in range(failures.SHOWN_AFTER):
        fail(running, 1)
        breaking(lambda: None)(running.runtime)
    assert parked(running) == []


def test_an_effect_that_fails_stands_by_its_subject_and_stops_no_other(running: RunningService) -> None:
    done: list[str] = []
    for _ in range(failures.SHOWN_AFTER):
        assert not failures_of(running.runtime).attempt("toy.hand_over", disk_full, "file:1")
        assert failures_of(running.runtime).attempt("toy.hand_over", lambda: done.append("file:2"), "file:2")
        later(running, 60)
    (item,) = parked(running)
    assert item["subject"] == "toy.hand_over file:1"
    assert len(done) == failures.SHOWN_AFTER


def test_what_failed_is_tried_again_after_a_pause_and_at_once_when_a_person_releases_it(
    running: RunningService,
) -> None:
    tried: list[int] = []

    def fill() -> None:
        tried.append(1)
        disk_full()

    def attempt() -> bool:
        return failures_of(running.runtime).attempt("toy.fragile", fill)

    for _ in range(failures.SHOWN_AFTER):
        attempt()
        attempt()
        later(running, 60)
    assert len(tried) == failures.SHOWN_AFTER
    attempt()
    attempt()
    assert len(tried) == failures.SHOWN_AFTER + 1, "not within its pause"
    (item,) = parked(running)
    assert operator(running).post(f"/parked/{item['fact_id']}/release").json == {"released": 1}
    assert parked(running) == []
    attempt()
    assert len(tried) == failures.SHOWN_AFTER + 2
    assert [fact["data"]["subject"] for fact in running.facts("parked.released.v1")] == ["toy.fragile"]
    assert operator(running).post(f"/parked/{item['fact_id']}/release").status_code == 404


def test_a_clock_that_is_turned_back_keeps_nothing_waiting(running: RunningService) -> None:
    fail(running, 1)
    later(running, -3600)
    assert failures_of(running.runtime).attempt("toy.fragile", lambda: None)


def cancel(running: RunningService) -> None:
    with running.work() as work:
        work.connection.execute(text("SELECT pg_cancel_backend(pg_backend_pid())"))


def quarter_of_an_hour(running: RunningService, try_it: Callable[[], object]) -> None:
    """Try it every minute from now on, and once more when a quarter of an hour is over."""
    for _ in range(15):
        try_it()
        assert parked(running) == []
        later(running, 60)
    try_it()


def test_a_task_whose_time_runs_out_for_a_quarter_of_an_hour_is_shown_as_waiting_and_tried_on(
    running: RunningService,
) -> None:
    tried, since = list[int](), running.clock.now()

    def run_out() -> None:
        tried.append(1)
        cancel(running)

    quarter_of_an_hour(running, lambda: failures_of(running.runtime).attempt("toy.fragile", run_out))
    (item,) = parked(running)
    assert (item["subject"], item["parked_at"], len(tried)) == ("toy.fragile", since.isoformat(), 16)
    assert item["reason"].startswith("waits: OperationalError:QueryCanceled")
    assert measured() == failures.SHOWN_AFTER
    assert not failures_of(running.runtime).attempt("toy.fragile", run_out)
    assert len(tried) == 17, "tried on without a pause"
    assert failures_of(running.runtime).attempt("toy.fragile", lambda: None)
    assert (parked(running), measured()) == ([], 0)


def test_a_chunk_whose_statements_are_cancelled_for_ever_is_named_and_is_not_parked(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])

    @task("toy.count")
    def count(runtime: Runtime) -> None:
        chunks.work_off(runtime, "count", lambda *_: cancel(running))

    quarter_of_an_hour(
        running, lambda: failures_of(running.runtime).attempt(count.name, lambda: count.body(running.runtime))
    )
    (item,) = parked(running)
    assert (item["stream"], item["subject"]) == ("tasks", "toy.count")
    assert f"chunk count:{JOB}:0" in item["reason"]
    running.run_tasks()
    assert parked(running) == []
    assert running.execute("SELECT state FROM chunks") == [("closed",)]


def test_a_producer_that_answers_nothing_but_503_is_shown_until_it_answers(
    running: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise Problem("unavailable", status=503)

    monkeypatch.setattr(listener, "pull", away)
    since = running.clock.now()
    quarter_of_an_hour(running, lambda: listener.poll_producers(running.runtime, running.service.subscriptions))
    (item,) = parked(running)
    assert (item["subject"], item["parked_at"]) == ("listen case_management.facts", since.isoformat())
    assert item["reason"].startswith("waits: Problem at ")
    monkeypatch.setattr(listener, "pull", lambda *_: 0)
    listener.poll_producers(running.runtime, running.service.subscriptions)
    assert parked(running) == []


def test_a_fault_that_passes_within_minutes_is_shown_to_nobody_however_often_it_comes(running: RunningService) -> None:
    for _ in range(30):
        assert not failures_of(running.runtime).attempt("toy.fragile", lambda: cancel(running))
        later(running, 20)
    assert parked(running) == []


def test_a_task_that_kills_its_worker_stands_where_a_person_sees_it(running: RunningService) -> None:
    settings = running.runtime.settings
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "KURASHI_ENV": "test",
        "KURASHI_DATABASE_URL": settings.database_url,
    }
    for _ in range(failures.SHOWN_AFTER):
        command = [sys.executable, "-m", "tests.service_kit.jobs.killed_task"]
        ended = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    (item,) = parked(running)
    assert (item["subject"], item["reason"]) == (deadly.name, failures.ENDED)


def test_a_job_that_cannot_be_finished_stands_where_a_person_sees_it(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    running.execute("INSERT INTO marks VALUES (CAST(:job AS uuid), 'in the way', 1)", job=JOB)
    for _ in range(failures.SHOWN_AFTER):
        running.run_tasks()
        later(running, 60)
    (item,) = parked(running)
    assert item["subject"] == f"finish count {JOB}"
    assert "marks_pkey" in item["reason"]


def test_ten_seconds_of_cancelled_statements_park_no_chunk(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])

    def cancelled(work: Any, chunk: chunks.Chunk) -> None:
        work.connection.execute(text("SELECT pg_cancel_backend(pg_backend_pid())"))

    for _ in range(3 * chunks.MOST_ATTEMPTS):
        with pytest.raises(Exception, match="QueryCanceled"):
            chunks.work_off(running.runtime, "count", cancelled)
    assert parked(running) == []
    assert chunks.work_off(running.runtime, "count", one_chunk) == 1


def test_a_lost_connection_in_a_chunk_parks_nothing(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])

    def lost(work: Any, chunk: chunks.Chunk) -> None:
        pid = work.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(running.runtime.settings.database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        work.connection.execute(text("SELECT 1"))

    for _ in range(2 * chunks.MOST_ATTEMPTS):
        with pytest.raises(Exception, match="terminating"):
            chunks.work_off(running.runtime, "count", lost)
    assert parked(running) == []


def test_a_chunk_that_kills_its_worker_is_parked_with_since_and_why(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", JOB, [{"value": 7}])
    for _ in range(chunks.MOST_ATTEMPTS):
        assert chunks._attempt(running.runtime, "count") is not None  # and its worker dies before it says more
    assert chunks._attempt(running.runtime, "count") is None
    (item,) = parked(running)
    assert (item["reason"], item["parked_at"]) == (failures.ENDED, running.clock.now().isoformat())


def test_a_chunk_that_failed_before_its_worker_was_killed_is_parked_for_what_came_last(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", str(uuid4()), [{"value": -1}])
    for _ in range(2):
        chunk = chunks._attempt(running.runtime, "count")
        assert chunk is not None
        assert chunks._do(running.runtime, chunk, one_chunk) == 0
    while chunks._attempt(running.runtime, "count"):
        pass
    assert [item["reason"] for item in parked(running)] == [failures.ENDED]
