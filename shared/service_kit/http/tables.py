"""What a writing request was answered."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("body", LargeBinary),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Answers to writing requests; a key is its sender's own, so that nobody can use up another's.

Key and hash are kept for ever, the body until its period is over.
"""
