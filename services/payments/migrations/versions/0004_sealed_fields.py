"""Account numbers, holders, words about accounts and bank files are sealed; what is on record is sealed here.

In this transaction, since a ward has ten thousand accounts: so no reader ever has to take what is not sealed. From
here on the database refuses an account, a sender or a file that is not.
"""

from alembic import context, op

from shared.service_kit.database.kit_ddl import create_data_keys
from shared.service_kit.encryption.rotation import seal_existing
from shared.service_kit.encryption.sealing import Sealed

revision = "0004"
down_revision = "0003"

_TEXTS = (
    Sealed("accounts", ("account_id",), ("account_number", "holder", "reason_no_account")),
    Sealed("senders", ("import_id", "programme"), ("account_number",)),
)
_FILES = Sealed("bank_files", ("run_id", "programme"), ("content",))


def upgrade() -> None:
    """Make the keys, seal what is there, and want all that comes sealed."""
    create_data_keys(op)
    op.execute("ALTER TABLE bank_files DROP CONSTRAINT bank_file_length")
    seal_existing(op.get_bind(), "payments", context.config.attributes["settings"], (*_TEXTS, _FILES))
    for sealed in _TEXTS:
        for column in sealed.columns:
            check = f"CHECK ({column} ~ '^sealed:[A-Za-z0-9+/]+=*$')"
            op.execute(f"ALTER TABLE {sealed.table} ADD CONSTRAINT {sealed.table}_{column}_sealed {check}")
    # version, key, nonce and tag of a sealed value are 31 bytes
    length = "CHECK (octet_length(content) = 120 * (records + 3) + 31)"
    op.execute(f"ALTER TABLE bank_files ADD CONSTRAINT bank_file_length {length}")
