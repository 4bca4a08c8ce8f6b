"""The tables of consents (同意書, 法29条の調査に係る同意): who signed and when, and when they took it back."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Identity, Index, Table, Text, Uuid

from services.case_management.adapters.tables import metadata
from shared.approvals.tables import instant

consents = Table(
    "consents",
    metadata,
    Column("consent_id", Uuid, primary_key=True),
    Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
    Column("person_no", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    CheckConstraint("person_no ~ '^[0-9]{10}$'", name="consents_person_no"),
    Index("consents_case", "case_no"),
)
"""A member of a household has agreed that the office asks about them; the paper itself is a document of it."""
consent_withdrawals = Table(
    "consent_withdrawals",
    metadata,
    Column("consent_id", Uuid, ForeignKey("consents.consent_id"), primary_key=True),
    Column("withdrawn_on", Date),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
)
"""They took it back: no request after that day rests on it. Without a day it was recorded by mistake (誤記)."""
