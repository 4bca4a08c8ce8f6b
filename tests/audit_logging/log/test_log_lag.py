"""A log that does not come after what the producers told: measured by stream, alarmed after a minute, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from werkzeug.serving import make_server

from services.audit_logging.use_cases.log.watch_lag import taken_number, watch_stream
from shared.service_kit.identity.machine_tokens import MachineTokens
from shared.service_kit.service_client import ServiceClient
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService, make_token

pytestmark = pytest.mark.database
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def producer(log: RunningService) -> Iterator[ServiceClient]:
    """A service that tells looks, over real HTTP: the log itself, which is a producer like any other."""
    server = make_server("127.0.0.1", 0, log.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    token = make_token("audit_logging", ["service"], "audit_logging", "machine", scope="kurashi:events:read")
    with requests.Session() as session:
        tokens = MachineTokens(log.runtime.settings, "audit_logging")
        yield ServiceClient("audit_logging", f"http://127.0.0.1:{server.server_port}", session, tokens, token)
    server.shutdown()
    thread.join()
    server.server_close()


def lag(log: RunningService, producer: ServiceClient) -> int:
    with log.work() as work:
        taken = taken_number(work, "audit_logging", "looks")
    return watch_stream(producer, "looks", taken, log.clock)


def test_what_lies_with_a_producer_for_over_a_minute_is_alarmed_and_then_taken(
    log: RunningService, producer: ServiceClient
) -> None:
    assert lag(log, producer) == 0
    log.clock.set(now=NOON)
    for _ in range(3):
        assert log.client(person="demo-head", roles=["head"]).get("/log/checkpoint").status_code == 403
    for seconds, alarms in ((60, 0), (61, 1)):
        log.clock.set(now=NOON + timedelta(seconds=seconds))
        with capture_logs() as said:
            assert lag(log, producer) == seconds
        assert [(line["event"], line["of"]) for line in said] == [("log.lag", "audit_logging.looks")] * alarms
    assert REGISTRY.get_sample_value("kurashi_log_lag_seconds", {"of": "audit_logging.looks"}) == 61
    with log.work() as work:
        page = numbering.read_page(work.connection, log.runtime.signer, "audit_logging", "looks", 0)
    assert log.take("audit_logging", (page.body, page.key_id, page.signature), "looks") == 3
    assert lag(log, producer) == 0
