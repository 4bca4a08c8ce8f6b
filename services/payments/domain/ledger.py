"""Accounts of the ledger (支給台帳). A posting is one row of debit, credit and yen: it balances by construction."""

from typing import Final

BENEFIT: Final = "benefit"
"""扶助費 by programme and kind: ``benefit:public_assistance:livelihood``; debited with every order that is paid."""
PAYABLE: Final = "payable"
"""未払金 by programme: what is ordered and not yet handed on."""
CHANNELS: Final = {"bank": "bank:designated", "cash": "cash_desk"}
"""Credited by a transfer: the designated bank (指定金融機関), the counter's advance (資金前渡)."""


def benefit_account(programme: str, kind: str) -> str:
    """The benefit account of a kind of assistance."""
    return f"{BENEFIT}:{programme}:{kind}"


def payable_account(programme: str) -> str:
    """The account of what is ordered and not yet handed on."""
    return f"{PAYABLE}:{programme}"
