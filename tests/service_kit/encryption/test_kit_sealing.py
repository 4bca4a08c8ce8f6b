"""Sealed fields: what opens and what does not, keys that change while rows are read, keys that are lost."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.payments.adapters import tables
from services.payments.adapters.sealed import ACCOUNTS, SEALED
from services.payments.app import service as payments
from shared.service_kit.database.engine import psycopg_url
from shared.service_kit.encryption.rotation import reseal, run_command
from shared.service_kit.encryption.sealing import NotOpened, Sealed, Sealer, text_head
from shared.service_kit.encryption.wrapping import FileKeys, KeyMissing, KmsKey, new_key
from shared.service_kit.provisioning import provision
from shared.service_kit.settings import Settings
from shared.service_kit.testing import RunningService, Services

pytestmark = pytest.mark.database
NAME = "カナリア キイロ"
PAIR = Sealed("notes", ("note_id",), ("words", "others"))


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(payments)


@pytest.fixture
def connection(running: RunningService) -> Iterator[Connection]:
    with running.runtime.engine.begin() as connection:
        yield connection


def opened(sealer: Sealer, connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    return sealer.open(connection, PAIR, [row])[0]


def sealed(running: RunningService, connection: Connection, words: str | bytes = NAME) -> dict[str, Any]:
    return running.runtime.sealer.seal(connection, PAIR, [{"note_id": 1, "words": words, "others": None}])[0]


def accounts(running: RunningService, count: int) -> None:
    """Accounts as another office handed them in, all under one data key."""
    import_id = uuid.uuid4()
    row = {"import_id": import_id, "method": "bank", "programme": "public_assistance", "bank_code": "0001"}
    more = {"bank_name": "ﾐｽﾞﾎ", "branch_code": "001", "branch_name": "ﾄｳｷﾖｳ", "account_type": "1"}
    with running.work() as work:
        work.connection.execute(
            text(
                "INSERT INTO account_imports (import_id, state, sha256, rows, proposer, proposed_at, known_version) "
                "VALUES (:id, 'proposed', '', :rows, 'person:demo-accountant', '2026-11-24Z', 0)"
            ),
            {"id": import_id, "rows": count},
        )
        rows = [
            {
                **row,
                **more,
                "account_id": uuid.uuid4(),
                "case_no": f"{n:08}",
                "account_number": f"{n:07}",
                "holder": NAME,
            }
            for n in range(count)
        ]
        kept = work.seal(ACCOUNTS, rows)
        work.copy(tables.accounts, [tuple(row.values()) for row in kept], tuple(kept[0]))


def numbers(running: RunningService) -> set[str]:
    """All account numbers in the clear."""
    with running.work() as work:
        rows = work.connection.execute(text("SELECT account_id, account_number, holder FROM accounts")).mappings()
        return {str(row["account_number"]) for row in work.unseal(ACCOUNTS, rows.all())}


def under(running: RunningService, key_no: int) -> int:
    """How many account numbers are sealed under a data key."""
    head = text_head(key_no)
    rows = running.execute("SELECT count(*) FROM accounts WHERE starts_with(account_number, :head)", head=head)
    return int(rows[0][0])


def owner(running: RunningService) -> Engine:
    """The database as its owner sees it."""
    return create_engine(psycopg_url(running.runtime.settings.owner_database_url), poolclass=NullPool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(alphabet=st.characters(codec="utf-8")), content=st.binary())
def test_any_text_and_any_bytes_come_back_as_they_were(
    running: RunningService, connection: Connection, words: str, content: bytes
) -> None:
    row = {"note_id": 7, "words": words, "others": content}
    kept = running.runtime.sealer.seal(connection, PAIR, [row])[0]
    assert kept["words"] != words
    assert opened(running.runtime.sealer, connection, kept) == row


def test_the_same_words_are_never_sealed_alike(running: RunningService, connection: Connection) -> None:
    assert sealed(running, connection)["words"] != sealed(running, connection)["words"]


def test_what_is_moved_to_another_row_column_table_or_service_does_not_open(
    running: RunningService, connection: Connection
) -> None:
    kept = sealed(running, connection)
    sealer = running.runtime.sealer
    assert opened(sealer, connection, kept)["words"] == NAME
    other = Sealer("case_management", running.runtime.settings)
    other._opened = sealer._opened
    elsewhere = Sealed("letters", ("note_id",), ("words",))
    for moved in (
        lambda: opened(sealer, connection, {**kept, "note_id": 2}),
        lambda: opened(sealer, connection, {**kept, "others": kept["words"], "words": None}),
        lambda: sealer.open(connection, elsewhere, [kept]),
        lambda: opened(other, connection, kept),
    ):
        with pytest.raises(NotOpened, match="belongs to another row") as refused:
            moved()
        assert NAME not in str(refused.value)


def test_no_changed_byte_opens(running: RunningService, connection: Connection) -> None:
    kept = sealed(running, connection, NAME.encode())["words"]
    for at in range(len(kept)):
        changed = bytes([*kept[:at], kept[at] ^ 1, *kept[at + 1 :]])
        with pytest.raises(NotOpened):
            opened(running.runtime.sealer, connection, {"note_id": 1, "words": changed})


@pytest.mark.parametrize("value", ["", "1234567", "sealed:", "sealed:AAAA", "sealed:カナ", b"", b"\x01\x00\x01"])
def test_what_was_never_sealed_is_not_taken_for_it(
    running: RunningService, connection: Connection, value: str | bytes
) -> None:
    with pytest.raises(NotOpened, match=r"notes\.words is not sealed"):
        opened(running.runtime.sealer, connection, {"note_id": 1, "words": value})


def test_a_new_key_seals_at_once_what_a_running_process_writes(running: RunningService) -> None:
    accounts(running, 3)
    with owner(running).begin() as connection:
        assert Sealer("payments", running.runtime.settings).add_key(connection) == 2
    accounts(running, 2)
    assert (under(running, 1), under(running, 2)) == (3, 2)
    assert len(numbers(running)) == 3


def test_rows_are_read_and_written_while_they_are_sealed_anew(running: RunningService) -> None:
    accounts(running, 300)
    before, stop, read = numbers(running), threading.Event(), []

    def keep_reading() -> None:
        while not stop.is_set():
            read.append(numbers(running))

    reader = threading.Thread(target=keep_reading)
    reader.start()
    try:
        said: list[str] = []
        running.change_sealing("rotate", said.append)
    finally:
        stop.set()
        reader.join()
    assert read
    assert all(seen == before for seen in read)
    assert (under(running, 1), under(running, 2)) == (0, 300)
    assert said == ["data key 2 seals from now on\n", "accounts: 300 rows\n"]


def test_a_connection_killed_in_the_middle_loses_nothing_and_the_next_start_goes_on(running: RunningService) -> None:
    accounts(running, 50)
    before, engine, sealer = numbers(running), owner(running), Sealer("payments", running.runtime.settings)
    with engine.begin() as connection:
        sealer.add_key(connection)
        for statement in KILLED_AT_THE_25TH:
            connection.execute(text(statement))
    done: list[tuple[str, int]] = []
    with pytest.raises(DBAPIError):
        done.extend(reseal(engine, sealer, SEALED, chunk=10))
    assert done == [("accounts", 10), ("accounts", 10)]
    assert (under(running, 1), under(running, 2)) == (30, 20), "the chunk that was killed left nothing"
    assert numbers(running) == before
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER killed ON accounts"))
    assert sum(count for _, count in reseal(engine, sealer, SEALED, chunk=10)) == 30
    assert (under(running, 1), numbers(running)) == (0, before)


def test_sealing_anew_stops_at_what_does_not_open_and_says_where(running: RunningService) -> None:
    accounts(running, 4)
    engine, sealer = owner(running), Sealer("payments", running.runtime.settings)
    with engine.begin() as connection:
        sealer.add_key(connection)
        first, second = connection.execute(text("SELECT account_id FROM accounts ORDER BY 1 LIMIT 2")).scalars()
        swap = "UPDATE accounts SET holder = (SELECT holder FROM accounts WHERE account_id = :a) WHERE account_id = :b"
        connection.execute(text(swap), {"a": first, "b": second})
    with pytest.raises(NotOpened, match=r"accounts\.holder was altered"):
        list(reseal(engine, sealer, SEALED, chunk=1))
    assert (under(running, 1), under(running, 2)) == (3, 1)


def test_a_new_wrapping_key_wraps_data_keys_alone(running: RunningService) -> None:
    accounts(running, 2)
    old, fresh = running.runtime.settings.sealing_keys, new_key()
    before = running.execute("SELECT account_number, xmin FROM accounts ORDER BY 1")
    both = running.runtime.settings.model_copy(update={"sealing_keys": f"{fresh}\n{old}\n"})
    said: list[str] = []
    run_command(running.service.name, both, SEALED, "rewrap", said.append)
    run_command(running.service.name, both, SEALED, "rewrap", said.append)
    assert said[0] == f"1 data keys wrapped by {FileKeys(fresh).id}\n"
    assert said[1].startswith("0 data keys")
    assert running.execute("SELECT account_number, xmin FROM accounts ORDER BY 1") == before
    alone = Sealer("payments", Settings(env="test", sealing_keys=fresh))
    with running.runtime.engine.begin() as connection:
        alone.prepare(connection)
        assert [row.wrapped_by for row in connection.execute(text("SELECT wrapped_by FROM data_keys"))] == [
            FileKeys(old).id,
            FileKeys(fresh).id,
        ]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("", "kurashi_sealing_keys of KURASHI_SECRETS_DIR is missing"),
        ("AAAA", "is not a key: 32 bytes in base64"),
        ("A" * 43 + "=", "put that key back"),
    ],
    ids=["missing", "no key", "another's"],
)
def test_a_service_without_its_key_does_not_start_and_says_what_to_do(
    running: RunningService, tmp_path: Path, keys: str, says: str
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "kurashi_database_url").write_text(running.runtime.settings.database_url)
    (secrets / "kurashi_broker_url").write_text("redis://127.0.0.1:1/0")
    if keys:
        (secrets / "kurashi_sealing_keys").write_text(keys)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KURASHI_")}
    command = [sys.executable, "-m", "services.payments.app", "schedule"]
    ended = subprocess.run(
        command,
        env={**kept, "KURASHI_ENV": "test", "KURASHI_SECRETS_DIR": str(secrets)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert says in ended.stderr
    assert not keys or keys not in ended.stderr


def test_a_fresh_key_is_put_first_and_the_others_stay(tmp_path: Path) -> None:
    old = new_key()
    for name in ("payments", "payments_owner"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kurashi_sealing_keys").write_text(old)
    provision.main(["--secrets", str(tmp_path), "--new-sealing-key", "payments"])
    runtime, by_owner = (tmp_path / name / "kurashi_sealing_keys" for name in ("payments", "payments_owner"))
    assert runtime.read_text() == by_owner.read_text()
    assert runtime.read_text().split()[1:] == [old]
    assert runtime.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """AWS KMS as moto's server plays it, over real HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL_KMS": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        "AWS_DEFAULT_REGION": "ap-northeast-1",
    }.items():
        monkeypatch.setenv(name, value)
    yield boto3.client("kms")
    server.stop()


def test_a_key_of_kms_wraps_and_binds_to_the_service(running: RunningService, kms: Any) -> None:
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    by_kms = Settings(env="test", sealing_kms_key=key_id)
    with owner(running).begin() as connection:
        connection.execute(text("DELETE FROM data_keys"))
        sealer = Sealer("payments", by_kms)
        sealer.prepare(connection)
        kept = sealer.seal(connection, PAIR, [{"note_id": 1, "words": NAME, "others": None}])[0]
        assert opened(Sealer("payments", by_kms), connection, kept)["words"] == NAME
        with pytest.raises(KeyMissing, match="InvalidCiphertextException"):
            Sealer("case_management", by_kms).prepare(connection)
    kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    with pytest.raises(KeyMissing, match="AWS KMS did not unwrap"):
        KmsKey(key_id).unwrap(f"kms:{key_id}", b"\x00" * 80, {})


KILLED_AT_THE_25TH = (
    "CREATE SEQUENCE updates",
    "CREATE FUNCTION killed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF nextval('updates') >= 25 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$",
    "CREATE TRIGGER killed BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION killed()",
)
