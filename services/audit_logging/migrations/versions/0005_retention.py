"""Lawful deletion of openings: proposed, approved by another person, held back by holds; a tombstone stays for each.

What may be deleted is said once, by `deletable`, and guards on the tables hold the owner to it too.
"""

from alembic import op

from shared.contracts.retention import COPIES, periods
from shared.service_kit.database.grants import grant
from shared.service_kit.retention.ddl import create_retention, open_door

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE deletions (
    deletion_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('looks', 'facts')),
    before timestamptz NOT NULL,
    months integer NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    sha256 text NOT NULL,
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    UNIQUE (deletion_id, proposer, sha256)
);

CREATE TABLE deletion_approvals (
    deletion_id uuid PRIMARY KEY,
    sha256 text NOT NULL,
    proposer text NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL,
    FOREIGN KEY (deletion_id, proposer, sha256) REFERENCES deletions (deletion_id, proposer, sha256),
    CONSTRAINT deletion_two_people CHECK (proposer <> approver)
);

CREATE TABLE deletion_notices (
    deletion_id uuid PRIMARY KEY REFERENCES deletion_approvals,
    fact_id uuid NOT NULL UNIQUE,
    count bigint NOT NULL,
    held bigint NOT NULL,
    sha256 text NOT NULL,
    events_until date,
    backups_until date,
    told_at timestamptz NOT NULL
);

CREATE TABLE holds (
    hold_id uuid PRIMARY KEY,
    reason text NOT NULL,
    subjects text[] NOT NULL,
    first_day date,
    last_day date,
    placed_by text NOT NULL,
    placed_at timestamptz NOT NULL,
    CONSTRAINT hold_days CHECK (first_day <= last_day),
    UNIQUE (hold_id, placed_by)
);

CREATE TABLE hold_ends (
    hold_id uuid PRIMARY KEY,
    placed_by text NOT NULL,
    ended_by text NOT NULL,
    reason text NOT NULL,
    ended_at timestamptz NOT NULL,
    FOREIGN KEY (hold_id, placed_by) REFERENCES holds (hold_id, placed_by),
    CONSTRAINT hold_two_people CHECK (placed_by <> ended_by)
);

CREATE TABLE deleted_entries (
    index bigint PRIMARY KEY REFERENCES entries,
    deletion_id uuid NOT NULL REFERENCES deletion_approvals
);
CREATE INDEX deleted_entries_deletion ON deleted_entries (deletion_id, index);
CREATE INDEX entries_appended ON entries USING brin (appended_at);
"""

_RULE = """
CREATE FUNCTION deletable(of_kind text, until timestamptz, from_index bigint, to_index bigint)
RETURNS TABLE (index bigint, leaf_hash bytea) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH living AS MATERIALIZED (
        SELECT h.subjects, coalesce(h.first_day, '-infinity') AS first_day,
            coalesce(h.last_day, 'infinity') AS last_day,
            ARRAY (SELECT 'person:' || substr(one, 7) FROM unnest(h.subjects) one WHERE one ^@ 'staff:') AS actors
        FROM holds h WHERE NOT EXISTS (SELECT FROM hold_ends e WHERE e.hold_id = h.hold_id)
    ), held AS (
        SELECT s.index FROM living h JOIN search_subjects t ON t.subject = ANY (h.subjects)
        JOIN search_entries s ON s.index = t.index
        WHERE t.index BETWEEN from_index AND to_index AND s.day BETWEEN h.first_day AND h.last_day
        UNION ALL
        SELECT s.index FROM living h JOIN search_entries s ON s.actor = ANY (h.actors)
        WHERE s.index BETWEEN from_index AND to_index AND s.day BETWEEN h.first_day AND h.last_day
        UNION ALL
        SELECT s.index FROM living h JOIN search_entries s ON s.day BETWEEN h.first_day AND h.last_day
        WHERE s.index BETWEEN from_index AND to_index AND h.subjects = '{}'
    )
    SELECT e.index, e.leaf_hash FROM entries e
    WHERE e.index BETWEEN from_index AND to_index AND e.stream = of_kind
      AND e.appended_at < until AND e.appended_at < cutoff(of_kind)
      AND EXISTS (SELECT FROM openings o WHERE o.entry_index = e.index)
      AND EXISTS (SELECT FROM search_entries s WHERE s.index = e.index)
      AND NOT EXISTS (SELECT FROM held WHERE held.index = e.index)
$$;
"""
"""An entry that is not indexed could not be found by a hold: it stays."""

_GUARDS = """
CREATE FUNCTION bury_only_what_may_go() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT index, deletion_id FROM buried
        EXCEPT
        SELECT one.index, d.deletion_id
        FROM (SELECT deletion_id, min(index) AS low, max(index) AS high FROM buried GROUP BY deletion_id) b
        JOIN deletion_approvals USING (deletion_id) JOIN deletions d USING (deletion_id)
        CROSS JOIN LATERAL deletable(d.kind, d.before, greatest(b.low, d.first), least(b.high, d.last)) one
    ) THEN
        RAISE EXCEPTION 'the audit log is append-only: these openings are kept'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER deleted_entries_may_go AFTER INSERT ON deleted_entries REFERENCING NEW TABLE AS buried
    FOR EACH STATEMENT EXECUTE FUNCTION bury_only_what_may_go();

CREATE FUNCTION open_only_what_is_buried() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone WHERE NOT EXISTS (SELECT FROM deleted_entries d WHERE d.index = gone.entry_index)
    ) THEN
        RAISE EXCEPTION 'the audit log is append-only: DELETE on openings is refused'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER openings_go_with_a_tombstone AFTER DELETE ON openings REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION open_only_what_is_buried();
CREATE TRIGGER openings_kept BEFORE TRUNCATE ON openings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

_DOOR = """
CREATE FUNCTION delete_openings(approved uuid, from_index bigint, to_index bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_logging.deletion'));
    WITH buried AS (
        INSERT INTO deleted_entries (index, deletion_id)
        SELECT one.index, d.deletion_id
        FROM deletions d JOIN deletion_approvals USING (deletion_id)
        CROSS JOIN LATERAL deletable(d.kind, d.before, greatest(from_index, d.first), least(to_index, d.last)) one
        WHERE d.deletion_id = approved
        RETURNING index
    )
    SELECT coalesce(array_agg(index), '{}') INTO gone FROM buried;
    DELETE FROM openings WHERE entry_index = ANY (gone);
    DELETE FROM search_subjects WHERE index = ANY (gone);
    DELETE FROM search_entries WHERE index = ANY (gone);
    DELETE FROM findings f WHERE f.finding_id IN (
        SELECT finding_id FROM finding_entries WHERE index = ANY (gone)
    ) AND NOT EXISTS (
        SELECT FROM finding_entries one JOIN openings o ON o.entry_index = one.index
        WHERE one.finding_id = f.finding_id
    );
    RETURN cardinality(gone);
END
$$;
"""
_APPEND_ONLY = ("deletions", "deletion_approvals", "deletion_notices", "holds", "hold_ends", "deleted_entries")


def upgrade() -> None:
    """Create the tables, what may go, the guards and the one door."""
    create_retention(op, periods("looks", "facts", "backups", *COPIES))
    for statements in (_TABLES, _RULE, _GUARDS, _DOOR):
        op.execute(statements)
    open_door(op, "delete_openings(uuid, bigint, bigint)")
    for table in _APPEND_ONLY:
        grant(op, table, "SELECT" if table == "deleted_entries" else "SELECT, INSERT")
        trigger = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        op.execute(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
