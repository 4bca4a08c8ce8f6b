"""What later migrations added for what staff record by hand: facts of a case, and cases opened for an application."""

from typing import Any, Final

from shared.service_kit.database.grants import grant

_BY_HAND: Final = (
    """
ALTER TABLE circumstances
    ADD COLUMN IF NOT EXISTS recorded_by text,
    ADD COLUMN IF NOT EXISTS reason text""",
    """
ALTER TABLE circumstances
    DROP CONSTRAINT IF EXISTS circumstances_from_somewhere,
    DROP CONSTRAINT IF EXISTS circumstances_reason,
    ADD CONSTRAINT circumstances_from_somewhere CHECK ((import_id IS NULL) = (recorded_by IS NOT NULL)),
    ADD CONSTRAINT circumstances_reason CHECK ((recorded_by IS NULL) = (reason IS NULL))""",
)


_OPENED: Final = (
    """
ALTER TABLE cases
    ALTER COLUMN import_id DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS application_no text,
    ADD COLUMN IF NOT EXISTS opened_by text,
    ADD COLUMN IF NOT EXISTS opened_on date""",
    """
ALTER TABLE cases
    DROP CONSTRAINT IF EXISTS cases_from_somewhere,
    DROP CONSTRAINT IF EXISTS cases_opened_by,
    DROP CONSTRAINT IF EXISTS cases_opened_on,
    DROP CONSTRAINT IF EXISTS cases_one_an_application,
    ADD CONSTRAINT cases_from_somewhere CHECK ((import_id IS NULL) = (application_no IS NOT NULL)),
    ADD CONSTRAINT cases_opened_by CHECK ((application_no IS NULL) = (opened_by IS NULL)),
    ADD CONSTRAINT cases_opened_on CHECK ((application_no IS NULL) = (opened_on IS NULL)),
    ADD CONSTRAINT cases_one_an_application UNIQUE (application_no)""",
    """
CREATE TABLE IF NOT EXISTS case_shields (
    case_no text PRIMARY KEY REFERENCES cases,
    shielded_by text NOT NULL,
    shielded_at timestamptz NOT NULL
)""",
)


_WITHDRAWN: Final = """
CREATE TABLE IF NOT EXISTS case_withdrawals (
    case_no text PRIMARY KEY REFERENCES cases,
    withdrawn_on date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
)"""


def withdraw_cases(op: Any) -> None:
    """Let a case say that its application was taken back: it is investigated no more."""
    op.execute(_WITHDRAWN)
    grant(op, "case_withdrawals", "SELECT, INSERT")


def open_cases(op: Any) -> None:
    """Let a case be opened for an application: it has a number and facts, and is not on assistance."""
    for statement in _OPENED:
        op.execute(statement)
    grant(op, "case_shields", "SELECT, INSERT")


def record_by_hand(op: Any) -> None:
    """Let staff record circumstances by hand, each with who it was and from where the office knows it."""
    for statement in _BY_HAND:
        op.execute(statement)
