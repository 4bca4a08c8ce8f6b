"""Look at one entry: what it says, or why it can no longer be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.refill.refills import refilled_at
from services.audit_logging.adapters.retention.deletions import deletion_rows
from services.audit_logging.adapters.retention.tables import deleted_entries, deletions
from services.audit_logging.adapters.search.search_index import subjects_of
from services.audit_logging.domain.states import EntryState
from services.audit_logging.use_cases.retention.read_deletions import EXPIRED
from shared.service_kit.clock import TOKYO
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

UNREADABLE = "内容の一部がないか、決められた形ではありません。調査が必要です"
MISSING = "内容がなく、削除の記録もありません。調査が必要です"
REFILLED = "{:%Y年%m月%d日}に公開済みの記録から復元。内容を開く値は、前のデータベースとともに失われました"


@dataclass(frozen=True)
class Entry:
    """One entry: its plain part, and what its openings say while they are there.

    `deleted`: the openings went lawfully, under the deletion and its notice. `refilled`: the entry came back from the
    published log, its openings were lost with the database. `missing`: they went without any of these.
    `unreadable`: some are gone, or do not say what a fact says.
    """

    index: int
    state: EntryState
    leaf: dict[str, Any]
    appended_at: datetime
    words: str = ""
    actor: str | None = None
    subject: str | None = None
    data: dict[str, Any] | None = None
    deletion_id: str | None = None
    notice: str | None = None


def read_entry(work: UnitOfWork, index: int, purpose: str) -> Entry:
    """The entry; the look is recorded with everybody whom it names.

    Raises:
        Problem: not-found where the log has no such entry.
    """
    row = work.connection.execute(select(entries).where(entries.c.index == index)).one_or_none()
    if row is None:
        raise Problem("not-found", field="index")
    work.look("log_entry", [f"entry:{index}", *subjects_of(work.connection, [index])[index]], purpose)
    return Entry(index, leaf=json.loads(bytes(row.leaf)), appended_at=row.appended_at, **_said(work, index))


def _said(work: UnitOfWork, index: int) -> dict[str, Any]:
    opened = read_openings(work.connection, [index]).get(index)
    if opened and not opened.is_readable:
        return {"state": "unreadable", "words": UNREADABLE}
    if opened:
        return {"state": "readable", "actor": opened.actor, "subject": opened.subject, "data": opened.data}
    buried = deletion_rows().join(deleted_entries, deleted_entries.c.deletion_id == deletions.c.deletion_id)
    row = work.connection.execute(buried.where(deleted_entries.c.index == index)).mappings().one_or_none()
    if row is None:
        back = refilled_at(work.connection, index)
        words = REFILLED.format(back.astimezone(TOKYO)) if back else MISSING
        return {"state": "refilled" if back else "missing", "words": words}
    notice = str(row["fact_id"]) if row["fact_id"] else None
    return {"state": "deleted", "words": EXPIRED, "deletion_id": str(row["deletion_id"]), "notice": notice}
