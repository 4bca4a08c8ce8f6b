"""Names of the register and of the imports behind it are sealed; what is on record is sealed here."""

from alembic import context, op

from shared.service_kit.database.kit_ddl import create_data_keys
from shared.service_kit.encryption.rotation import seal_existing
from shared.service_kit.encryption.sealing import Sealed

revision = "0006"
down_revision = "0005"

_RESIDENTS = Sealed("residents", ("import_id", "person_no"), ("name", "kana"))
_ROWS = Sealed("import_rows", ("import_id", "row_no"), ("data",))


def upgrade() -> None:
    """Make the keys, seal what is there, and want all that comes sealed."""
    create_data_keys(op)
    arguments = op.get_bind(), "case_management", context.config.attributes["settings"]
    seal_existing(*arguments, [_RESIDENTS])
    seal_existing(*arguments, [_ROWS], only="fact = 'resident'")
    for column in _RESIDENTS.columns:
        check = f"CHECK ({column} ~ '^sealed:[A-Za-z0-9+/]+=*$')"
        op.execute(f"ALTER TABLE residents ADD CONSTRAINT residents_{column}_sealed {check}")
    check = "CHECK (fact <> 'resident' OR data #>> '{}' ~ '^sealed:[A-Za-z0-9+/]+=*$')"
    op.execute(f"ALTER TABLE import_rows ADD CONSTRAINT import_rows_data_sealed {check}")
