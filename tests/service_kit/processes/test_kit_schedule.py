"""The schedule: one process keeps it, and another takes over from one that is stopped."""

import signal
from uuid import uuid4

import pytest

from shared.service_kit.jobs import chunks
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.processes.toy_processes import process_of, until
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.broker]


def open_chunk(running: RunningService) -> None:
    with running.work() as work:
        chunks.plan(work, "count", str(uuid4()), [{"value": 7}])


def all_done(running: RunningService) -> bool:
    return running.execute("SELECT 1 FROM chunks WHERE state IN ('open', 'done')") == []


def test_a_process_that_is_stopped_loses_the_schedule_to_another(services: Services, broker_url: str) -> None:
    running = services.open(service, broker_url=broker_url)
    with process_of(running, "worker", TOY_SECONDS="2") as first:
        open_chunk(running)
        until(lambda: all_done(running), 20)
        with process_of(running, "worker", TOY_SECONDS="2"):
            first.popen.send_signal(signal.SIGSTOP)
            for _ in range(3):  # the first one may have taken a bell along
                open_chunk(running)
                until(lambda: all_done(running), 20)
            first.popen.send_signal(signal.SIGCONT)
            open_chunk(running)
            until(lambda: all_done(running), 20)
            assert first.popen.poll() is None
