"""Who proposed an import or a run stays who proposed it: the runtime role may change what moves, and no more."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0007"
down_revision = "0006"

_MOVES = {
    "account_imports": "state, approver, version, approved_at",
    "runs": "state, trace_id, traceparent, parked_below, orders, yen, bank_yen, cash_yen, set_off_yen, internal_yen, "
    "sha256, approver, treasurer, cut_off_at, proposed_at, approved_at, accepted_at, files_made_at",
}


def upgrade() -> None:
    """Take the right to change every column, and give that for the columns that move."""
    role = str(op.get_bind().exec_driver_sql("SELECT current_user").scalar_one()).removesuffix("_owner") + "_runtime"
    for table, columns in _MOVES.items():
        op.execute(f'REVOKE UPDATE ON "{table}" FROM "{role}"')
        grant(op, table, f"UPDATE ({columns})")
