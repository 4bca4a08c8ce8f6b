"""The tables of the payments service. The migrations make them; a test compares the two.

Yen are bigint. Months are text "YYYY-MM". Case numbers are eight digits, 宛名番号 a bigint of ten digits.
"""

from services.payments.adapters.tables.accounts import (
    account_imports,
    accounts,
    import_left_out,
    payment_instructions,
    restrictions,
    senders,
)
from services.payments.adapters.tables.base import metadata
from services.payments.adapters.tables.entitlements import case_months, coverage, determinations, due, entitlements
from services.payments.adapters.tables.payments import (
    bank_files,
    disbursement_orders,
    postings,
    transfer_orders,
    transfers,
)
from services.payments.adapters.tables.runs import orders, run_entitled, run_positions, run_senders, runs, withdrawals

__all__ = [
    "account_imports",
    "accounts",
    "bank_files",
    "case_months",
    "coverage",
    "determinations",
    "disbursement_orders",
    "due",
    "entitlements",
    "import_left_out",
    "metadata",
    "orders",
    "payment_instructions",
    "postings",
    "restrictions",
    "run_entitled",
    "run_positions",
    "run_senders",
    "runs",
    "senders",
    "transfer_orders",
    "transfers",
    "withdrawals",
]
