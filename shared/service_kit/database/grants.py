"""What the runtime role of a service may do: what its migrations grant, and nothing more."""

from typing import Any


def grant(op: Any, table: str, rights: str) -> None:
    """Grant the runtime role ``rights`` on ``table`` and use of its sequences, and nothing more."""
    role = runtime_role(op)
    op.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
    owned = op.get_bind().exec_driver_sql(
        "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass "
        "JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname = %s",
        (table,),
    )
    for (sequence,) in owned.all():
        op.execute(f'GRANT USAGE, SELECT ON SEQUENCE "{sequence}" TO "{role}"')


def runtime_role(op: Any) -> str:
    """The runtime role of the service whose owner migrates."""
    return str(op.get_bind().exec_driver_sql("SELECT current_user").scalar_one()).removesuffix("_owner") + "_runtime"
