"""Takes a service's database back to before its clear copies had periods, for tests of older migrations."""

from typing import Final

OF_PAYMENTS: Final = (
    "ALTER TABLE IF EXISTS bank_files ADD COLUMN IF NOT EXISTS leased_until timestamptz, DROP COLUMN prepared, "
    "DROP COLUMN issue, DROP COLUMN standing, DROP COLUMN received_by, DROP COLUMN received_at",
    "DROP INDEX IF EXISTS determinations_month",
    "ALTER TABLE IF EXISTS runs DROP COLUMN withdrawn_by, DROP COLUMN withdrawn_at, DROP COLUMN accepted_on, "
    "DROP COLUMN cases, DROP COLUMN desk_cases, DROP COLUMN desk_yen, DROP COLUMN moved_cases, DROP COLUMN moved_yen",
    "ALTER TABLE IF EXISTS run_positions DROP COLUMN on_assistance, DROP COLUMN determined, DROP COLUMN refused, "
    "DROP COLUMN left_out, DROP COLUMN waiting, DROP COLUMN ended_yen, DROP COLUMN acts_approved, "
    "DROP COLUMN changed_since",
    "ALTER TABLE IF EXISTS postings DROP COLUMN fiscal_year",
)
BEFORE_RETENTION: Final = (
    *OF_PAYMENTS,
    "DROP TABLE IF EXISTS task_failures, run_senders, taken, lost_facts",
    "DROP FUNCTION refuse_what_is_kept, let_only_expired_events_go, clear_only_what_expired CASCADE",
    "DROP FUNCTION expire_events, expire_answers, expire_break_glass, expire_parked",
    "DROP TABLE retention_periods, readers CASCADE",
    "DROP INDEX idempotency_clear, break_glass_clear",
)
