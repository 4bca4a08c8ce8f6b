"""Read the documents (添付) of a case: their list, and the bytes of one, after the look is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.investigations.attachments import (
    CONTENTS,
    NAMES,
    WITHDRAWALS,
    attachment_withdrawals,
    attachments,
)
from services.case_management.adapters.tables import decisions
from services.case_management.domain.attachments import saved_name
from services.case_management.use_cases.attachments.keep_attachment import is_withdrawn
from shared.contracts.codes import DocumentType, DocumentWithdrawal, Proves
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a document was withdrawn, and why."""

    reason: DocumentWithdrawal
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document of a case, its size in bytes; the name of a withdrawn one is kept back: it may be another's."""

    attachment_id: UUID
    proves: Proves
    proves_id: str | None
    content_type: DocumentType
    size: int
    sha256: str
    name: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawal: Withdrawal | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it was handed in, and the name under which it is saved."""

    content: bytes
    content_type: str
    name: str


def read_attachments(
    work: UnitOfWork, case_no: str, purpose: str, proves: Proves | None = None, proves_id: str | None = None
) -> list[Attachment]:
    """Return the documents of a case, or of what they prove, the newest first; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    work.look("attachments", [f"case:{case_no}"], purpose)
    columns = [column for column in attachments.c if column.name != "content"]
    rows = select(*columns).where(attachments.c.case_no == case_no).order_by(attachments.c.number.desc())
    if proves is not None:
        rows = rows.where(attachments.c.proves == proves, attachments.c.proves_id.is_not_distinct_from(proves_id))
    opened = work.unseal(NAMES, work.connection.execute(rows).mappings().all())
    withdrawn = _withdrawals(work, [row["attachment_id"] for row in opened])
    return [_attachment(row, withdrawn.get(row["attachment_id"])) for row in opened]


def open_attachment(work: UnitOfWork, case_no: str, attachment_id: UUID, purpose: str) -> Opened:
    """Return the bytes of a document; the look is committed before they go out.

    Raises:
        Problem: not-found; wrong-state where it was withdrawn.
    """
    of_case = (attachments.c.attachment_id == attachment_id) & (attachments.c.case_no == case_no)
    row = work.connection.execute(select(attachments).where(of_case)).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="attachment_id")
    if is_withdrawn(work, attachment_id):
        raise Problem("wrong-state", field="state", detail="この添付は取り消されているので、開けません")
    work.look("attachment", [f"case:{case_no}"], purpose)
    clear = work.unseal(CONTENTS, [row])[0]
    return Opened(clear["content"], clear["content_type"], saved_name(clear["name"], clear["content_type"]))


def _attachment(row: Mapping[str, Any], withdrawal: Withdrawal | None) -> Attachment:
    columns = {name: row[name] for name in Attachment.__dataclass_fields__ if name in row}
    name = None if withdrawal else row["name"]
    return Attachment(**{**columns, "name": name}, withdrawal=withdrawal)


def _withdrawals(work: UnitOfWork, ids: list[UUID]) -> dict[UUID, Withdrawal]:
    table = attachment_withdrawals
    rows = work.connection.execute(select(table).where(table.c.attachment_id.in_(ids))).mappings().all()
    return {
        row["attachment_id"]: Withdrawal(*(row[name] for name in Withdrawal.__dataclass_fields__))
        for row in work.unseal(WITHDRAWALS, rows)
    }
