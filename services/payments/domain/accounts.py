"""Payees' accounts (口座) and the office's own account (振込依頼人)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ACCOUNT_TYPES: Final = {"1": "普通", "2": "当座", "4": "貯蓄", "9": "その他"}
JAPAN_POST: Final = "9900"
"""ゆうちょ銀行: 記号番号 have to be converted to branch and account before they come here."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account as it goes into a bank file: codes as digits, names folded."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_type: str
    account_number: str
    holder: str


def account_of(row: Mapping[Any, Any]) -> Account:
    """The account of a row that is in the clear."""
    return Account(**{name: row[name] for name in Account.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Sender:
    """The office as the bank knows it (委託者), for one programme."""

    code: str
    name: str
    account: Account
