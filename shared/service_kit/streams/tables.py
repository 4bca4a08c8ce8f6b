"""What a service publishes: facts that wait for their number, the streams, and how far each has come."""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("row_id", BigInteger, primary_key=True, autoincrement=True),
    Column("stream", Text, nullable=False),
    Column("fact_id", UUID(as_uuid=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Facts of committed work that have no number yet."""

events = Table(
    "events",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("fact_id", UUID(as_uuid=True), nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
)
"""The streams: numbered without gaps, append-only; `before` is the history up to the fact before (`history`)."""

stream_heads = Table(
    "stream_heads",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False, server_default=text("0")),
    Column("published", BigInteger, nullable=False, server_default=text("0")),
    Column("history", LargeBinary, nullable=False, server_default=text("decode(repeat('00', 32), 'hex')")),
)
