"""The index of the log: what each opened entry can be found by. Made from openings, deleted with them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Integer, Table, Text

from services.audit_logging.adapters.log.tables import metadata

search_entries = Table(
    "search_entries",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("day", Date, nullable=False),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("break_glass", Text, nullable=False),
)
"""One opened entry; `day` is the Asia/Tokyo date of `at`, `what` which look or which refusal it was."""

search_subjects = Table(
    "search_subjects",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
)
"""Everybody and everything that an entry names."""

progress = Table(
    "progress",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)
"""The entry from which a task goes on; entries have no gaps, so nothing is passed over in silence.

The service may read it alone: `pass_entries` moves it, over entries that are indexed or have a reason not to be.
"""

passed_over = Table(
    "passed_over",
    metadata,
    Column("task", Text, ForeignKey("progress.name"), primary_key=True),
    Column("index", BigInteger, ForeignKey("entries.index"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("passed_at", DateTime(timezone=True), nullable=False),
)
"""Entries that a task could not read, and why (a class and a place in the code, nothing of what the entry says)."""
