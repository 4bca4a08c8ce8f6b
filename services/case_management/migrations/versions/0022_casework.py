"""Casework: notes of cases (ケース記録) and their signatures, what is to be done (約束・予定) and how it ended."""

from typing import Final

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0022"
down_revision = "0021"

_SEALED: Final = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_TABLES: Final = ("notes", "note_entries", "note_signatures", "tasks", "task_entries", "task_ends")
_FROZEN: Final = f"""
CREATE TABLE IF NOT EXISTS notes (
    note_no text PRIMARY KEY CONSTRAINT notes_no CHECK (note_no ~ '^[0-9]{{10}}$'),
    case_no text NOT NULL REFERENCES cases,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_case ON notes (case_no);

CREATE TABLE IF NOT EXISTS note_entries (
    entry_id uuid PRIMARY KEY,
    note_no text NOT NULL REFERENCES notes,
    follows uuid,
    change text NOT NULL,
    kind text NOT NULL,
    contact text NOT NULL,
    held_on date NOT NULL,
    began_at time,
    content text NOT NULL CONSTRAINT note_entries_content_sealed CHECK (content {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT note_entries_one_chain UNIQUE NULLS NOT DISTINCT (note_no, follows),
    CONSTRAINT note_entries_change CHECK ((follows IS NULL) = (change = 'first')),
    CONSTRAINT note_entries_in_chain UNIQUE (note_no, entry_id),
    CONSTRAINT note_entries_contact CHECK ((kind = 'contact') = (contact <> 'none')),
    CONSTRAINT note_entries_author UNIQUE (entry_id, recorded_by),
    CONSTRAINT note_entries_follow FOREIGN KEY (note_no, follows)
        REFERENCES note_entries (note_no, entry_id)
);
CREATE INDEX IF NOT EXISTS note_entries_number ON note_entries (number);

CREATE TABLE IF NOT EXISTS note_signatures (
    entry_id uuid PRIMARY KEY,
    author text NOT NULL,
    remark text CONSTRAINT note_signatures_remark_sealed CHECK (remark {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT note_signatures_author FOREIGN KEY (entry_id, author) REFERENCES note_entries (entry_id, recorded_by),
    CONSTRAINT note_signatures_two_people CHECK (recorded_by <> author)
);

CREATE TABLE IF NOT EXISTS tasks (
    task_no text PRIMARY KEY CONSTRAINT tasks_no CHECK (task_no ~ '^[0-9]{{10}}$'),
    case_no text NOT NULL REFERENCES cases,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS tasks_case ON tasks (case_no);

CREATE TABLE IF NOT EXISTS task_entries (
    entry_id uuid PRIMARY KEY,
    task_no text NOT NULL REFERENCES tasks,
    follows uuid,
    change text NOT NULL,
    kind text NOT NULL,
    due_on date NOT NULL,
    covers_from date,
    covers_to date,
    content text NOT NULL CONSTRAINT task_entries_content_sealed CHECK (content {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT task_entries_one_chain UNIQUE NULLS NOT DISTINCT (task_no, follows),
    CONSTRAINT task_entries_change CHECK ((follows IS NULL) = (change = 'first')),
    CONSTRAINT task_entries_in_chain UNIQUE (task_no, entry_id),
    CONSTRAINT task_entries_covers CHECK ((covers_from IS NULL) = (covers_to IS NULL)),
    CONSTRAINT task_entries_period CHECK (covers_from <= covers_to),
    CONSTRAINT task_entries_follow FOREIGN KEY (task_no, follows)
        REFERENCES task_entries (task_no, entry_id)
);
CREATE INDEX IF NOT EXISTS task_entries_number ON task_entries (number);

CREATE TABLE IF NOT EXISTS task_ends (
    task_no text PRIMARY KEY REFERENCES tasks,
    outcome text NOT NULL,
    ended_on date NOT NULL,
    covers_from date,
    covers_to date,
    words text CONSTRAINT task_ends_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT task_ends_covers_from CHECK ((outcome = 'received') = (covers_from IS NOT NULL)),
    CONSTRAINT task_ends_covers_to CHECK ((outcome = 'received') = (covers_to IS NOT NULL)),
    CONSTRAINT task_ends_period CHECK (covers_from <= covers_to)
);
"""


def upgrade() -> None:
    """Create the tables, append-only."""
    op.execute(_FROZEN)
    for table in _TABLES:
        grant(op, table, "SELECT, INSERT")
