"""The bank master (全銀協の銀行・支店コード) of the zengin-code package.

Branches close: names are copied into the account when it is handed in, and an old record never asks here again.
"""

from functools import cache

from services.payments.domain.names import fold


@cache
def names_of(bank_code: str, branch_code: str) -> tuple[str, str]:
    """Folded kana names of a bank and its branch.

    Raises:
        LookupError: there is no such bank (``"bank"``) or it has no such branch (``"branch"``).
    """
    from zengin_code import Bank

    bank = Bank.all.get(bank_code)
    if bank is None:
        raise LookupError("bank")
    branch = bank.branches.get(branch_code)
    if branch is None:
        raise LookupError("branch")
    return fold(bank.kana), fold(branch.kana)
