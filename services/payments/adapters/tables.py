"""The tables of the payments room. The migrations make them; a test compares the two.

Yen are bigint. Months are text "YYYY-MM". Case numbers are eight digits, 宛名番号 a bigint of ten digits.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE

metadata = MetaData()


def _instant(name: str, *, needed: bool = False) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=not needed)


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
    _instant("proposed_at", needed=True),
    _instant("approved_at"),
    CheckConstraint("state IN ('proposed', 'approved')", name="import_state"),
    CheckConstraint("proposer <> approver", name="import_two_people"),
    CheckConstraint(
        "(state = 'approved') = (approver IS NOT NULL) AND (state = 'approved') = (version IS NOT NULL)",
        name="import_approved",
    ),
)
"""Accounts handed in as one file; ``version`` is given with the approval and orders what follows what."""

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

determinations = Table(
    "determinations",
    metadata,
    Column("determination_id", Uuid, primary_key=True),
    Column("fact_id", Uuid, nullable=False, unique=True),
    Column("case_no", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("replaces", Uuid),
    Column("producer", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("correlation", Text, nullable=False),
    _instant("taken_at", needed=True),
)
"""Determinations as told by the services that own them. Append-only."""

case_months = Table(
    "case_months",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("version", Integer, nullable=False),
)
"""The determination that counts now for a case and month."""

entitlements = Table(
    "entitlements",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("determination_id", "kind", name="entitlements_determination_kind"),
    CheckConstraint("yen > 0", name="entitlement_yen"),
    CheckConstraint("state IN ('entitled', 'held')", name="entitlement_state"),
)
"""Cash benefit by determination and kind; held ones are ordered by nobody. Only ``state`` ever changes."""

coverage = Table(
    "coverage",
    metadata,
    Column("coverage_id", BigInteger, Identity(), primary_key=True),
    Column("person_no", BigInteger, nullable=False),
    Column("need", Integer, nullable=False),
    Column("days", DATERANGE, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('open', 'held', 'closed')", name="coverage_state"),
)
"""Who covers which need of whom on which days; an exclusion constraint allows one open row a person, need and day."""

due = Table(
    "due",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("entitled", BigInteger, nullable=False),
    Column("ordered", BigInteger, nullable=False),
    Column("overpaid", BigInteger, nullable=False),
    Column("claimed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("entitled >= 0 AND ordered >= 0 AND overpaid >= 0 AND claimed >= 0", name="due_not_negative"),
    CheckConstraint("ordered <= entitled + overpaid + claimed", name="due_never_above_entitled"),
)
"""The one row that guards a case, month and kind (domain/due.py)."""

runs = Table(
    "runs",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("month", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("run_kind", Text, nullable=False),
    Column("payment_date", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("parked_below", Integer, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("bank_yen", BigInteger, nullable=False),
    Column("cash_yen", BigInteger, nullable=False),
    Column("set_off_yen", BigInteger, nullable=False),
    Column("internal_yen", BigInteger, nullable=False),
    Column("sha256", Text),
    Column("content_mark", Text),
    Column("proposer", Text, nullable=False),
    Column("approver", Text),
    Column("treasurer", Text),
    Column("withdrawn_by", Text),
    Column("cases", Integer),
    Column("desk_cases", Integer),
    Column("desk_yen", BigInteger),
    Column("moved_cases", Integer),
    Column("moved_yen", BigInteger),
    _instant("opened_at", needed=True),
    _instant("cut_off_at"),
    _instant("proposed_at"),
    _instant("approved_at"),
    _instant("accepted_at"),
    Column("accepted_on", Date),
    _instant("files_made_at"),
    _instant("withdrawn_at"),
    UniqueConstraint("month", "number", name="runs_month_number"),
    CheckConstraint("run_kind IN ('regular', 'extra')", name="run_kind"),
    CheckConstraint(
        "state IN ('opened', 'ordering', 'proposed', 'approved', 'accepted', 'files_made', 'withdrawn')",
        name="run_state",
    ),
    CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
        name="run_withdrawn",
    ),
    CheckConstraint("proposer <> approver", name="run_two_people"),
    CheckConstraint("treasurer <> proposer AND treasurer <> approver", name="run_treasurer_apart"),
    CheckConstraint("yen = bank_yen + cash_yen + set_off_yen + internal_yen", name="run_totals"),
)
"""Payment runs, one regular run a month that is not withdrawn (partial unique index).

``content_mark``: the stored rows that ``sha256`` was made of (sealed). ``traceparent``: the last act on it.
``desk_*``: paid at the cash desk for want of an account; ``moved_*``: those of them that were paid by bank the month
before; both as of the proposal.
"""

run_senders = Table(
    "run_senders",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("sender_name", Text, nullable=False),
    ForeignKeyConstraint(
        ["import_id", "programme"], ["senders.import_id", "senders.programme"], name="run_senders_sender"
    ),
)
"""The office's own account that a run was approved with by its hash, and the name as printed. Append-only."""

run_positions = Table(
    "run_positions",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("producer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("on_assistance", Integer),
    Column("determined", Integer),
    Column("acts_approved", Integer),
    Column("refused", Integer),
    Column("left_out", Integer),
    Column("waiting", Integer),
    Column("ended_yen", BigInteger),
    Column("changed_since", Integer),
)
"""How far each producer had told when the run was opened, and what it said of the month's cases. Append-only."""

run_entitled = Table(
    "run_entitled",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("case_no", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("entitled", BigInteger, nullable=False),
)
"""What was entitled and not yet ordered at the run's cut-off (締め). Append-only."""

orders = Table(
    "orders",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("run_id", Uuid, ForeignKey("runs.run_id"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("yen", BigInteger, nullable=False),
    UniqueConstraint("run_id", "case_no", "month", "kind", name="orders_run_case_month_kind"),
    CheckConstraint("yen > 0", name="order_yen"),
)
"""Yen owed for a case, month and kind (支払決定). Append-only."""

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("order_id", Uuid, ForeignKey("orders.order_id"), primary_key=True),
    Column("fact_id", Uuid, primary_key=True),
    Column("yen", BigInteger, nullable=False),
    _instant("withdrawn_at", needed=True),
    CheckConstraint("yen > 0", name="withdrawal_yen"),
)
"""Yen taken back from an order that was not sent: by the fact that lowered the entitlement, or that withdrew the run.

Append-only.
"""

transfers = Table(
    "transfers",
    metadata,
    Column("transfer_id", Uuid, primary_key=True),
    Column("run_id", Uuid, ForeignKey("runs.run_id"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("account_id", Uuid, ForeignKey("accounts.account_id")),
    Column("yen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("yen > 0", name="transfer_yen"),
    CheckConstraint("channel IN ('bank', 'cash', 'set_off', 'internal')", name="transfer_channel"),
    CheckConstraint("channel <> 'bank' OR account_id IS NOT NULL", name="transfer_bank_account"),
    CheckConstraint("state IN ('approved', 'withdrawn', 'in_file', 'at_desk')", name="transfer_state"),
)
"""One attempt to pay orders of a case to one payee; a line of a file. Only ``state`` ever changes."""

transfer_orders = Table(
    "transfer_orders",
    metadata,
    Column("transfer_id", Uuid, ForeignKey("transfers.transfer_id"), primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.order_id"), primary_key=True),
    Column("yen", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    CheckConstraint("yen > 0", name="transfer_order_yen"),
)
"""Which orders a transfer pays; at most one live transfer an order (partial unique index)."""

disbursement_orders = Table(
    "disbursement_orders",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("orders", Integer, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("treasurer", Text, nullable=False),
    _instant("accepted_at", needed=True),
)
"""支出命令 by programme (budget items differ), as the treasurer (会計管理者) accepted it. Append-only."""

bank_files = Table(
    "bank_files",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.run_id"), primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    Column("records", Integer, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    _instant("made_at", needed=True),
    Column("fence", Integer, nullable=False),
    Column("prepared", Integer),
    Column("issue", Integer, nullable=False, server_default=text("1")),
    _instant("written_at"),
    Column("standing", Text),
    Column("received_by", Text),
    _instant("received_at"),
    CheckConstraint("octet_length(content) = 120 * (records + 3) + 31", name="bank_file_length"),
    CheckConstraint("standing IN ('as_stored', 'altered', 'missing', 'taken')", name="bank_file_standing"),
    CheckConstraint("(received_by IS NULL) = (received_at IS NULL)", name="bank_file_received"),
)
"""Files as made, once and for ever; a re-issue reads these bytes. Only what happens to a file ever changes.

``fence`` numbers the attempts to hand it over, ``prepared`` is the one whose bytes stand ready in the folder;
``standing`` is how it was found there last.
"""

postings = Table(
    "postings",
    metadata,
    Column("posting_id", BigInteger, Identity(), primary_key=True),
    Column("run_id", Uuid, ForeignKey("runs.run_id"), nullable=False),
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("cause", Text, nullable=False, unique=True),
    Column("posted_on", Date, nullable=False),
    Column("fiscal_year", Integer, nullable=False),
    CheckConstraint("yen > 0", name="posting_yen"),
    CheckConstraint("debit <> credit", name="posting_two_accounts"),
)
"""The ledger: one row is debit, credit and yen. Append-only; a cause posts once.

``posted_on`` is the day on which the treasurer accepted the run, ``fiscal_year`` (会計年度) that of the run's month.
"""
