"""No name of a resident stands in the clear in this service's database, under any key, before or after an approval."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from services.case_management.adapters.residents import SEALED
from services.case_management.app import service
from shared.service_kit.database.migrations import migrate
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok
from tests.service_kit.retention.before_retention import BEFORE_RETENTION

pytestmark = [pytest.mark.database, pytest.mark.dialect]
HER = {"name": "密林 黄子", "kana": "カナリア キイロ"}
LOOK = "/cases/00000001?purpose=enquiry"


@pytest.fixture
def office(services: Services) -> Office:
    return Office(services.open(service))


def clear_in(office: Office) -> set[str]:
    """The tables with a name in any value, JSON and text as they are printed."""
    clear = set()
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        for (table,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            rows = owner.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))).fetchall()
            if any(word in row[0] for row in rows for words in HER.values() for word in words.split()):
                clear.add(table)
    return clear


def shown(office: Office) -> list[tuple[str, str]]:
    return [(member["name"], member["kana"]) for member in ok(office.caseworker.get(LOOK))["members"]]


def test_no_name_is_clear_while_it_waits_nor_once_it_is_in_the_register(office: Office) -> None:
    proposed = ok(office.propose(Ward().add(1, HER)), 201)
    assert clear_in(office) == set()
    office.approve_import(proposed)
    assert clear_in(office) == set()
    assert shown(office) == [(HER["name"], HER["kana"])]


def test_a_new_key_between_proposal_and_approval_moves_no_hash(office: Office) -> None:
    proposed = ok(office.propose(Ward().add(1, HER)), 201)
    said: list[str] = []
    office.running.change_sealing("rotate", said.append)
    assert said[1:] == ["import_rows: 1 rows\n"]
    office.approve_import(proposed)
    office.running.change_sealing("rotate", said.append)
    assert said[3:] == ["residents: 1 rows\n", "import_rows: 1 rows\n"]
    assert (shown(office), clear_in(office)) == ([(HER["name"], HER["kana"])], set())


def test_names_from_before_sealing_are_sealed_by_the_migration(office: Office) -> None:
    office.load(Ward().add(1, HER))
    settings = office.running.runtime.settings
    with psycopg.connect(settings.owner_database_url) as owner:
        for statement in (*BEFORE_RETENTION, *BEFORE_SEALING):
            owner.execute(statement.encode())
        owner.execute("UPDATE residents SET name = %(name)s, kana = %(kana)s", HER)
        data: Any = psycopg.types.json.Jsonb(HER)
        owner.execute("UPDATE import_rows SET data = %s WHERE fact = 'resident'", [data])
    assert clear_in(office) == {"residents", "import_rows"}
    migrate(office.running.service.folder / "migrations", settings)
    office.running.runtime.sealer._opened.clear()
    assert (shown(office), clear_in(office)) == ([(HER["name"], HER["kana"])], set())
    with office.running.work() as work:
        rows = work.connection.exec_driver_sql("SELECT * FROM import_rows WHERE fact = 'resident'")
        assert len(work.unseal(SEALED[1], rows.mappings().all())) == 1


BEFORE_SEALING = (
    "ALTER TABLE residents DROP CONSTRAINT residents_name_sealed, DROP CONSTRAINT residents_kana_sealed",
    "ALTER TABLE import_rows DROP CONSTRAINT import_rows_data_sealed",
    "ALTER TABLE break_glass DROP CONSTRAINT break_glass_words_sealed",
    "DROP TABLE data_keys",
    "UPDATE alembic_version SET version_num = '0005'",
)
