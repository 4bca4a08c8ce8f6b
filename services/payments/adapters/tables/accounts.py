"""The tables of payees and the office's own accounts."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import DATERANGE

from services.payments.adapters.tables.base import instant, metadata

account_imports = Table(
    "account_imports",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("proposer", Text, nullable=False),
    Column("approver", Text),
    Column("version", Integer, unique=True),
    Column("remainder_of", Uuid, ForeignKey("account_imports.import_id")),
    Column("known_version", Integer, nullable=False),
    instant("proposed_at", needed=True),
    instant("approved_at"),
    Column("withdrawn_by", Text),
    instant("withdrawn_at"),
    CheckConstraint("state IN ('proposed', 'approved', 'withdrawn')", name="import_state"),
    CheckConstraint("proposer <> approver", name="import_two_people"),
    CheckConstraint(
        "(state = 'approved') = (approver IS NOT NULL) AND (state = 'approved') = (version IS NOT NULL)",
        name="import_approved",
    ),
    CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
        name="import_withdrawn",
    ),
)
"""Accounts handed in as one file; ``version`` is given with the approval and orders what follows what.

``remainder_of``: the import whose left out accounts another pair decides by this one. ``known_version``: the newest
version when it was handed in; what has a greater one was decided since.
"""

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("import_id", Uuid, ForeignKey("account_imports.import_id"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("bank_code", Text),
    Column("bank_name", Text),
    Column("branch_code", Text),
    Column("branch_name", Text),
    Column("account_type", Text),
    Column("account_number", Text),
    Column("holder", Text),
    Column("reason_no_account", Text),
    UniqueConstraint("import_id", "case_no", "programme", name="accounts_import_case"),
    CheckConstraint("method IN ('bank', 'cash')", name="account_method"),
    CheckConstraint(
        "(method = 'bank') = (num_nulls(bank_code, bank_name, branch_code, branch_name, account_type, account_number,"
        " holder) = 0)",
        name="account_complete",
    ),
)
"""Payees as handed in, names folded; bank and branch names are kept, since branches close. Append-only.

What is sealed, here and below, stands in ``adapters/sealed.py``.
"""

senders = Table(
    "senders",
    metadata,
    Column("import_id", Uuid, ForeignKey("account_imports.import_id"), primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("sender_code", Text, nullable=False),
    Column("sender_name", Text, nullable=False),
    Column("bank_code", Text, nullable=False),
    Column("bank_name", Text, nullable=False),
    Column("branch_code", Text, nullable=False),
    Column("branch_name", Text, nullable=False),
    Column("account_type", Text, nullable=False),
    Column("account_number", Text, nullable=False),
)
"""The office's own account by programme (振込依頼人). Append-only; the newest approved version counts."""

payment_instructions = Table(
    "payment_instructions",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("days", DATERANGE, nullable=False),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
)
"""Case × kind × period → payee; kind ``*`` is every kind. Append-only; the newest version that covers a day counts."""

import_left_out = Table(
    "import_left_out",
    metadata,
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("import_id", Uuid, ForeignKey("account_imports.import_id"), nullable=False),
    Column("case_no", Text, nullable=False),
)
"""Accounts of an approved import that its approval did not cover: barred to one of its two people. Append-only."""

restrictions = Table(
    "restrictions",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("producer", Text, nullable=False),
    Column("restriction_id", Uuid, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("staff", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("lifts", Uuid),
)
"""Restrictions on cases (閲覧制限・除斥) as the deciding services published them. Append-only."""
