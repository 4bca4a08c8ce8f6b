"""The kit's tables: what its code declares is what its frozen migrations made."""

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from shared.access import tables as access
from shared.service_kit.database.engine import psycopg_url
from shared.service_kit.testing import Services
from shared.service_kit.testing.tables import declared
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.dialect]
_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, replace(column_default, 'public.', ''), identity_generation
    FROM information_schema.columns WHERE table_schema = :schema AND table_name = ANY (:tables) ORDER BY 1, 2
"""
_KEYS = """
    SELECT r.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    WHERE r.relnamespace = CAST(:schema AS regnamespace) AND r.relname = ANY (:tables) AND c.contype IN ('p', 'u')
    ORDER BY 1, 2
"""


def test_the_migrations_make_the_tables_of_the_kit_as_declared(services: Services) -> None:
    tables = declared(access.metadata)
    url = psycopg_url(services.open(service).runtime.settings.owner_database_url)
    with create_engine(url, poolclass=NullPool).connect() as connection:  # what it makes is rolled back
        connection.execute(text("CREATE SCHEMA declared"))
        connection.execute(text("SET LOCAL search_path = declared"))
        tables.create_all(connection)
        for query in (_COLUMNS, _KEYS):
            migrated, known = (_read(connection, query, name, list(tables.tables)) for name in ("public", "declared"))
            assert migrated == known


def _read(connection: Connection, query: str, named: str, tables: list[str]) -> list[tuple[object, ...]]:
    rows = connection.execute(text(query), {"schema": named, "tables": tables}).all()
    assert {row[0] for row in rows} == set(tables)
    return [tuple(row) for row in rows]
