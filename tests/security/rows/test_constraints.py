"""Every constraint, right and trigger of all databases: each stands in a register, and each CHECK refuses what it says.

The register (`constraints/<service>.txt`) is read from the catalogue of a database as the migrations make it. Whoever
adds a constraint, a right or a trigger adds its line, and a line that goes away is seen in review.
`KURASHI_WRITE_REGISTER=1` writes the files anew.
"""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from shared.service_kit.testing import RunningService, Services
from tests.architecture.test_walls import SERVICES
from tests.security.rows import refused_rows
from tests.security.rows.refused_rows_of_investigations import INVESTIGATIONS

pytestmark = pytest.mark.database
CHECKS = {**refused_rows.CHECKS, **INVESTIGATIONS}
REGISTER = Path(__file__).parent / "constraints"
NAMED = """
SELECT 'check' AS what, conrelid::regclass::text AS on_what, conname || ' ' || pg_get_constraintdef(oid) AS rule
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c'
UNION ALL SELECT 'foreign key', conrelid::regclass::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f'
UNION ALL SELECT 'exclusion', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'x'
UNION ALL SELECT 'unique', tablename, indexname || substring(indexdef from ' USING .*')
FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE %'
UNION ALL SELECT 'trigger', tgrelid::regclass::text,
    tgname || ' ' || replace(regexp_replace(pg_get_triggerdef(oid), '^CREATE (CONSTRAINT )?TRIGGER \\S+ ', ''),
                             'public.', '')
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', oid::regprocedure::text, CASE WHEN prosecdef THEN 'as owner ' ELSE 'as caller ' END
    || substr(encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(oid), prosrc), 'UTF8')), 'hex'), 1, 16)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
RIGHTS = """
SELECT 'right' AS what, on_what, string_agg(privilege_type, ', ' ORDER BY privilege_type)
    || ' to ' || CASE grantee WHEN 0 THEN 'anybody' ELSE 'runtime' END AS rule
FROM (
    SELECT oid::regclass::text AS on_what, (aclexplode(relacl)).*, relowner AS owner FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL SELECT oid::regprocedure::text, (aclexplode(coalesce(proacl, acldefault('f', proowner)))).*, proowner
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT attrelid::regclass || '.' || attname, (aclexplode(attacl)).*, relowner
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL AND NOT attisdropped
) AS given WHERE grantee <> owner GROUP BY on_what, grantee
"""


@pytest.fixture(scope="module")
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    return services_of_file.open(importlib.import_module(f"services.{request.param}.app").service)


@pytest.fixture
def owner(running: RunningService) -> Iterator[psycopg.Connection[Any]]:
    """The database's owner, whose changes are undone."""
    assert running.runtime.settings.owner_database_url is not None
    with psycopg.connect(running.runtime.settings.owner_database_url) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_every_constraint_right_and_trigger_stands_in_the_register(running: RunningService) -> None:
    found = running.execute(f"SELECT * FROM ({NAMED}) AS named UNION ALL SELECT * FROM ({RIGHTS}) AS rights")
    there = sorted(f"{what} {on_what}: {rule}" for what, on_what, rule in found)
    file = REGISTER / f"{running.service.name}.txt"
    if os.environ.get("KURASHI_WRITE_REGISTER"):
        file.write_text("\n".join(there) + "\n")
    assert there == file.read_text().splitlines(), "say why in the commit, and write the register anew"


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_each_check_refuses_what_lies_just_beyond_it_and_keeps_what_lies_within(
    running: RunningService, owner: psycopg.Connection[Any]
) -> None:
    checks = owner.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype = 'c' ORDER BY 1, 2"
    ).fetchall()
    assert {name for _, name in checks} <= set(CHECKS), "say in refused_rows.py what the new CHECK refuses"
    for table, name in checks:
        _only_this_check(owner, table, name)
        refused, kept = CHECKS[name]
        for row in kept:
            _insert(owner, row)
        for row in refused:
            with pytest.raises(psycopg.errors.CheckViolation, match=name), owner.transaction():
                _insert(owner, row)
        owner.execute("DROP TABLE probe")


def test_no_row_is_kept_for_a_check_that_is_nowhere(services: Services) -> None:
    there: set[str] = set()
    for service in SERVICES:
        running = services.open(importlib.import_module(f"services.{service}.app").service)
        there |= {row[0] for row in running.execute("SELECT conname::text FROM pg_constraint WHERE contype = 'c'")}
    assert set(CHECKS) <= there


def _only_this_check(owner: psycopg.Connection[Any], table: str, name: str) -> None:
    """Make a table `probe` with the columns of another, where all may be null, and one of its CHECKs."""
    like = "CREATE TEMP TABLE probe (LIKE {} INCLUDING CONSTRAINTS)"
    owner.execute(sql.SQL(like).format(sql.Identifier("public", table)))
    columns = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'probe'::regclass AND attnotnull AND attnum > 0"
    )
    others = owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'probe'::regclass AND contype = 'c' AND conname <> %s",
        (name,),
    )
    drops = [
        *(
            "ALTER COLUMN {} DROP NOT NULL".replace("{}", f'"{column}"')
            for (column,) in columns
            if column != "tableoid"
        ),
        *(f'DROP CONSTRAINT "{other}"' for (other,) in others),
    ]
    for drop in drops:
        owner.execute(f"ALTER TABLE probe {drop}".encode())


def _insert(owner: psycopg.Connection[Any], row: dict[str, Any]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(sql.Placeholder() * len(row))
    owner.execute(sql.SQL("INSERT INTO probe ({}) VALUES ({})").format(columns, values), list(row.values()))
