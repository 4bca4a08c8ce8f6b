"""Which columns of this room are sealed: account numbers, holders, the words that may name somebody, and the files."""

from typing import Final

from shared.service_kit.sealing import Sealed

ACCOUNTS: Final = Sealed("accounts", ("account_id",), ("account_number", "holder", "reason_no_account"))
SENDERS: Final = Sealed("senders", ("import_id", "programme"), ("account_number",))
FILES: Final = Sealed("bank_files", ("run_id", "programme"), ("content",))
SEALED: Final = (ACCOUNTS, SENDERS, FILES)
