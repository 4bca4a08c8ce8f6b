"""The folders of one office on one machine (`var/` unless `--data-dir` names another)."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
"""The root of the project."""
FULL_BYTES = 4 * 1024 * 1024
"""With less than this nothing goes on: PostgreSQL takes space in pieces of megabytes."""


@dataclass(frozen=True)
class Folders:
    """What lies where below the data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The cluster, owned by the user that PostgreSQL runs as."""
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        """The broker's append-only file."""
        return self.root / "redis"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, one folder a process; files are 0600."""
        return self.root / "secrets"

    @property
    def files(self) -> Path:
        """Bank files."""
        return self.root / "files"

    @property
    def traces(self) -> Path:
        """Spans, one file a service."""
        return self.root / "traces"

    @property
    def log(self) -> Path:
        """What the processes print, one file each."""
        return self.root / "log"

    @property
    def audit(self) -> Path:
        """The published tiles of the audit log."""
        return self.root / "audit"

    @property
    def witness(self) -> Path:
        """The witness's own: its key, and the checkpoints that it saw."""
        return self.root / "witness"

    @property
    def run(self) -> Path:
        """Locks and addresses of the run that is going on."""
        return self.root / "run"

    def make(self) -> None:
        """Create all folders; the ones with personal data or secrets are for the owner alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.redis, self.secrets, self.files, self.traces, self.log, self.run, self.witness):
            folder.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.postgres, self.audit):
            folder.mkdir(exist_ok=True)


def full_disk(folder: Path) -> str:
    """Say that the disk of a folder is full; empty where it is not."""
    with suppress(OSError):
        if shutil.disk_usage(folder).free < FULL_BYTES:
            return f"the disk of {folder} is full"
    return ""


def folders(data_dir: Path | str) -> Folders:
    """Return the layout below `data_dir`, made absolute."""
    return Folders(Path(data_dir).expanduser().resolve())
