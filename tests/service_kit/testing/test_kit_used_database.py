"""A test that is given a database which another has used finds it as the migrations made it, or gets another one."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.dialect]


def database(running: RunningService) -> str:
    return str(running.runtime.engine.url.database)


def contents(admin_url: str, running: RunningService) -> dict[str, list[Any]]:
    """Every row of every table, and where the sequences stand."""
    with psycopg.connect(admin_url, dbname=database(running)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows_of = {
            table: connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
            for (table,) in tables
        }
        rows_of["sequences"] = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
    return {table: sorted(map(str, rows)) for table, rows in rows_of.items()}


def use(running: RunningService) -> None:
    accountant = running.client(person="demo-accountant", roles=["accountant"])
    assert accountant.post("/marks", {"subject": "a", "value": 7}).status_code == 201
    assert running.facts()


def test_nothing_is_left_of_what_a_test_wrote(services: Services, admin_url: str) -> None:
    with services.for_a_while() as first:
        running = first.open(service)
        name, before = database(running), contents(admin_url, running)
        use(running)
        assert contents(admin_url, running)["events"] != before["events"]
        assert contents(admin_url, running)["sequences"] != before["sequences"]
    with services.for_a_while() as second:
        again = second.open(service)
        assert database(again) == name
        assert contents(admin_url, again) == before
        use(again)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE events DISABLE TRIGGER USER",
        "GRANT DELETE ON events TO PUBLIC",
        "CREATE TABLE stray (word text)",
        "ALTER TABLE marks ALTER value SET DEFAULT 8",
        "CREATE FUNCTION stray() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_database_whose_schema_a_test_changed_is_not_used_again(
    services: Services, admin_url: str, change: str
) -> None:
    with services.for_a_while() as first:
        running = first.open(service)
        with psycopg.connect(running.runtime.settings.owner_database_url) as owner:
            owner.execute(change.encode())
    with psycopg.connect(admin_url) as admin:
        assert admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database(running),)).fetchone() is None


def test_two_services_that_are_open_at_once_have_a_database_each(services: Services) -> None:
    assert database(services.open(service)) != database(services.open(service))
