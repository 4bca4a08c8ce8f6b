"""What somebody writes to open a record in an emergency stands nowhere in the clear, in any service that has scopes."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from services.case_management.app import service as public_assistance
from services.payments.app import service as payments
from services.support_benefits.app import service as support
from shared.access.emergencies import EMERGENCIES, Emergency, open_in_emergency
from shared.access.records import Record
from shared.service_kit.database.migrations import migrate
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.retention.before_retention import BEFORE_RETENTION

pytestmark = pytest.mark.database
WORDS = "密林さんが倒れているとの通報"
SERVICES = {
    service_.name: (service_, before)
    for service_, before in ((public_assistance, "0006"), (payments, "0004"), (support, "0004"))
}


@pytest.fixture(params=sorted(SERVICES))
def running(services: Services, request: pytest.FixtureRequest) -> RunningService:
    """A service in which somebody broke the glass."""
    opened = services.open(SERVICES[request.param][0])
    with opened.work() as work:
        body = {"subject": "case:00000001", "reason": "danger_to_life", "words": WORDS}
        open_in_emergency(work, Emergency.model_validate(body), lambda work, **of: Record(body["subject"]))
    return opened


def clear(running: RunningService) -> set[str]:
    """The tables in which the words can be read."""
    with psycopg.connect(running.runtime.settings.owner_database_url) as owner:
        tables = [name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {
            table
            for table in tables
            if any("密林" in row[0] for row in owner.execute(f"SELECT t::text FROM {table} t"))
        }


def opened(running: RunningService) -> list[Any]:
    with running.work() as work:
        rows = work.connection.execute(text("SELECT * FROM break_glass")).mappings().all()
        return [row["words"] for row in work.unseal(EMERGENCIES, rows)]


def test_the_words_are_sealed_and_open_for_the_service_alone(running: RunningService) -> None:
    assert (clear(running), opened(running)) == (set(), [WORDS])
    said: list[str] = []
    running.change_sealing("rotate", said.append)
    assert said[1:] == ["break_glass: 1 rows\n"]
    assert (clear(running), opened(running)) == (set(), [WORDS])


def test_words_from_before_are_sealed_by_the_migration_and_clear_ones_refused_from_then_on(
    running: RunningService,
) -> None:
    settings = running.runtime.settings
    with psycopg.connect(settings.owner_database_url) as owner:
        for statement in BEFORE_RETENTION:
            owner.execute(statement)
        owner.execute("ALTER TABLE break_glass DROP CONSTRAINT break_glass_words_sealed")
        owner.execute("UPDATE break_glass SET words = %s", [WORDS])
        if list(running.service.sealed) == [EMERGENCIES]:  # its keys came with this migration
            owner.execute("DROP TABLE data_keys")
        owner.execute("UPDATE alembic_version SET version_num = %s", [SERVICES[running.service.name][1]])
    assert clear(running) == {"break_glass"}
    migrate(running.service.folder / "migrations", settings)
    running.runtime.sealer._opened.clear()
    assert (clear(running), opened(running)) == (set(), [WORDS])
    with (
        psycopg.connect(settings.owner_database_url) as owner,
        pytest.raises(psycopg.errors.CheckViolation, match="break_glass_words_sealed"),
    ):
        owner.execute(
            "INSERT INTO break_glass (break_glass_id, actor, subject, reason, words, at, until) "
            "SELECT gen_random_uuid(), actor, subject, reason, 'clear', at, until FROM break_glass"
        )
