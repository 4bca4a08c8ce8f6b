"""The database that the migrations make: as declared, and append-only where it says so."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.payments.adapters.tables import metadata
from shared.access import tables as access
from shared.service_kit.testing.tables import declared
from tests.payments.office import Office

pytestmark = [pytest.mark.database, pytest.mark.dialect]
APPEND_ONLY = (
    "accounts",
    "senders",
    "payment_instructions",
    "restrictions",
    "import_left_out",
    "determinations",
    "run_positions",
    "run_senders",
    "run_entitled",
    "orders",
    "withdrawals",
    "disbursement_orders",
    "postings",
    "events",
    "data_keys",
)
KEPT = {
    "entitlements": "yen",
    "coverage": "person_no",
    "transfers": "yen",
    "transfer_orders": "yen",
    "bank_files": "content",
    "runs": "proposer",
}


def test_the_migrations_make_the_tables_as_declared(office: Office) -> None:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
        return kind != "index" and (kind != "table" or name in metadata.tables)

    with office.running.runtime.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        found = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        assert set(found) == {*declared(metadata, access.metadata).tables, "alembic_version"}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_append_only_cannot_be_changed_by_the_runtime(office: Office, table: str) -> None:
    column = office.running.execute(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")[
        0
    ][0]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            office.running.execute(statement)


@pytest.mark.parametrize("table", KEPT)
def test_amounts_and_bytes_cannot_be_changed_though_a_state_moves(office: Office, table: str) -> None:
    for statement in (f"UPDATE {table} SET {KEPT[table]} = {KEPT[table]}", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            office.running.execute(statement)


def test_due_never_goes_above_what_is_entitled(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    with pytest.raises(Exception, match="due_never_above_entitled"):
        office.running.execute("UPDATE due SET ordered = entitled + 1")
