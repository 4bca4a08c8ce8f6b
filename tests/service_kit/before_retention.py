"""Takes a room's database back to before its clear copies had periods, for tests of older migrations."""

from typing import Final

BEFORE_RETENTION: Final = (
    "DROP TABLE IF EXISTS task_failures, run_senders",
    "DROP FUNCTION refuse_what_is_kept, let_only_expired_events_go, clear_only_what_expired CASCADE",
    "DROP FUNCTION expire_events, expire_answers, expire_break_glass, expire_parked",
    "DROP TABLE retention_periods, readers CASCADE",
    "DROP INDEX idempotency_clear, break_glass_clear",
)
