"""The gateway's tables."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("cookie_sha256", LargeBinary, nullable=False, unique=True),
    Column("actor", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("message", Text),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
    Column("sid", Text),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="sessions_end_with_reason"),
)
"""Sessions; ``sid`` is the identity provider's name of the login; ``message`` is written no more."""

logins = Table(
    "logins",
    metadata,
    Column("cookie_sha256", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("outcome", LargeBinary),
)
"""Logins and confirmations under way: each is used once; ``outcome`` is what a browser that comes again is shown."""

logout_tokens = Table(
    "logout_tokens",
    metadata,
    Column("jti", Text, primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Logout tokens that were taken: each is taken once."""

staff_names = Table(
    "staff_names",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("staff", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("known_at", DateTime(timezone=True), nullable=False),
    Index("staff_names_staff", "staff", "number"),
)
"""How the identity provider has named somebody; the newest row holds, former names stay."""
