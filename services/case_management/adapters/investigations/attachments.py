"""The tables of documents (添付): never overwritten, withdrawn by a row; name and content are sealed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    select,
)

from services.case_management.adapters.casework_tables import notes
from services.case_management.adapters.intake_tables import application_entries
from services.case_management.adapters.investigations.consents import consents
from services.case_management.adapters.investigations.relatives import relatives
from services.case_management.adapters.investigations.requests import investigations
from services.case_management.adapters.tables import decisions, metadata
from shared.approvals.tables import instant
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.unit_of_work import UnitOfWork

ATTACHMENT = declare("attachments.each")
"""Held for one document while it is withdrawn."""
attachments = Table(
    "attachments",
    metadata,
    Column("attachment_id", Uuid, primary_key=True),
    Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
    Column("proves", Text, nullable=False),
    Column("proves_id", Text),
    Column("content_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    CheckConstraint("(proves = 'case') = (proves_id IS NULL)", name="attachments_proves"),
    CheckConstraint("octet_length(content) = size + 31", name="attachments_content_sealed"),
    CheckConstraint("size > 0 AND size <= 10485760", name="attachments_size"),
    Index("attachments_case", "case_no"),
)
"""A document, and what of the case it proves; its size in bytes and its hash are those of the clear content."""
attachment_withdrawals = Table(
    "attachment_withdrawals",
    metadata,
    Column("attachment_id", Uuid, ForeignKey("attachments.attachment_id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
)
"""That a document is none of this case's, or not to be read."""
NAMES = Sealed("attachments", ("attachment_id",), ("name",))
CONTENTS = Sealed("attachments", ("attachment_id",), ("name", "content"))
WITHDRAWALS = Sealed("attachment_withdrawals", ("attachment_id",), ("words",))
SEALED = (CONTENTS, WITHDRAWALS)
"""What is sealed of documents."""


def is_of_case(work: UnitOfWork, case_no: str, proves: str, proves_id: str) -> bool:
    """Return whether what a document is to prove is there, and of this case; ids are compared as texts."""
    facts, cases, entries = decisions.circumstances.c, decisions.cases.c, application_entries.c
    columns = {
        "circumstance": [(facts.number, facts.case_no)],
        "application": [(cases.application_no, cases.case_no), (entries.application_no, entries.case_no)],
        "investigation": [(investigations.c.investigation_id, investigations.c.case_no)],
        "consent": [(consents.c.consent_id, consents.c.case_no)],
        "relative": [(relatives.c.relative_id, relatives.c.case_no)],
        "note": [(notes.c.note_no, notes.c.case_no)],
    }
    return any(
        work.connection.scalar(select(func.count()).where(of == case_no, column.cast(Text) == proves_id))
        for column, of in columns[proves]
    )
