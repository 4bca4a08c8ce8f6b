"""The tables of what leaves the house: bank files, and the ledger."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from services.payments.adapters.tables.base import instant, metadata

bank_files = Table(
    "bank_files",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    Column("records", Integer, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    instant("made_at", needed=True),
    Column("fence", Integer, nullable=False),
    Column("prepared", Integer),
    Column("issue", Integer, nullable=False, server_default=text("1")),
    instant("written_at"),
    Column("standing", Text),
    Column("received_by", Text),
    instant("received_at"),
    CheckConstraint("octet_length(content) = 120 * (records + 3) + 31", name="bank_file_length"),
    CheckConstraint("standing IN ('as_stored', 'altered', 'missing', 'taken')", name="bank_file_standing"),
    CheckConstraint("(received_by IS NULL) = (received_at IS NULL)", name="bank_file_received"),
)
"""Files as made, once and for ever; a re-issue reads these bytes. Only what happens to a file ever changes.

``fence`` numbers the attempts to hand it over, ``prepared`` is the one whose bytes stand ready in the folder;
``standing`` is how it was found there last.
"""

postings = Table(
    "postings",
    metadata,
    Column("posting_id", BigInteger, Identity(), primary_key=True),
    Column("run_id", Uuid, ForeignKey("runs.run_id"), nullable=False),
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("cause", Text, nullable=False, unique=True),
    Column("posted_on", Date, nullable=False),
    Column("fiscal_year", Integer, nullable=False),
    CheckConstraint("yen > 0", name="posting_yen"),
    CheckConstraint("debit <> credit", name="posting_two_accounts"),
)
"""The ledger: one row is debit, credit and yen. Append-only; a cause posts once.

``posted_on`` is the day on which the treasurer accepted the run, ``fiscal_year`` (会計年度) that of the run's month.
"""
