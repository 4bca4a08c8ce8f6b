"""What every connection of a service has set, whoever opened it."""

import psycopg
import pytest
from sqlalchemy import text

from shared.service_kit.database import engine
from shared.service_kit.testing import Services
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.dialect]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5min"),
        ("lock_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("TimeZone", "UTC"),
    ],
)
def test_nothing_of_a_service_works_or_waits_without_end(services: Services, setting: str, value: str) -> None:
    assert services.open(service).execute(f"SHOW {setting}")[0][0] == value


def test_a_connection_that_had_a_rest_and_is_gone_is_made_anew(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "REST_SECONDS", 0.0)
    running = services.open(service)
    with running.work() as work:
        gone = work.connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(running.runtime.settings.database_url) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [gone])
    with running.work() as work:
        assert work.connection.scalar(text("SELECT pg_backend_pid()")) != gone
