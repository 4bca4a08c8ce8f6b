"""The tables of payment runs: their orders, their transfers and what the treasurer accepts of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.payments.adapters.tables.base import instant, metadata

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
    instant("opened_at", needed=True),
    instant("cut_off_at"),
    instant("proposed_at"),
    instant("approved_at"),
    instant("accepted_at"),
    Column("accepted_on", Date),
    instant("files_made_at"),
    instant("withdrawn_at"),
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
"""How far each producer had published when the run was opened, and what it said of the month's cases. Append-only."""

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
    instant("withdrawn_at", needed=True),
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
    instant("accepted_at", needed=True),
)
"""支出命令 by programme (budget items differ), as the treasurer (会計管理者) accepted it. Append-only."""
