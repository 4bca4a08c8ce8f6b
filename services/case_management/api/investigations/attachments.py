"""Documents (添付) of a case: handed in as a form of two parts, listed, opened, withdrawn."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Self
from urllib.parse import quote
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.case_management.adapters.tables import decisions
from services.case_management.api.written import Words, written
from services.case_management.use_cases.attachments import keep_attachment as keeping
from services.case_management.use_cases.attachments import read_attachments as reading
from shared.contracts.codes import DocumentType, DocumentWithdrawal, Proves
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import Answer, PurposeQuery
from shared.service_kit.http.idempotency import Answer as Bytes
from shared.service_kit.http.routing import Routes
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("attachments")
_CASE = case_record(decisions)
_PATH = "/cases/<case_no>/attachments"
ABOUT: Final = "about.json"
CONTENT: Final = "content"
ACCEPTS: Final = ("application/json", "application/octet-stream")
_SEPARATOR: Final = re.compile(r"[/\\]")


def _composed(name: object) -> object:
    """A name as some file systems write it (NFD) is the same name."""
    return unicodedata.normalize("NFC", name) if isinstance(name, str) else name


def _file_name(name: str) -> str:
    if _SEPARATOR.search(name):
        raise ValueError("a file name has no separator of folders")
    return written(name)


FileName = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_composed), AfterValidator(_file_name)]


class About(BaseModel):
    """The part ``about.json`` of the form: the file's name as typed, and what the document proves."""

    model_config = ConfigDict(extra="forbid")

    name: FileName
    proves: Proves
    proves_id: Annotated[str, Field(min_length=1, max_length=36)] | None = None


@dataclass(frozen=True)
class HandedIn:
    """The two parts of the form; what is wrong with them is said to who may see the case."""

    document: keeping.Document | None
    fault: Problem | None

    def require(self) -> keeping.Document:
        """Return the document.

        Raises:
            Problem: invalid-input with the part, or the field in it, that is wrong.
        """
        if self.document is None:
            raise self.fault or Problem("invalid-input", field=CONTENT, detail="ファイルを選んでください")
        return self.document


def read_parts(runtime: Runtime, files: Mapping[str, bytes]) -> HandedIn:
    """Read the form's parts ``about.json`` and ``content``."""
    del runtime
    if set(files) != {ABOUT, CONTENT}:
        return HandedIn(None, Problem("invalid-input", field=CONTENT, detail="ファイルを選んでください"))
    try:
        about = About.model_validate_json(files[ABOUT])
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"])) or ABOUT
        detail = "200字までの、読める文字だけの名前にしてください" if field == "name" else "項目を確認してください"
        return HandedIn(None, Problem("invalid-input", field=field, detail=detail))
    return HandedIn(keeping.Document(about.name, about.proves, about.proves_id, files[CONTENT]), None)


class AttachmentsQuery(PurposeQuery):
    """Of what: all of the case's, or those that prove one thing of it."""

    proves: Proves | None = None
    proves_id: Annotated[str, Field(min_length=1, max_length=36)] | None = None


class AttachmentId(BaseModel):
    """The document that was kept."""

    attachment_id: UUID


class WithdrawAttachment(BaseModel):
    """Why a document is withdrawn."""

    reason: DocumentWithdrawal
    words: Words | None = None


class WithdrawalView(Answer):
    """That a document was withdrawn."""

    reason: DocumentWithdrawal
    words: str | None
    recorded_by: str
    recorded_at: datetime


class AttachmentView(Answer):
    """A document, its size in bytes; a withdrawn one has no name."""

    attachment_id: UUID
    proves: Proves
    proves_id: str | None
    content_type: DocumentType
    size: int
    sha256: str
    name: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawal: WithdrawalView | None


class Attachments(BaseModel):
    """The documents of a case, the newest first."""

    items: list[AttachmentView]

    @classmethod
    def of(cls, items: list[reading.Attachment]) -> Self:
        """Documents as they are shown."""
        return cls(items=[AttachmentView.model_validate(item) for item in items])


@routes.post(_PATH, permission="attachment.record", status=201, of=_CASE, upload=read_parts, accepts=ACCEPTS)
def keep_attachment(work: UnitOfWork, case_no: str, files: HandedIn) -> AttachmentId:
    """Keep a document at what it proves."""
    return AttachmentId(attachment_id=keeping.keep_attachment(work, case_no, files.require()))


@routes.get(_PATH, permission="attachment.read", query=AttachmentsQuery, of=_CASE)
def list_attachments(work: UnitOfWork, case_no: str, query: AttachmentsQuery) -> Attachments:
    """The documents of a case."""
    return Attachments.of(reading.read_attachments(work, case_no, query.purpose, query.proves, query.proves_id))


@routes.get(f"{_PATH}/<attachment_id>/content", permission="attachment.read", query=PurposeQuery, of=_CASE)
def open_attachment(work: UnitOfWork, case_no: str, attachment_id: UUID, query: PurposeQuery) -> Bytes:
    """The bytes of a document, to be saved and never shown in place."""
    opened = reading.open_attachment(work, case_no, attachment_id, query.purpose)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'",
    }
    return Bytes(opened.content, opened.content_type, headers=headers)


@routes.post(f"{_PATH}/<attachment_id>/withdrawal", permission="attachment.withdraw", of=_CASE)
def withdraw_attachment(work: UnitOfWork, case_no: str, attachment_id: UUID, body: WithdrawAttachment) -> AttachmentId:
    """Withdraw a document that was misfiled; it stays, and nobody opens it any more."""
    keeping.withdraw_attachment(work, case_no, attachment_id, body.reason, body.words)
    return AttachmentId(attachment_id=attachment_id)
