"""A log that is checked: what its worker does, and what came of the checks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.audit_logging.app import service
from services.audit_logging.worker import index, publish, self_check, sign
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService, Services
from tests.audit_logging.acts import look
from tests.audit_logging.owner import as_owner

TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def published_log(services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch) -> RunningService:
    """A log on a Tuesday morning that is published and has taken some looks."""
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(folder / "published"))
    log = services.open(service)
    log.clock.set(today=TUESDAY, now=MORNING)
    log.deliver("payments", [look(log, "jiro", f"case:{number:08}") for number in range(3)], "looks")
    return log


def take_own(log: RunningService) -> None:
    """Let the log take what it told itself."""
    for stream in ("facts", "looks"):
        with log.work() as work:
            numbering.positions(work.connection)
            page = numbering.read_page(work.connection, log.runtime.signer, "audit_logging", stream, 0)
        log.take("audit_logging", (page.body, page.key_id, page.signature), stream)


def settle(log: RunningService) -> None:
    """What the worker does within seconds."""
    take_own(log)
    sign(log.runtime)
    publish(log.runtime)
    index(log.runtime)


def later(log: RunningService, minutes: int = 5) -> None:
    """So many minutes later the worker signs, publishes and checks."""
    log.clock.set(now=log.clock.now() + timedelta(minutes=minutes))
    sign(log.runtime)
    publish(log.runtime)
    self_check(log.runtime)


def results(log: RunningService) -> list[list[str]]:
    """What each check found, in their order."""
    return [row.faults for row in log.execute("SELECT faults FROM self_check_results ORDER BY at")]


def without_triggers(log: RunningService, table: str, statement: str) -> None:
    """What only the owner can do, past the guards of a table."""
    as_owner(log, f"ALTER TABLE {table} DISABLE TRIGGER USER; {statement}; ALTER TABLE {table} ENABLE TRIGGER USER")
