"""Search, unusual looks with their reviews, and the daily self-check. What was found and said is never changed."""

from alembic import op

from shared.service_kit.database.grants import grant
from shared.service_kit.database.kit_ddl import create_data_keys

revision = "0004"
down_revision = "0003"

_TABLES = """
CREATE TABLE search_entries (
    index bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    day date NOT NULL,
    producer text NOT NULL,
    stream text NOT NULL,
    type text NOT NULL,
    what text NOT NULL,
    actor text NOT NULL,
    correlation text NOT NULL,
    cases integer NOT NULL,
    break_glass text NOT NULL
);
CREATE INDEX search_entries_actor ON search_entries (actor, index);
CREATE INDEX search_entries_actor_day ON search_entries (actor, day);
CREATE INDEX search_entries_day ON search_entries (day, index);
CREATE INDEX search_entries_type ON search_entries (type, what, index);
CREATE INDEX search_entries_correlation ON search_entries (correlation, index);

CREATE TABLE search_subjects (
    subject text NOT NULL,
    index bigint NOT NULL,
    PRIMARY KEY (subject, index)
);
CREATE INDEX search_subjects_entry ON search_subjects (index);

CREATE TABLE progress (name text PRIMARY KEY, next bigint NOT NULL);
INSERT INTO progress VALUES ('search', 0), ('review', 0);

CREATE TABLE findings (
    finding_id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    rule text NOT NULL,
    key text NOT NULL,
    day date NOT NULL,
    concerned text[] NOT NULL,
    subject text NOT NULL,
    why text NOT NULL,
    found_at timestamptz NOT NULL,
    UNIQUE (rule, key)
);

CREATE TABLE finding_entries (
    finding_id uuid NOT NULL REFERENCES findings ON DELETE CASCADE,
    index bigint NOT NULL,
    PRIMARY KEY (finding_id, index)
);
CREATE INDEX finding_entries_index ON finding_entries (index);

CREATE TABLE reviews (
    review_id uuid PRIMARY KEY,
    finding_id uuid NOT NULL REFERENCES findings ON DELETE CASCADE,
    concerned text[] NOT NULL,
    reviewer text NOT NULL,
    outcome text NOT NULL,
    words text NOT NULL CONSTRAINT reviews_words_sealed CHECK (words ~ '^sealed:[A-Za-z0-9+/]+=*$'),
    through bigint NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT not_ones_own_looks CHECK (reviewer <> ALL (concerned))
);
CREATE INDEX reviews_finding ON reviews (finding_id, through);

CREATE TABLE self_checks (
    day date PRIMARY KEY,
    canary text NOT NULL UNIQUE,
    written_at timestamptz NOT NULL,
    positions jsonb NOT NULL
);

CREATE TABLE self_check_results (
    day date NOT NULL REFERENCES self_checks,
    at timestamptz NOT NULL,
    faults text[] NOT NULL,
    figures jsonb NOT NULL,
    PRIMARY KEY (day, at)
);
"""
_RIGHTS = {
    "search_entries": "SELECT, INSERT",
    "search_subjects": "SELECT, INSERT",
    "progress": "SELECT, UPDATE",
    "findings": "SELECT, INSERT",
    "finding_entries": "SELECT, INSERT",
    "reviews": "SELECT, INSERT",
    "self_checks": "SELECT, INSERT",
    "self_check_results": "SELECT, INSERT",
}
_UPDATES = {
    "findings": "UPDATE",
    "finding_entries": "UPDATE",
    "reviews": "UPDATE OF review_id, finding_id, concerned, reviewer, outcome, through, at",
    "self_checks": "UPDATE",
    "self_check_results": "UPDATE",
}


def upgrade() -> None:
    """Create the tables; a trigger refuses UPDATE to the owner too, but for the words, which are sealed anew."""
    create_data_keys(op)
    op.execute(_TABLES)
    for table, rights in _RIGHTS.items():
        grant(op, table, rights)
    for table, updates in _UPDATES.items():
        trigger = f"CREATE TRIGGER {table}_append_only BEFORE {updates} OR TRUNCATE ON {table}"
        op.execute(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
