"""What emergency access and approvals leave behind, in every service's database."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from shared.service_kit.database.grants import grant

metadata = MetaData()

break_glass = Table(
    "break_glass",
    metadata,
    Column("break_glass_id", UUID(as_uuid=True), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Emergency access (緊急閲覧): one person, one record, a short while; append-only but for words that expire."""

step_ups = Table(
    "step_ups",
    metadata,
    Column("step_up_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Confirmations by which something was approved: each serves once; append-only."""

_FROZEN: Final = """
CREATE TABLE break_glass (
    break_glass_id uuid PRIMARY KEY,
    actor text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    words text,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX break_glass_living ON break_glass (actor, subject, until);

CREATE TABLE step_ups (
    step_up_id text NOT NULL,
    sha256 text NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (step_up_id, sha256)
);
"""


def create_access_tables(op: Any) -> None:
    """Create what emergency access and approvals leave behind; append-only."""
    op.execute(_FROZEN)
    for table in ("break_glass", "step_ups"):
        grant(op, table, "SELECT, INSERT")
