"""Bank files: what goes into one, its stored bytes, and how it is handed over to the treasurer's folder, once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, select, text

from services.payments.adapters.sealed import ACCOUNTS, FILES
from services.payments.adapters.tables import bank_files
from services.payments.domain.accounts import account_of
from services.payments.domain.bank_file import Payment
from services.payments.domain.bank_file_inspector import Inspection
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_PAYMENTS = text("""
SELECT t.case_no, t.yen, a.account_id, a.bank_code, a.bank_name, a.branch_code, a.branch_name, a.account_type,
       a.account_number, a.holder
FROM transfers t JOIN accounts a USING (account_id)
WHERE t.run_id = :run_id AND t.programme = :programme AND t.channel = 'bank' AND t.state IN ('approved', 'in_file')
ORDER BY t.case_no, t.transfer_id
""")
_STORE = text("""
INSERT INTO bank_files (run_id, programme, name, content, records, yen, sha256, made_at, fence)
VALUES (:run_id, :programme, :name, :content, :records, :yen, :sha256, :now, 0)
""")
_SENT = text("""
UPDATE transfers SET state = CASE channel WHEN 'bank' THEN 'in_file' ELSE 'at_desk' END
WHERE run_id = :run_id AND programme = :programme AND state = 'approved'
""")
_WAITING = text("""
SELECT f.run_id, f.programme, r.correlation, r.traceparent FROM bank_files f JOIN runs r USING (run_id)
WHERE f.written_at IS NULL ORDER BY f.made_at, f.name
""")
_HAND_OVER = declare("payments.file")
_LEASE = text("""
UPDATE bank_files SET fence = fence + 1
WHERE run_id = :run_id AND programme = :programme AND written_at IS NULL
RETURNING run_id, programme, name, content, records, yen, sha256, fence, prepared, issue
""")
_PREPARED = text("""
UPDATE bank_files SET prepared = :fence
WHERE run_id = :run_id AND programme = :programme AND fence = :fence AND prepared IS NULL AND written_at IS NULL
""")
_WRITTEN = text("""
UPDATE bank_files SET written_at = :now, standing = NULL
WHERE run_id = :run_id AND programme = :programme AND fence = :fence AND written_at IS NULL
""")
_IN_FILE = text("""
SELECT DISTINCT case_no FROM transfers
WHERE run_id = :run_id AND programme = :programme AND channel = 'bank' AND state = 'in_file'
""")


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A stored file that nobody has handed over yet, and the act behind it."""

    run_id: UUID
    programme: str
    correlation: str
    traceparent: str

    @property
    def subject(self) -> str:
        """What a failure of its hand-over is about."""
        return file_subject(self.run_id, self.programme)


@dataclass(frozen=True, slots=True)
class LeasedFile:
    """Stored bytes to be handed over, and the fencing number of this attempt.

    Attributes:
        prepared: the number under which the bytes stand prepared in the folder already.
        issue: 1; 2 and more where the file is issued again.
    """

    run_id: UUID
    programme: str
    name: str
    content: bytes
    records: int
    yen: int
    sha256: str
    fence: int
    prepared: int | None
    issue: int


def file_subject(run_id: UUID, programme: str) -> str:
    """A file in the lists of what fails: "file:<run>:<programme>"."""
    return f"file:{run_id}:{programme}"


def payments_of(work: UnitOfWork, run_id: UUID, programme: str) -> list[Payment]:
    """The bank transfers of one programme, accounts as frozen at the approval."""
    rows = work.connection.execute(_PAYMENTS, {"run_id": run_id, "programme": programme}).all()
    opened = work.unseal(ACCOUNTS, [row._mapping for row in rows])
    return [Payment(row["case_no"], account_of(row), row["yen"]) for row in opened]


def store_file(
    work: UnitOfWork, run_id: UUID, programme: str, name: str, content: bytes, inspection: Inspection
) -> None:
    """Keep the bytes for ever, with records, yen and SHA-256 as the independent reader found them."""
    (kept,) = work.seal(FILES, [{"run_id": run_id, "programme": programme, "name": name, "content": content}])
    values = {**kept, "now": work.clock.now()}
    work.connection.execute(
        _STORE, {**values, "records": inspection.records, "yen": inspection.yen, "sha256": inspection.sha256}
    )


def file_bytes(work: UnitOfWork, run_id: UUID, programme: str) -> tuple[str, bytes]:
    """Name and stored bytes of a bank file: a re-issue is the same file, byte for byte.

    Raises:
        Problem: not-found.
    """
    row = work.connection.execute(
        select(bank_files.c.run_id, bank_files.c.programme, bank_files.c.name, bank_files.c.content).where(
            bank_files.c.run_id == run_id,
            bank_files.c.programme == programme,
        ),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", field="programme", detail="この振込ファイルはまだありません")
    return row.name, work.unseal(FILES, [row._mapping])[0]["content"]


def cases_in_file(work: UnitOfWork, run_id: UUID, programme: str) -> list[str]:
    """The cases whose payees stand in a bank file, with name and whole account."""
    return list(work.connection.execute(_IN_FILE, {"run_id": run_id, "programme": programme}).scalars())


def mark_sent(work: UnitOfWork, run_id: UUID, programme: str) -> None:
    """Transfers of the programme are in the file, or at the cash desk."""
    work.connection.execute(_SENT, {"run_id": run_id, "programme": programme})


def waiting_files(work: UnitOfWork) -> list[WaitingFile]:
    """Files that are stored and not handed over, oldest first."""
    return [WaitingFile(*row) for row in work.connection.execute(_WAITING)]


def take_file(work: UnitOfWork, file: WaitingFile) -> bool:
    """Keep the hand-over of a file to this transaction; False where another has it. A crash lets it go at once."""
    return _HAND_OVER.each(file.subject).try_to_hold(work.connection)


def lease_file(work: UnitOfWork, file: WaitingFile) -> LeasedFile | None:
    """The stored file under the next fencing number; None where it is handed over.

    The number outlives a worker that is stopped so long that the database lets go of its lock: what that worker does
    later in the name of its own number counts for nothing.
    """
    named = {"run_id": file.run_id, "programme": file.programme}
    rows = work.connection.execute(_LEASE, named).mappings().all()
    return LeasedFile(**work.unseal(FILES, rows)[0]) if rows else None


def mark_prepared(work: UnitOfWork, leased: LeasedFile) -> bool:
    """Note that the file is prepared under this number; False where another attempt came between."""
    return _moved(work, _PREPARED, leased)


def mark_written(work: UnitOfWork, leased: LeasedFile) -> bool:
    """Note that the file was handed over; False where another attempt came between."""
    return _moved(work, _WRITTEN, leased)


def _moved(work: UnitOfWork, statement: TextClause, leased: LeasedFile) -> bool:
    values = {"run_id": leased.run_id, "programme": leased.programme, "fence": leased.fence, "now": work.clock.now()}
    result: Any = work.connection.execute(statement, values)
    return bool(result.rowcount)
