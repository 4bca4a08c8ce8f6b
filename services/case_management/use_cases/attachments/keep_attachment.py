"""Keep a document (添付) at what it proves, and withdraw one that was misfiled (誤添付)."""

import hashlib
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.investigations.attachments import (
    ATTACHMENT,
    CONTENTS,
    WITHDRAWALS,
    attachment_withdrawals,
    attachments,
    is_of_case,
)
from services.case_management.adapters.tables import decisions
from services.case_management.domain.attachments import MOST_BYTES, ending_fits, type_of
from shared.contracts.codes import DocumentType, DocumentWithdrawal, Proves
from shared.contracts.facts.case_management import AttachmentKept, AttachmentWithdrawn
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

KEPT: tuple[DocumentType, ...] = get_args(DocumentType)
"""The types that are kept."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was handed in, with its name as typed, and what it proves; a case itself needs no id."""

    name: str
    proves: Proves
    proves_id: str | None
    content: bytes


def keep_attachment(work: UnitOfWork, case_no: str, document: Document) -> UUID:
    """Keep a document; what it is, its content says, and its name may not say otherwise.

    Raises:
        Problem: not-found; too-large; invalid-input where the file is empty or of no type that is kept, its name ends
            like another type, or what it proves is none of this case's.
    """
    require_case(work, decisions, case_no)
    content_type = _checked_type(document)
    _check_place(work, case_no, document)
    row: dict[str, Any] = {
        "attachment_id": uuid4(),
        "case_no": case_no,
        "proves": document.proves,
        "proves_id": document.proves_id,
        "content_type": content_type,
        "size": len(document.content),
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "name": document.name,
        "content": document.content,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(attachments).values(**work.seal(CONTENTS, [row])[0]))
    shown = {name: row[name] for name in AttachmentKept.model_fields}
    work.fact(AttachmentKept(**shown), subject=f"case:{case_no}")
    return UUID(str(row["attachment_id"]))


def withdraw_attachment(
    work: UnitOfWork, case_no: str, attachment_id: UUID, reason: DocumentWithdrawal, words: str | None
) -> None:
    """Withdraw a document: it stays, and nobody opens it any more.

    Raises:
        Problem: not-found; wrong-state where it is withdrawn already.
    """
    ATTACHMENT.each(str(attachment_id)).hold(work.connection)
    of_case = (attachments.c.attachment_id == attachment_id) & (attachments.c.case_no == case_no)
    if work.connection.scalar(select(attachments.c.number).where(of_case)) is None:
        raise Problem("not-found", field="attachment_id")
    if is_withdrawn(work, attachment_id):
        raise Problem("wrong-state", field="state", detail="この添付は、すでに取り消されています")
    row = {
        "attachment_id": attachment_id,
        "reason": reason,
        "words": words,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(attachment_withdrawals).values(**work.seal(WITHDRAWALS, [row])[0]))
    work.fact(AttachmentWithdrawn(attachment_id=attachment_id, reason=reason), subject=f"case:{case_no}")


def is_withdrawn(work: UnitOfWork, attachment_id: UUID) -> bool:
    """Return whether a document was withdrawn."""
    column = attachment_withdrawals.c.attachment_id
    return work.connection.scalar(select(column).where(column == attachment_id)) is not None


def _checked_type(document: Document) -> str:
    if not document.content:
        raise Problem("invalid-input", field="content", detail="ファイルが空です")
    if len(document.content) > MOST_BYTES:
        detail = "1つのファイルは10MBまでです。分けるか、解像度を下げて取り込んでください"
        raise Problem("too-large", field="content", detail=detail)
    kind = type_of(document.content)
    if kind not in KEPT:
        detail = "中身がPDF、PNG、JPEG、TIFFのどれでもありません。ファイルを確認してください"
        raise Problem("invalid-input", field="content", detail=detail)
    if not ending_fits(document.name, kind):
        detail = "ファイル名の拡張子と中身の種類が違います。ファイルを確認してください"
        raise Problem("invalid-input", field="name", detail=detail)
    return kind


def _check_place(work: UnitOfWork, case_no: str, document: Document) -> None:
    if (document.proves == "case") != (document.proves_id is None):
        raise Problem("invalid-input", field="proves_id", detail="何の書類かを選んでください")
    if document.proves_id and not is_of_case(work, case_no, document.proves, document.proves_id):
        raise Problem("invalid-input", field="proves_id", detail="この世帯の記録から選んでください")
