"""The layout of the two files of accounts; docs/data/ describes it for people."""

from typing import Final

from services.payments.domain.accounts import ACCOUNT_TYPES
from services.payments.domain.names import fold
from shared.contracts.assistance import PROGRAMMES
from shared.service_kit.csv_files import Column, choice, code, text

ACCOUNTS_FILE: Final = "accounts.csv"
SENDER_FILE: Final = "sender.csv"
BANK: Final = ("bank_code", "branch_code", "account_type", "account_number")
"""The columns of an account."""


def _folded(cell: str) -> str:
    folded = fold(text(100)(cell))
    if not folded:
        raise ValueError("empty; a name is needed")
    return folded


ACCOUNTS: Final = (
    Column("case_no", code(8)),
    Column("programme", choice(*PROGRAMMES)),
    Column("method", choice("bank", "cash")),
    Column("bank_code", code(4), required=False),
    Column("branch_code", code(3), required=False),
    Column("account_type", choice(*ACCOUNT_TYPES), required=False),
    Column("account_number", code(7), required=False),
    Column("holder_kana", _folded, required=False),
    Column("reason_no_account", text(100), required=False),
)
SENDERS: Final = (
    Column("programme", choice(*PROGRAMMES)),
    Column("sender_code", code(10)),
    Column("sender_name", _folded),
    Column("bank_code", code(4)),
    Column("branch_code", code(3)),
    Column("account_type", choice(*ACCOUNT_TYPES)),
    Column("account_number", code(7)),
)
