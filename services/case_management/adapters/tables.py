"""The tables of this service: those of deciding, the registers of residents (宛名) of both laws and of assignments."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Identity, Index, MetaData, Table, Text, Uuid

from services.case_management.adapters import register_tables
from shared.decisions.adapters.tables import decision_tables

metadata = MetaData()
decisions = decision_tables(metadata, "public_assistance")
assignment_proposals = register_tables.proposals_table(metadata)
assignments = register_tables.assignments_table(metadata)
assignment_approvals = register_tables.approvals_table(metadata)
assignment_ends = register_tables.ends_table(metadata)
access_matrices = register_tables.matrices_table(metadata)

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
