"""The office's own account (振込依頼人) by programme: as it counts now, and as a run was approved with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.payments.adapters.sealed import SENDERS
from services.payments.adapters.tables import run_senders
from services.payments.domain.accounts import Sender, account_of
from shared.service_kit.unit_of_work import UnitOfWork

_SENDERS = text("""
SELECT DISTINCT ON (s.programme) s.* FROM senders s JOIN account_imports i USING (import_id)
WHERE i.state = 'approved' ORDER BY s.programme, i.version DESC
""")
_FROZEN = text("""
SELECT s.*, r.sender_name AS printed FROM runs JOIN run_senders r USING (run_id, sha256)
JOIN senders s USING (import_id, programme)
WHERE run_id = :run_id AND programme = :programme
""")


@dataclass(frozen=True, slots=True)
class KeptSender:
    """The office's own account as it counts now, and the import in which it stands."""

    import_id: UUID
    sender: Sender


def senders_now(work: UnitOfWork, programmes: Collection[str]) -> dict[str, KeptSender]:
    """The office's own account by programme, the newest approved; its name says DEMO outside production."""
    rows = [row for row in work.connection.execute(_SENDERS).mappings() if row["programme"] in programmes]
    return {
        row["programme"]: KeptSender(row["import_id"], _sender(row, _printed(work, row["sender_name"])))
        for row in work.unseal(SENDERS, rows)
    }


def freeze_senders(work: UnitOfWork, run_id: UUID, sha256: str, senders: Mapping[str, KeptSender]) -> None:
    """Keep under the approved hash which account of the office is debited: one approved later counts for later runs."""
    named = {"run_id": run_id, "sha256": sha256}
    rows = [
        {**named, "programme": programme, "import_id": kept.import_id, "sender_name": kept.sender.name}
        for programme, kept in senders.items()
    ]
    if rows:
        work.connection.execute(insert(run_senders).on_conflict_do_nothing(), rows)


def sender_of(work: UnitOfWork, run_id: UUID, programme: str) -> Sender | None:
    """The office's own account for a programme, as the run was approved with it."""
    rows = work.connection.execute(_FROZEN, {"run_id": run_id, "programme": programme}).mappings().all()
    if not rows:
        return None
    (row,) = work.unseal(SENDERS, rows)
    return _sender(row, row["printed"])


def _printed(work: UnitOfWork, name: str) -> str:
    return f"DEMO {name}" if work.runtime.settings.demo and not name.startswith("DEMO") else name


def _sender(row: Mapping[Any, Any], name: str) -> Sender:
    return Sender(code=row["sender_code"], name=name, account=account_of({**row, "holder": name}))
