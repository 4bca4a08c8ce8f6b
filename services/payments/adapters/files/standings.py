"""How each bank file stands in the treasurer's folder: read there, each time it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, update

from services.payments.adapters.files import file_folder
from services.payments.adapters.tables import bank_files
from shared.contracts.codes import FileStanding
from shared.service_kit.jobs.failures import SHOWN_AFTER
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

WRONG: Final[frozenset[FileStanding]] = frozenset({"altered", "missing"})
HAND_OVER: Final = "payments.hand_over"
UNKNOWN_NAMED: Final = 10
"""So many files that are not ours are named; the others are counted."""
_BYTES_A_RECORD: Final = 120
_RECORDS_BESIDE: Final = 3

_FILES = text("""
SELECT f.run_id, f.programme, f.name, f.records, f.yen, f.sha256, f.issue, f.written_at, f.standing AS noted,
       f.received_by, f.received_at, r.month, r.correlation, r.traceparent,
       coalesce(t.failures, 0) AS failures, t.reason
FROM bank_files f JOIN runs r USING (run_id)
LEFT JOIN task_failures t
  ON t.task = :task AND t.subject = 'file:' || f.run_id || ':' || f.programme AND f.written_at IS NULL
WHERE (CAST(:run_id AS uuid) IS NULL OR f.run_id = :run_id)
  AND (CAST(:month AS text) IS NULL OR r.month = :month)
ORDER BY r.month, f.name
""")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A bank file without its bytes; ``reason`` says in a code why its hand-over failed last."""

    run_id: UUID
    programme: str
    name: str
    records: int
    yen: int
    sha256: str
    issue: int
    written_at: datetime | None
    noted: str | None
    received_by: str | None
    received_at: datetime | None
    month: str
    correlation: str
    traceparent: str
    failures: int
    reason: str | None

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return _BYTES_A_RECORD * (self.records + _RECORDS_BESIDE)


def files_of(work: UnitOfWork, *, run_id: UUID | None = None, month: str | None = None) -> list[FileRow]:
    """The files of a run, of a month, or all of them."""
    asked = {"task": HAND_OVER, "run_id": run_id, "month": month}
    return [FileRow(*row) for row in work.connection.execute(_FILES, asked)]


def standing_of(folder: Path, file: FileRow) -> FileStanding:
    """How a file stands now."""
    if file.written_at is None:
        return "stuck" if file.failures >= SHOWN_AFTER else "waiting"
    standing = file_folder.standing_in_folder(folder, file.name, file.sha256, file.size)
    return "taken" if standing == "missing" and file.received_at else standing


def not_as_stored(work: UnitOfWork, month: str | None) -> int:
    """How many files that were handed over do not stand in the folder as they were stored."""
    files: Sequence[FileRow] = files_of(work, month=month)
    return sum(standing_of(work.runtime.settings.files_dir, file) in WRONG for file in files)


def unknown_files(work: UnitOfWork, month: str | None) -> list[str]:
    """Names of files in the treasurer's folder, or in that of a month, that were not made here.

    The folder is looked at first: a file has its row before it has its name there.
    """
    names = file_folder.listed(work.runtime.settings.files_dir)
    ours = set(work.connection.execute(select(bank_files.c.name)).scalars())
    foreign = [name for name in names if name not in ours and (month is None or name.startswith(f"{month}/"))]
    return ["".join(letter if letter.isprintable() else "?" for letter in name) for name in foreign]


def note_standing(work: UnitOfWork, file: FileRow, standing: FileStanding) -> None:
    """Keep what was found, so that a change of it is published once."""
    here = (bank_files.c.run_id == file.run_id) & (bank_files.c.programme == file.programme)
    work.connection.execute(update(bank_files).where(here).values(standing=standing))


def locked_file(work: UnitOfWork, run_id: UUID, programme: str) -> FileRow:
    """One file, kept from being handed over, received or issued again meanwhile.

    Raises:
        Problem: not-found.
    """
    here = (bank_files.c.run_id == run_id) & (bank_files.c.programme == programme)
    work.connection.execute(select(bank_files.c.run_id).where(here).with_for_update())
    files = [file for file in files_of(work, run_id=run_id) if file.programme == programme]
    if not files:
        raise Problem("not-found", field="programme", detail="この振込ファイルはまだありません")
    return files[0]
