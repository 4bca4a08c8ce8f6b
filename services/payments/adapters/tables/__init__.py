"""The tables of the payments service, a module a subject folder. The migrations make them; a test compares the two.

They stand together and not in the folders, since accounts, runs and deciding services read one another's.

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
from services.payments.adapters.tables.files import bank_files, postings
from services.payments.adapters.tables.runs import (
    disbursement_orders,
    orders,
    run_entitled,
    run_positions,
    run_senders,
    runs,
    transfer_orders,
    transfers,
    withdrawals,
)

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
