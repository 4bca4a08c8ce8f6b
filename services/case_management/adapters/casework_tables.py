"""The tables of casework: notes and tasks of a case, each a head with entries of which the newest holds."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
)

from services.case_management.adapters.intake_tables import entries_table
from services.case_management.adapters.tables import metadata
from shared.approvals.tables import instant


def _heads(of: str) -> Table:
    """The heads of one kind of record of cases: it is its case's for ever, whoever is in charge of that."""
    return Table(
        f"{of}s",
        metadata,
        Column(f"{of}_no", Text, primary_key=True),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        Column("opened_by", Text, nullable=False),
        instant("opened_at"),
        CheckConstraint(f"{of}_no ~ '^[0-9]{{10}}$'", name=f"{of}s_no"),
        Index(f"{of}s_case", "case_no"),
    )


notes = _heads("note")
"""Case notes (ケース記録) by their numbers: the fiscal year and a number without a gap."""
note_entries = entries_table(
    "note",
    Column("kind", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("began_at", Time),
)
"""What a note says; the words are sealed. By which contact is a fact of its own: `visit` alone is a visit (訪問)."""
note_entries.append_constraint(
    CheckConstraint("(kind = 'contact') = (contact <> 'none')", name="note_entries_contact"),
)
note_entries.append_constraint(UniqueConstraint("entry_id", "recorded_by", name="note_entries_author"))
note_signatures = Table(
    "note_signatures",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("author", Text, nullable=False),
    Column("remark", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    ForeignKeyConstraint(
        ["entry_id", "author"],
        ["note_entries.entry_id", "note_entries.recorded_by"],
        name="note_signatures_author",
    ),
    CheckConstraint("recorded_by <> author", name="note_signatures_two_people"),
)
"""A supervisor (査察指導員) has read an entry and signs it, once, and never the own one."""

tasks = _heads("task")
"""What is to be done in a case (約束・予定), by its number."""
task_entries = entries_table(
    "task",
    Column("kind", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("covers_from", Date),
    Column("covers_to", Date),
    Column("rhythm", Text),
)
"""What is to be done until when; a declaration (申告書) names the period that it covers, and how often it is due."""
task_entries.append_constraint(
    CheckConstraint("(covers_from IS NULL) = (covers_to IS NULL)", name="task_entries_covers"),
)
task_entries.append_constraint(CheckConstraint("covers_from <= covers_to", name="task_entries_period"))
task_entries.append_constraint(
    CheckConstraint("rhythm IS NULL OR covers_from IS NOT NULL", name="task_entries_rhythm"),
)
task_ends = Table(
    "task_ends",
    metadata,
    Column("task_no", Text, ForeignKey("tasks.task_no"), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("covers_from", Date),
    Column("covers_to", Date),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    CheckConstraint("(outcome = 'received') = (covers_from IS NOT NULL)", name="task_ends_covers_from"),
    CheckConstraint("(outcome = 'received') = (covers_to IS NOT NULL)", name="task_ends_covers_to"),
    CheckConstraint("covers_from <= covers_to", name="task_ends_period"),
)
"""Done, no longer needed, or a declaration received with the period that it covers."""
