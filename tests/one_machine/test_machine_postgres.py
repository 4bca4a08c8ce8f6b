"""PostgreSQL of the wheel: whole or not at all, guarded by a password, from any folder, as any user."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from infra.one_machine.folders import Folders, folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.as_user import BARRED, CAP_DAC_READ_SEARCH
from infra.one_machine.processes.child import HELPER
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.postgres import Postgres
from infra.one_machine.processes.supervisor import Supervisor

as_root_on_linux = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux changes the user"
)


@pytest.fixture
def layout(tmp_path: Path) -> Folders:
    """A data folder below one that only its owner may enter, as `mktemp -d` makes it."""
    tmp_path.chmod(0o700)
    made = folders(tmp_path / "var")
    made.make()
    return made


@contextmanager
def running(layout: Folders) -> Iterator[Postgres]:
    """Run the cluster of a data folder."""
    lock = FolderLock(layout.run)
    ports = Ports(layout.run / "ports.json", ["postgres"])
    postgres = Postgres(layout, ports["postgres"], durable=False)
    supervisor = Supervisor(lock.children)
    try:
        postgres.prepare(lock.children)
        supervisor.start(postgres.child())
        supervisor.wait_ready(postgres.ready, 30)
        yield postgres
    finally:
        supervisor.stop(["postgres"], 5)
        supervisor.close()
        lock.release()
        ports.release()


def test_the_cluster_keeps_its_data_and_its_password_from_one_run_to_the_next(layout: Folders) -> None:
    with running(layout) as postgres, psycopg.connect(postgres.admin_url) as admin:
        admin.execute("CREATE TABLE kept (yen int)")
        admin.execute("INSERT INTO kept VALUES (46930)")
    with running(layout) as postgres, psycopg.connect(postgres.admin_url) as admin:
        assert admin.execute("SELECT yen FROM kept").fetchone() == (46930,)


def test_nobody_gets_in_without_the_password(layout: Folders) -> None:
    with running(layout) as postgres:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://postgres:guessed@127.0.0.1:{postgres.port}/postgres")
        with psycopg.connect(postgres.admin_url) as admin:
            told = {str(row[0]): row[1] for row in admin.execute("SELECT name, setting FROM pg_settings")}
            rule = admin.execute("SELECT datcollate FROM pg_database WHERE datname = 'template0'").fetchone()
    assert (told["password_encryption"], told["listen_addresses"]) == ("scram-sha-256", "127.0.0.1")
    assert told["unix_socket_directories"] == ""
    assert (told["server_encoding"], rule) == ("UTF8", ("C",))
    assert not list(layout.postgres.glob("password"))
    assert (layout.secrets / "postgres_password").stat().st_mode & 0o777 == 0o600


def test_a_half_made_cluster_is_made_again(layout: Folders) -> None:
    (layout.postgres / "new").mkdir()
    (layout.postgres / "new" / "PG_VERSION").write_text("18\n")
    with running(layout) as postgres, psycopg.connect(postgres.admin_url) as admin:
        assert admin.execute("SELECT 1").fetchone() == (1,)
    assert not (layout.postgres / "new").exists()


def test_a_cluster_of_another_version_is_refused_by_name(layout: Folders) -> None:
    (layout.postgres / "data").mkdir()
    (layout.postgres / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(MachineError, match=r"of PostgreSQL 15; this program brings 18"):
        Postgres(layout, 1).prepare(2)


def test_a_killed_server_comes_back(layout: Folders) -> None:
    lock = FolderLock(layout.run)
    ports = Ports(layout.run / "ports.json", ["postgres"])
    postgres = Postgres(layout, ports["postgres"], durable=False)
    postgres.prepare(lock.children)
    supervisor = Supervisor(lock.children)
    supervisor.start(postgres.child())
    supervisor.wait_ready(postgres.ready, 30)
    with psycopg.connect(postgres.admin_url, autocommit=True) as session:
        before = supervisor.pid("postgres")
        supervisor.kill("postgres")
        supervisor.wait_ready(lambda: ["restart"] if supervisor.pid("postgres") == before else postgres.ready(), 30)
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    supervisor.stop(["postgres"], 5)
    supervisor.close()
    lock.release()
    ports.release()


@as_root_on_linux
def test_root_runs_it_as_nobody_with_the_right_to_pass_and_no_other(layout: Folders) -> None:
    with running(layout) as postgres, psycopg.connect(postgres.admin_url) as admin:
        found = admin.execute("SELECT pg_backend_pid()").fetchone()
        assert found is not None
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{found[0]}/status").read_text().splitlines() if ":\t" in line
        )
    assert set(status["Uid"].split()) == {"65534"}
    assert {int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")} == {1 << CAP_DAC_READ_SEARCH}


@as_root_on_linux
def test_where_the_right_cannot_be_had_the_error_names_the_folder(layout: Folders) -> None:
    drop = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 2, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])"
    helper = [sys.executable, str(HELPER), "--user", "nobody", "--reach", str(layout.postgres), "--", "true"]
    barred = subprocess.run([sys.executable, "-c", drop, *helper], capture_output=True, text=True, check=False)
    assert barred.returncode == BARRED
    assert barred.stderr.startswith("the user nobody may not enter the folder /")
    assert str(layout.root).startswith(barred.stderr.split("folder ", 1)[1].strip())
