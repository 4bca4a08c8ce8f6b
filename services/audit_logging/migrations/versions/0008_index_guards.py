"""The index passes over nothing in silence: its progress moves through one door, and a review sees what it says.

The service reads its progress and moves it by `pass_entries` alone, over entries that are indexed, have nothing to be
indexed by, or are kept as passed over with a reason. Rows behind it are made no more, and none before their entry.
"""

from alembic import op

from shared.service_kit.database.grants import grant, runtime_role
from shared.service_kit.retention.ddl import open_door

revision = "0008"
down_revision = "0007"

_TABLE = """
CREATE TABLE passed_over (
    task text NOT NULL REFERENCES progress,
    index bigint NOT NULL REFERENCES entries,
    reason text NOT NULL,
    passed_at timestamptz NOT NULL,
    PRIMARY KEY (task, index)
);
CREATE TRIGGER passed_over_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON passed_over
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

_DOORS = """
CREATE FUNCTION hold_progress(of text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT next FROM progress WHERE name = of FOR UPDATE SKIP LOCKED
$$;

CREATE FUNCTION pass_entries(of text, until bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    came_to bigint;
BEGIN
    SELECT next INTO STRICT came_to FROM progress WHERE name = of FOR UPDATE;
    IF until > (SELECT coalesce(max(index) + 1, 0) FROM entries)
       OR of <> 'search' AND until > (SELECT next FROM progress WHERE name = 'search')
       OR of = 'search' AND EXISTS (
            SELECT FROM openings o WHERE o.entry_index >= came_to AND o.entry_index < until
            AND NOT EXISTS (
                SELECT FROM search_entries s WHERE s.index >= came_to AND s.index < until AND s.index = o.entry_index
            ) AND NOT EXISTS (SELECT FROM passed_over p WHERE p.task = of AND p.index = o.entry_index)
       )
    THEN
        RAISE EXCEPTION 'the audit log passes over nothing in silence' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE progress SET next = until WHERE name = of;
END
$$;
"""

_GUARDS = """
CREATE FUNCTION progress_never_goes_back() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.next < OLD.next THEN
        RAISE EXCEPTION 'the audit log is append-only: its index does not go back'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER progress_goes_on BEFORE UPDATE ON progress
    FOR EACH ROW EXECUTE FUNCTION progress_never_goes_back();
CREATE TRIGGER progress_kept BEFORE DELETE OR TRUNCATE ON progress
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION index_only_what_comes_next() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT min(index) AS low, max(index) AS high FROM added) a
        WHERE a.low < (SELECT next FROM progress WHERE name = 'search') OR a.high > (SELECT max(index) FROM entries)
    ) OR EXISTS (SELECT FROM added) AND NOT EXISTS (SELECT FROM entries) THEN
        RAISE EXCEPTION 'the audit log is append-only: its index is made once, of what is in it'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_entries_come_next AFTER INSERT ON search_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION index_only_what_comes_next();
CREATE TRIGGER search_subjects_come_next AFTER INSERT ON search_subjects REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION index_only_what_comes_next();

ALTER TABLE finding_entries ADD FOREIGN KEY (index) REFERENCES entries;
ALTER TABLE reviews ADD CONSTRAINT reviews_see_an_entry FOREIGN KEY (finding_id, through)
    REFERENCES finding_entries ON DELETE CASCADE;
"""


def upgrade() -> None:
    """Create table, doors and guards; a review up to an entry that its finding has not would close it for ever."""
    for statements in (_TABLE, _DOORS, _GUARDS):
        op.execute(statements)
    grant(op, "passed_over", "SELECT, INSERT")
    op.execute(f'REVOKE UPDATE ON progress FROM "{runtime_role(op)}"')
    open_door(op, "hold_progress(text)")
    open_door(op, "pass_entries(text, bigint)")
