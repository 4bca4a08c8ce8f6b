"""After a whole paid month no account number and no holder stands in the clear anywhere in the database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from services.payments.adapters.sealed import SEALED
from services.payments.domain.bank_file_inspector import inspect
from shared.service_kit.database.migrations import migrate
from shared.service_kit.encryption.sealing import NotOpened, Sealed
from shared.service_kit.encryption.wrapping import KeyMissing
from tests.payments.office import Office
from tests.service_kit.retention.before_retention import BEFORE_RETENTION

pytestmark = pytest.mark.database
PA = "public_assistance"
PRIVATE = ("7654321", "カナリア", "ｶﾅﾘｱ", "8642013", "ツグミ", "ﾂｸﾞﾐ", "みどり", "9753124")
SENDER = (
    "programme,sender_code,sender_name,bank_code,branch_code,account_type,account_number\n"
    f"{PA},9999999999,カコウク フクシ,0001,001,1,9753124\n"
)


def paid_month(office: Office) -> dict[str, Any]:
    rows = (
        ("00000001", PA, "bank", "0001", "001", "1", "7654321", "カナリア キイロ", ""),
        ("00000002", PA, "bank", "0001", "001", "1", "8642013", "ツグミ アオイ", ""),
        ("00000003", PA, "cash", "", "", "", "", "", "みどりさんが受け取る"),
    )
    files = {**office.accounts(*rows), "sender.csv": SENDER.encode()}
    handed_in = office.accountant.post("/imports", files=files, key="accounts-of-december")
    again = office.accountant.post("/imports", files=files, key="accounts-of-december")
    assert again.content == handed_in.content, "the answer that is kept"
    name = f"/imports/{handed_in.json['import_id']}/approval"
    assert office.head.post(name, json={"sha256": handed_in.json["sha256"]}).status_code == 200
    for case_no in ("00000001", "00000002", "00000003"):
        office.grant(case_no, livelihood=70_000)
    return office.pay()


def everything(office: Office) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, as bytes: text as UTF-8 and as a bank writes it, bytea as it is."""
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in owner.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
                for value in row:
                    yield table, value if isinstance(value, bytes) else str(value).encode()


def clear_in(office: Office) -> set[str]:
    forms = [form for private in PRIVATE for form in (private.encode(), private.encode("shift_jis"))]
    return {table for table, value in everything(office) if any(form in value for form in forms)}


def test_after_a_paid_month_nothing_that_names_an_account_is_clear(office: Office) -> None:
    run = paid_month(office)
    content = Path(run["files"][0]["path"]).read_bytes()
    assert b"7654321" in content
    assert "ｶﾅﾘｱ".encode("shift_jis") in content, "what leaves for the bank can be read by the bank"
    assert clear_in(office) == set()


def test_a_new_key_changes_neither_what_was_approved_nor_a_file(office: Office) -> None:
    run = paid_month(office)
    path = f"/runs/{run['run_id']}/files/{PA}"
    before = office.treasurer.get(path).content
    said: list[str] = []
    office.running.change_sealing("rotate", said.append)
    assert said[1:] == ["accounts: 3 rows\n", "senders: 1 rows\n", "bank_files: 1 rows\n"]
    assert clear_in(office) == set()
    assert office.treasurer.get(path).content == before
    assert inspect(before).sha256 == run["files"][0]["sha256"]


def test_a_run_that_was_proposed_before_a_new_key_is_approved_by_the_same_hash(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    office.running.change_sealing("rotate", str)
    assert office.accept(office.approve(run))["state"] == "files_made"


def test_an_account_that_was_put_in_anothers_place_is_paid_to_nobody(office: Office) -> None:
    office.register(("00000001", PA), ("00000002", PA))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    run = office.proposed()
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        owner.execute(
            "UPDATE accounts SET (account_number, holder) = "
            "(SELECT account_number, holder FROM accounts WHERE case_no = '00000001') WHERE case_no = '00000002'"
        )
    refused = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/content-moved")
    assert office.run(run["run_id"])["state"] == "proposed"
    with pytest.raises(NotOpened, match=r"accounts\.account_number"):
        rows_of(office, SEALED[0])


@pytest.mark.parametrize("column", ["account_number", "holder", "reason_no_account"])
def test_the_database_refuses_a_clear_account(office: Office, column: str) -> None:
    office.register(("00000001", PA))
    with (
        psycopg.connect(office.running.runtime.settings.owner_database_url) as owner,
        pytest.raises(psycopg.errors.CheckViolation, match=f"accounts_{column}_sealed"),
    ):
        owner.execute(f"UPDATE accounts SET {column} = '7654321'".encode())


BEFORE_SEALING = (
    "ALTER TABLE accounts DROP CONSTRAINT accounts_account_number_sealed, DROP CONSTRAINT accounts_holder_sealed, "
    "DROP CONSTRAINT accounts_reason_no_account_sealed",
    "ALTER TABLE senders DROP CONSTRAINT senders_account_number_sealed",
    "ALTER TABLE bank_files DROP CONSTRAINT bank_file_length",
    "ALTER TABLE break_glass DROP CONSTRAINT break_glass_words_sealed",
    "DROP TABLE data_keys",
    "UPDATE alembic_version SET version_num = '0003'",
)


def test_a_paid_month_from_before_sealing_is_sealed_by_the_migration(office: Office) -> None:
    run, running = paid_month(office), office.running
    url = running.runtime.settings.owner_database_url
    clear = [(one, rows_of(office, one)) for one in SEALED]
    with psycopg.connect(url) as owner:
        for statement in (*BEFORE_RETENTION, *BEFORE_SEALING):
            owner.execute(statement.encode())
        for one, rows in clear:
            for row in rows:
                _put(owner, one, row)
        owner.execute("ALTER TABLE bank_files ADD CONSTRAINT bank_file_length CHECK (length(content) % 120 = 0)")
    assert clear_in(office) == {"accounts", "senders", "bank_files"}
    keyless = running.runtime.settings.model_copy(update={"sealing_keys": ""})
    with pytest.raises(KeyMissing, match="kurashi_sealing_keys"):
        migrate(running.service.folder / "migrations", keyless)
    assert clear_in(office) == {"accounts", "senders", "bank_files"}, "all or nothing"
    migrate(running.service.folder / "migrations", running.runtime.settings)
    assert clear_in(office) == set()
    running.runtime.sealer._opened.clear()
    content = office.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content
    assert inspect(content).sha256 == run["files"][0]["sha256"]


def rows_of(office: Office, sealed: Sealed) -> list[dict[str, Any]]:
    with office.running.work() as work:
        rows = work.connection.execute(text(f"SELECT * FROM {sealed.table}")).mappings().all()
        found: list[dict[str, Any]] = work.unseal(sealed, rows)
    return found


def _put(owner: psycopg.Connection, sealed: Sealed, row: dict[str, Any]) -> None:
    new = ", ".join(f"{name} = %({name})s" for name in sealed.columns)
    here = " AND ".join(f"{name} = %({name})s" for name in sealed.key)
    owner.execute(f"UPDATE {sealed.table} SET {new} WHERE {here}".encode(), row)


def test_the_accounts_of_a_whole_ward_open_as_they_were_sealed(office: Office) -> None:
    rows = [
        {"account_id": uuid4(), "account_number": f"{n:07}", "holder": "ｶｸｳ ﾀﾛｳ", "reason_no_account": None}
        for n in range(8_700)
    ]
    with office.running.work() as work:
        kept = work.seal(SEALED[0], rows)
        assert len({one["account_number"] for one in kept}) == len(rows)
        assert work.unseal(SEALED[0], kept) == rows
