"""Which columns of this service are sealed: account numbers, holders, words that may name somebody, and the files."""

from typing import Final

from shared.service_kit.encryption.sealing import Sealed

ACCOUNTS: Final = Sealed("accounts", ("account_id",), ("account_number", "holder", "reason_no_account"))
SENDERS: Final = Sealed("senders", ("import_id", "programme"), ("account_number",))
CONTENT: Final = Sealed("runs", ("run_id", "sha256"), ("content_mark",))
"""Not in ``SEALED``: it is no secret. Sealing binds it to its run and hash: nobody but this service makes one."""
FILES: Final = Sealed("bank_files", ("run_id", "programme"), ("content",))
SEALED: Final = (ACCOUNTS, SENDERS, FILES)
