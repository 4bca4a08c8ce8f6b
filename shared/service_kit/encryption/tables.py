"""The keys of sealed columns."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

data_keys = Table(
    "data_keys",
    metadata,
    Column("key_no", Integer, primary_key=True, autoincrement=False),
    Column("wrapped_by", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
"""Data keys of sealed fields, each wrapped by a key that is in no database; the highest number seals; append-only."""
