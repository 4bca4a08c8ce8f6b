"""The tables of this room: those of deciding, and the register of residents (宛名) of both laws."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Identity, Index, MetaData, Table, Text, Uuid

from shared.decisions.adapters.tables import decision_tables

metadata = MetaData()
decisions = decision_tables(metadata)

residents = Table(
    "residents",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("person_no", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kana", Text, nullable=False),
    Column("foreign_national", Boolean, nullable=False),
    Column("import_id", Uuid, ForeignKey("imports.import_id"), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("residents_person", "person_no", "number"),
)
"""Append-only: of several entries of a person number (宛名番号) the newest holds."""
