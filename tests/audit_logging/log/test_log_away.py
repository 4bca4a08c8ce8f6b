"""The log down, slow or full: business goes on, what is told lies with its producer, and then comes, each fact once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import requests
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from werkzeug.serving import make_server

from services.audit_logging.worker import publish, sign, watch
from services.payments.app import service as payments_service
from shared.contracts.facts.every_service import ParkedReleased
from shared.service_kit.identity.machine_tokens import MachineTokens
from shared.service_kit.processes.listener import poll_producers
from shared.service_kit.service_client import ServiceClient, ServiceClients
from shared.service_kit.testing import RunningService, Services, make_token
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Away = Callable[[RunningService, str], Any]


@pytest.fixture
def producer(services: Services, log: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningService]:
    """A service that works on a database of its own, and answers the log over real HTTP."""
    running = services.open(payments_service)
    server = make_server("127.0.0.1", 0, running.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    token = make_token("audit_logging", ["service"], "payments", "machine", scope="kurashi:events:read")
    url = f"http://127.0.0.1:{server.server_port}"
    with requests.Session() as session:
        peer = ServiceClient("payments", url, session, MachineTokens(log.runtime.settings, "audit_logging"), token)
        monkeypatch.setattr(ServiceClients, "client", lambda _self, _name, _token="": peer)
        monkeypatch.setitem(log.runtime.settings.peers, "payments", url)
        yield running
    server.shutdown()
    thread.join()
    server.server_close()


def works(running: RunningService, count: int) -> None:
    """The service does so much business, each act answered, and is refused once: nothing waits for the log."""
    for _ in range(count):
        with running.work() as work:
            work.fact(ParkedReleased(parked_id="11111111-2222-4333-8444-555555555555", subject="", count=1), "run:1")
    assert running.client(person="demo-head", roles=["head"]).get("/events?stream=facts&after=0").status_code == 403


def taken(log: RunningService) -> int:
    """What the log takes when it looks by itself."""
    subscriptions = log.service.subscriptions
    return poll_producers(
        log.runtime, [subscription for subscription in subscriptions if subscription.producer == "payments"]
    )


def numbers(log: RunningService) -> dict[str, list[int]]:
    rows = log.execute("SELECT stream, number FROM entries ORDER BY index")
    return {stream: [row.number for row in rows if row.stream == stream] for stream in ("facts", "looks")}


@contextmanager
def database_away(log: RunningService, admin_url: str) -> Iterator[None]:
    name = psycopg.conninfo.conninfo_to_dict(log.runtime.settings.database_url)["dbname"]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


@contextmanager
def failing(log: RunningService, table: str, code: str) -> Iterator[None]:
    """Each write to a table of the log ends in this error."""
    as_owner(
        log,
        f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION 'it does not go' USING ERRCODE = '{code}'; END $$; "
        f"CREATE TRIGGER fail BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail()",
    )
    yield
    as_owner(log, f"DROP TRIGGER fail ON {table}; DROP FUNCTION fail()")


DISK_FULL, OUT_OF_MEMORY, TIMED_OUT = "53100", "53200", "57014"
FAULTS: dict[str, Away] = {
    "its database is away": database_away,
    "its disk is full at an entry": lambda log, _: failing(log, "entries", DISK_FULL),
    "its disk is full at a tile": lambda log, _: failing(log, "tiles", DISK_FULL),
    "its memory is full": lambda log, _: failing(log, "openings", OUT_OF_MEMORY),
    "it is too slow": lambda log, _: failing(log, "openings", TIMED_OUT),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_business_goes_on_and_every_fact_comes_once_and_in_order(
    log: RunningService, producer: RunningService, admin_url: str, fault: str
) -> None:
    works(producer, 5)
    assert taken(log) == 6
    with FAULTS[fault](log, admin_url):
        for count in (300, 20, 20):
            works(producer, count)
            with capture_logs() as said:
                taken(log)
            assert "look.again" in [line["event"] for line in said]
        stopped = REGISTRY.get_sample_value("kurashi_subscription_stopped", {"subscription": "payments.facts"})
        assert stopped == 1
    assert taken(log) >= 340
    assert taken(log) == 0
    assert numbers(log) == {"facts": list(range(1, 346)), "looks": list(range(1, 5))}
    assert log.execute("SELECT * FROM parked") == []
    published = {fact["id"] for fact in producer.facts()} | {look["id"] for look in producer.looks()}
    assert {json.loads(bytes(row.leaf))["id"] for row in log.execute("SELECT leaf FROM entries")} == published


def test_a_log_that_does_not_come_after_alarms_after_a_minute(log: RunningService, producer: RunningService) -> None:
    for running in (log, producer):
        running.clock.set(now=NOON)
    works(producer, 3)
    with failing(log, "entries", DISK_FULL):
        for seconds, alarmed in ((60, set()), (61, {"payments.facts", "payments.looks"})):
            log.clock.set(now=NOON + timedelta(seconds=seconds))
            taken(log)
            with capture_logs() as said:
                watch(log.runtime)
            assert {line["of"] for line in said if line["event"] == "log.lag"} == alarmed
            assert lag("payments.facts") == seconds
    taken(log)
    watch(log.runtime)
    assert lag("payments.facts") == 0


def test_what_is_published_grows_old_by_itself_when_nothing_of_the_log_goes(
    log: RunningService, producer: RunningService, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    log.clock.set(now=NOON)
    works(producer, 3)
    taken(log)
    sign(log.runtime)
    publish(log.runtime)
    assert lag("published") == 0
    log.clock.set(now=NOON + timedelta(seconds=90))
    assert lag("published") == 90, "no task has to run for it"


def lag(of: str) -> float | None:
    return REGISTRY.get_sample_value("kurashi_log_lag_seconds", {"of": of})
