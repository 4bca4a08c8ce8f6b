"""Statements in spans: a slow one and one that fails have a span of their own, all are counted on the span around."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.service_kit.observability import statements, telemetry
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
CANARY = "かなりあ"


@pytest.fixture
def running(services: Services, monkeypatch: pytest.MonkeyPatch) -> RunningService:
    """A service that calls slow what takes longer than any machine needs for nothing."""
    monkeypatch.setattr(statements, "SLOW_NS", 300_000_000)
    opened = services.open(service)
    opened.spans()  # from here on they are kept
    return opened


def executed(running: RunningService, *asked: str) -> list[dict[str, Any]]:
    """What was recorded of statements that are executed in a span of their own journey."""
    before = len(running.spans())
    with telemetry.span("around", correlation="journey"), running.runtime.engine.connect() as connection:
        for statement in asked:
            connection.execute(text(statement))
    return running.spans()[before:]


def test_quick_statements_are_counted_on_the_span_around_them(running: RunningService) -> None:
    (around,) = executed(running, "SELECT 1", "SELECT 2", "SELECT 3")
    assert around["attributes"]["kurashi.statements"] == 3
    assert 0 < around["attributes"]["kurashi.statements_ns"] < around["end"] - around["start"]


def test_a_slow_statement_has_a_span_of_its_own(running: RunningService) -> None:
    slow, around = executed(running, "SELECT pg_sleep(0.35)", "SELECT 1")
    assert slow["attributes"]["db.statement"] == "SELECT pg_sleep(0.35)"
    assert slow["end"] - slow["start"] >= 350_000_000
    assert (slow["parent_id"], slow["attributes"]["kurashi.correlation"]) == (around["span_id"], "journey")
    assert around["attributes"]["kurashi.statements"] == 2


def test_a_statement_that_fails_has_a_span_without_what_it_says(running: RunningService) -> None:
    before = len(running.spans())
    with (
        pytest.raises(ProgrammingError),
        telemetry.span("around"),
        running.runtime.engine.connect() as connection,
    ):
        connection.execute(text("SELECT :name FROM nothing"), {"name": CANARY})
    failed, _ = running.spans()[before:]
    assert failed["status"] == "ERROR"
    assert CANARY not in str(failed)


def test_nothing_is_recorded_of_quiet_work(running: RunningService) -> None:
    before = len(running.spans())
    with telemetry.quiet(), running.runtime.engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.35)"))
    assert running.spans()[before:] == []
