"""What a service has taken of other services' streams, set aside, or lost where a producer was restored."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()

cursors = Table(
    "cursors",
    metadata,
    Column("producer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("history", LargeBinary),
)
"""How far this service has taken each stream, and which history that was; null until a first page names it."""

parked = Table(
    "parked",
    metadata,
    Column("fact_id", UUID(as_uuid=True), primary_key=True),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
    Column("released_at", DateTime(timezone=True)),
    Column("released_by", Text),
    Column("place", BigInteger, Identity(), nullable=False),
)
"""`place` is the order in which facts were set aside: numbers begin again in a new epoch, and clocks go back."""

taken = Table(
    "taken",
    metadata,
    Column("producer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("before", LargeBinary, nullable=False),
    Column("ids", LargeBinary, nullable=False),
)
"""What this service has taken of each stream: of each page its first number, the history before it, 16 bytes a fact."""

lost_facts = Table(
    "lost_facts",
    metadata,
    Column("fact_id", UUID(as_uuid=True), primary_key=True),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
)
"""Facts that this service has taken and their restored producer no longer knows; append-only."""
