"""How long a service keeps what, and what it must know before anything goes."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, MetaData, Table, Text

metadata = MetaData()

retention_periods = Table(
    "retention_periods",
    metadata,
    Column("name", Text, primary_key=True),
    Column("months", Integer),
    Column("least", Integer, nullable=False),
    Column("most", Integer),
)
"""How long this service keeps what (保存期間); the owner alone writes it. Made by `retention.ddl`."""

clock_days = Table("clock_days", metadata, Column("day", Date, primary_key=True))
"""Days on which this service looked at the clock of the database; one that jumped has none lately. A door writes it."""

readers = Table(
    "readers",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What each reader of a stream has taken, as it said when it asked for more."""
