"""Bank files: what goes into one, its stored bytes, and the lease under which it leaves the database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.payments.adapters.run_rows import account_of
from services.payments.adapters.sealed import ACCOUNTS, FILES, SENDERS
from services.payments.adapters.tables import run_senders
from services.payments.domain.accounts import Sender
from services.payments.domain.bank_file import Payment
from services.payments.domain.bank_file_inspector import Inspection
from shared.service_kit.work import UnitOfWork

LEASE: Final = timedelta(seconds=60)

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
_LEASE = text("""
UPDATE bank_files f SET fence = fence + 1, leased_until = :until
FROM runs r
WHERE r.run_id = f.run_id AND (f.run_id, f.programme) IN (
  SELECT run_id, programme FROM bank_files
  WHERE written_at IS NULL AND (leased_until IS NULL OR leased_until < :now)
  ORDER BY made_at, name LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING f.run_id, f.programme, f.name, f.content, f.records, f.yen, f.sha256, f.fence, r.correlation, r.traceparent
""")
_WRITTEN = text("""
UPDATE bank_files SET written_at = :now, leased_until = NULL
WHERE run_id = :run_id AND programme = :programme AND fence = :fence AND written_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class LeasedFile:
    """Stored bytes to be written out, and the fencing number of whoever writes them."""

    run_id: UUID
    programme: str
    name: str
    content: bytes
    records: int
    yen: int
    sha256: str
    fence: int
    correlation: str
    traceparent: str


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


def mark_sent(work: UnitOfWork, run_id: UUID, programme: str) -> None:
    """Transfers of the programme are in the file, or at the cash desk."""
    work.session.execute(_SENT, {"run_id": run_id, "programme": programme})


def lease_file(work: UnitOfWork) -> LeasedFile | None:
    """Take a file that is not written out yet, for a minute, under the next fencing number; None: there is none."""
    now = work.clock.now()
    rows = work.session.execute(_LEASE, {"now": now, "until": now + LEASE}).mappings().all()
    return LeasedFile(**work.unseal(FILES, rows)[0]) if rows else None


def mark_written(work: UnitOfWork, leased: LeasedFile) -> bool:
    """Note that the file stands in the folder; False where another took the lease meanwhile."""
    values = {"run_id": leased.run_id, "programme": leased.programme, "fence": leased.fence, "now": work.clock.now()}
    result: Any = work.session.execute(_WRITTEN, values)
    return bool(result.rowcount)
