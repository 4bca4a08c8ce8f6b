"""The log's tables. Entries, tiles and checkpoints are append-only by right and by trigger; openings can be deleted."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("fact_id", Uuid, nullable=False, unique=True),
    Column("appended_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("producer", "stream", "epoch", "number"),
)
"""One fact, one entry; `leaf` is what the tree holds."""

openings = Table(
    "openings",
    metadata,
    Column("entry_index", BigInteger, ForeignKey("entries.index"), primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)
"""Salt and canonical JSON behind each commitment of a leaf."""

tiles = Table(
    "tiles",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
)
"""Complete tiles of 256 hashes. A partial one is read from `entries` or from the roots of the level below."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False),
)
"""Every signed tree head, newest last."""
