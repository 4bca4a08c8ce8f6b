"""Bank files: what goes into one, its stored bytes, and how it is handed over to the treasurer's folder, once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.dialects.postgresql import insert

from services.payments.adapters.runs.payees import account_of
from services.payments.adapters.sealed import ACCOUNTS, FILES, SENDERS
from services.payments.adapters.tables import bank_files, run_senders
from services.payments.domain.accounts import Sender
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
_SENDERS = text("""
SELECT DISTINCT ON (s.programme) s.* FROM senders s JOIN account_imports i USING (import_id)
WHERE i.state = 'approved' ORDER BY s.programme, i.version DESC
""")
_FROZEN = text("""
SELECT s.*, r.sender_name AS printed FROM runs JOIN run_senders r USING (run_id, sha256)
JOIN senders s USING (import_id, programme)
WHERE run_id = :run_id AND programme = :programme
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
    rows = work.session.execute(_PAYMENTS, {"run_id": run_id, "programme": programme}).all()
    opened = work.unseal(ACCOUNTS, [row._mapping for row in rows])
    return [Payment(row["case_no"], account_of(row), row["yen"]) for row in opened]


@dataclass(frozen=True, slots=True)
class KeptSender:
    """The office's own account as it counts now, and the import in which it stands."""

    import_id: UUID
    sender: Sender


def senders_now(work: UnitOfWork, programmes: Collection[str]) -> dict[str, KeptSender]:
    """The office's own account by programme, the newest approved; its name says DEMO outside production."""
    found = [row for row in work.session.execute(_SENDERS).mappings() if row["programme"] in programmes]
    return {
        row["programme"]: KeptSender(row["import_id"], _sender(row, _printed(work, row["sender_name"])))
        for row in work.unseal(SENDERS, found)
    }


def freeze_senders(work: UnitOfWork, run_id: UUID, sha256: str, senders: Mapping[str, KeptSender]) -> None:
    """Keep under the approved hash which account of the office is debited: one approved later counts for later runs."""
    named = {"run_id": run_id, "sha256": sha256}
    rows = [
        {**named, "programme": programme, "import_id": one.import_id, "sender_name": one.sender.name}
        for programme, one in senders.items()
    ]
    if rows:
        work.session.execute(insert(run_senders).on_conflict_do_nothing(), rows)


def sender_of(work: UnitOfWork, run_id: UUID, programme: str) -> Sender | None:
    """The office's own account for a programme, as the run was approved with it."""
    found = work.session.execute(_FROZEN, {"run_id": run_id, "programme": programme}).mappings().one_or_none()
    if found is None:
        return None
    (row,) = work.unseal(SENDERS, [found])
    return _sender(row, row["printed"])


def _printed(work: UnitOfWork, name: str) -> str:
    return f"DEMO {name}" if work.settings.demo and not name.startswith("DEMO") else name


def _sender(row: Mapping[Any, Any], name: str) -> Sender:
    return Sender(code=row["sender_code"], name=name, account=account_of({**row, "holder": name}))


def store_file(work: UnitOfWork, run_id: UUID, programme: str, name: str, content: bytes, found: Inspection) -> None:
    """Keep the bytes for ever, with records, yen and SHA-256 as the independent reader found them."""
    (kept,) = work.seal(FILES, [{"run_id": run_id, "programme": programme, "name": name, "content": content}])
    values = {**kept, "now": work.clock.now()}
    work.session.execute(_STORE, {**values, "records": found.records, "yen": found.yen, "sha256": found.sha256})


def file_bytes(work: UnitOfWork, run_id: UUID, programme: str) -> tuple[str, bytes]:
    """Name and stored bytes of a bank file: a re-issue is the same file, byte for byte.

    Raises:
        Problem: not-found.
    """
    row = work.session.execute(
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
    return list(work.session.execute(_IN_FILE, {"run_id": run_id, "programme": programme}).scalars())


def mark_sent(work: UnitOfWork, run_id: UUID, programme: str) -> None:
    """Transfers of the programme are in the file, or at the cash desk."""
    work.session.execute(_SENT, {"run_id": run_id, "programme": programme})


def waiting_files(work: UnitOfWork) -> list[WaitingFile]:
    """Files that are stored and not handed over, oldest first."""
    return [WaitingFile(*row) for row in work.session.execute(_WAITING)]


def take_file(work: UnitOfWork, file: WaitingFile) -> bool:
    """Keep the hand-over of a file to this transaction; False where another has it. A crash lets it go at once."""
    return _HAND_OVER.each(file.subject).try_to_hold(work.session)


def lease_file(work: UnitOfWork, file: WaitingFile) -> LeasedFile | None:
    """The stored file under the next fencing number; None where it is handed over.

    The number outlives a worker that is stopped so long that the database lets go of its lock: what that worker does
    later in the name of its own number counts for nothing.
    """
    named = {"run_id": file.run_id, "programme": file.programme}
    rows = work.session.execute(_LEASE, named).mappings().all()
    return LeasedFile(**work.unseal(FILES, rows)[0]) if rows else None


def mark_prepared(work: UnitOfWork, leased: LeasedFile) -> bool:
    """Note that the file is prepared under this number; False where another attempt came between."""
    return _moved(work, _PREPARED, leased)


def mark_written(work: UnitOfWork, leased: LeasedFile) -> bool:
    """Note that the file was handed over; False where another attempt came between."""
    return _moved(work, _WRITTEN, leased)


def _moved(work: UnitOfWork, statement: TextClause, leased: LeasedFile) -> bool:
    values = {"run_id": leased.run_id, "programme": leased.programme, "fence": leased.fence, "now": work.clock.now()}
    result: Any = work.session.execute(statement, values)
    return bool(result.rowcount)
