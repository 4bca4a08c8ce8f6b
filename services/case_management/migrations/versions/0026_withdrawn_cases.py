"""A case whose application was taken back is investigated no more; those that were before say so too."""

from typing import Final

from alembic import op

from shared.decisions.adapters.ddl.by_hand import withdraw_cases

revision = "0026"
down_revision = "0025"

_TAKEN_BACK_BEFORE: Final = """
INSERT INTO case_withdrawals (case_no, withdrawn_on, recorded_by, recorded_at)
SELECT case_no, withdrawn_on, recorded_by, application_withdrawals.recorded_at
FROM application_withdrawals JOIN cases USING (application_no)
ON CONFLICT DO NOTHING"""


def upgrade() -> None:
    """Let a case say that its application was taken back."""
    withdraw_cases(op)
    op.execute(_TAKEN_BACK_BEFORE)
