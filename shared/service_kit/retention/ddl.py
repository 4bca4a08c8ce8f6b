"""What lets a service's clear copies go when their period is over, and nothing else: periods, doors, guards.

The runtime role has no DELETE on what is append-only. A door is a function of the owner, which it may call. What may go
is said once, by the guards on the tables, and they hold for the owner too. They read the database's own clock, which
the runtime role cannot turn.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.service_kit.database.grants import grant, runtime_role

Periods = Mapping[str, tuple[int | None, int, int | None]]
"""Name → months kept (None: until the office sets them), least and most that the office may set."""

_PERIODS: Final = """
CREATE TABLE retention_periods (
    name text PRIMARY KEY,
    months integer,
    least integer NOT NULL,
    most integer,
    CONSTRAINT retention_months CHECK (months >= least AND months <= coalesce(most, months))
);

CREATE TABLE readers (
    stream text NOT NULL,
    reader text NOT NULL,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (stream, reader)
);

CREATE FUNCTION cutoff(kept text) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN now() - make_interval(months => (SELECT months FROM retention_periods WHERE name = kept));

CREATE FUNCTION taken(of text) RETURNS bigint LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN (SELECT CASE WHEN bool_or(r.reader = 'audit_logging') THEN least(min(r.number), min(h.published)) ELSE 0 END
            FROM readers r JOIN stream_heads h USING (stream) WHERE r.stream = of);

CREATE FUNCTION refuse_what_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
"""
"""`cutoff`: what is older has outlived its period; null where there is none. `taken`: what every reader, the log among
them, has taken of a stream, and the relay has sent."""

_EVENTS: Final = """
CREATE FUNCTION let_only_expired_events_go() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone
        WHERE coalesce((gone.body::json ->> 'time')::timestamptz >= cutoff('events'), true)
           OR gone.number > coalesce(taken(gone.stream), 0)
           OR EXISTS (SELECT FROM events e WHERE e.stream = gone.stream AND e.number < gone.number)
    ) THEN
        RAISE EXCEPTION 'append-only: these events are kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER events_kept BEFORE UPDATE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_kept();
CREATE TRIGGER events_expire AFTER DELETE ON events REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION let_only_expired_events_go();

CREATE FUNCTION expire_events(at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one text;
    count bigint;
    total bigint := 0;
BEGIN
    FOR one IN SELECT stream FROM stream_heads LOOP
        WITH oldest AS (
            SELECT number, (body::json ->> 'time')::timestamptz < cutoff('events') AS expired FROM events
            WHERE stream = one AND number <= taken(one) ORDER BY number LIMIT at_most
        ), stays AS (
            SELECT min(number) AS number FROM oldest WHERE expired IS NOT TRUE
        )
        DELETE FROM events e USING oldest, stays
        WHERE e.stream = one AND e.number = oldest.number AND oldest.number < coalesce(stays.number, oldest.number + 1);
        GET DIAGNOSTICS count = ROW_COUNT;
        total := total + count;
    END LOOP;
    RETURN total;
END
$$;
"""
"""Only the beginning of a stream goes: readers can be told which number is the oldest kept."""

_CLEARED: Final = """
CREATE FUNCTION clear_only_what_expired() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF after - TG_ARGV[1] = before - TG_ARGV[1] AND (
        after ->> TG_ARGV[1] IS NULL AND OLD.at < cutoff(TG_ARGV[0])
        OR before ->> TG_ARGV[1] ^@ 'sealed:' AND after ->> TG_ARGV[1] ^@ 'sealed:'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'append-only: UPDATE on % is refused', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
"""
_CLEARS: Final = """
ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;
CREATE INDEX {table}_clear ON {table} (at) WHERE {column} IS NOT NULL;
CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_kept();
CREATE TRIGGER {table}_clear BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION clear_only_what_expired('{kept}', '{column}');

CREATE FUNCTION expire_{kept}(at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT ctid FROM {table} WHERE at < cutoff('{kept}') AND {column} IS NOT NULL
        ORDER BY at LIMIT at_most FOR UPDATE SKIP LOCKED
    ), cleared AS (
        UPDATE {table} SET {column} = NULL WHERE ctid = ANY (ARRAY (SELECT ctid FROM old)) RETURNING 1
    )
    SELECT count(*) FROM cleared
$$;
"""
_PARKED: Final = """
CREATE FUNCTION expire_parked(at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT fact_id FROM parked WHERE released_at < cutoff('parked') AND body <> '{}'
        ORDER BY released_at LIMIT at_most FOR UPDATE SKIP LOCKED
    ), cleared AS (
        UPDATE parked SET body = '{}' WHERE fact_id IN (SELECT fact_id FROM old) RETURNING 1
    )
    SELECT count(*) FROM cleared
$$;
"""


_CLOCK: Final = r"""
CREATE TABLE IF NOT EXISTS clock_days (day date PRIMARY KEY);
INSERT INTO clock_days VALUES (CAST(timezone('Asia/Tokyo', now()) AS date) - 4) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION note_clock() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO clock_days VALUES (CAST(timezone('Asia/Tokyo', now()) AS date)) ON CONFLICT DO NOTHING
$$;

CREATE OR REPLACE FUNCTION clock_is_believed() RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN EXISTS (SELECT FROM clock_days WHERE day BETWEEN CAST(timezone('Asia/Tokyo', now()) AS date) - 35
                                                        AND CAST(timezone('Asia/Tokyo', now()) AS date) - 3);

CREATE OR REPLACE FUNCTION cutoff(kept text) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN CASE WHEN clock_is_believed()
           THEN now() - make_interval(months => (SELECT months FROM retention_periods WHERE name = kept)) END;

CREATE OR REPLACE FUNCTION body_time(body text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN (replace(replace(body, '\\', ''), '\u0000', '')::json ->> 'time')::timestamptz;
"""
"""A clock that jumped ahead would let go what is kept: it is believed once the service noted a day between three and 35
days before now. `body_time` reads the time of a fact also where it has a character that JSON has and text has not."""

_RETOLD: Final = """
CREATE OR REPLACE FUNCTION let_only_expired_events_go() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone
        WHERE coalesce(body_time(gone.body) >= cutoff('events'), true)
           OR gone.number > coalesce(taken(gone.stream), 0)
           OR EXISTS (SELECT FROM events e WHERE e.stream = gone.stream AND e.number < gone.number)
    ) THEN
        RAISE EXCEPTION 'append-only: these events are kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION expire_events(at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one text;
    count bigint;
    total bigint := 0;
BEGIN
    FOR one IN SELECT stream FROM stream_heads LOOP
        WITH oldest AS (
            SELECT number, body_time(body) < cutoff('events') AS expired FROM events
            WHERE stream = one AND number <= taken(one) ORDER BY number LIMIT at_most
        ), stays AS (
            SELECT min(number) AS number FROM oldest WHERE expired IS NOT TRUE
        )
        DELETE FROM events e USING oldest, stays
        WHERE e.stream = one AND e.number = oldest.number AND oldest.number < coalesce(stays.number, oldest.number + 1);
        GET DIAGNOSTICS count = ROW_COUNT;
        total := total + count;
    END LOOP;
    RETURN total;
END
$$;
"""


def create_retention(op: Any, periods: Periods) -> None:
    """Create periods, doors and guards of the kit's tables; ``periods`` may name more, with doors of the service's."""
    op.execute(_PERIODS)
    for name, (months, least, most) in periods.items():
        values = ", ".join("NULL" if value is None else str(value) for value in (months, least, most))
        op.execute(f"INSERT INTO retention_periods VALUES ('{name}', {values})")  # noqa: S608
    for statements in (
        _EVENTS,
        _CLEARED,
        _CLEARS.format(table="idempotency", column="body", kept="answers"),
        _CLEARS.format(table="break_glass", column="words", kept="break_glass"),
        _PARKED,
    ):
        op.execute(statements)
    for kept in ("events", "answers", "break_glass", "parked"):
        open_door(op, f"expire_{kept}(integer)")
    grant(op, "retention_periods", "SELECT")
    grant(op, "readers", "SELECT, INSERT, UPDATE")


def believe_no_clock_that_jumped(op: Any) -> None:
    """Let nothing go by a clock that jumped ahead, and nothing stay for a character that text has not."""
    for statements in (_CLOCK, _RETOLD):
        op.execute(statements)
    grant(op, "clock_days", "SELECT")
    open_door(op, "note_clock()")


def open_door(op: Any, function: str) -> None:
    """Let the service's runtime role call a function of the owner, and nobody else."""
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION {function} TO "{runtime_role(op)}"')
