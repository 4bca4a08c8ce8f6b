"""Sealed fields brought under the newest data key: by a migration, or by a person with the owner's login.

``python -m services.<service>.app reseal``: in chunks, each a transaction of its own, while the service works. Nothing
has to be remembered: a value names its data key, so a second start goes on where the first one ended.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy
from sqlalchemy import (
    ARRAY,
    JSON,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    or_,
    select,
    text,
    update,
)

from shared.service_kit.database.engine import make_engine
from shared.service_kit.encryption.sealing import HEAD, MARK, Sealed, Sealer, bytes_head, text_head
from shared.service_kit.settings import Settings

CHUNK: Final = 500


def seal_existing(
    connection: Connection, service: str, settings: Settings, sealed: Sequence[Sealed], only: str = "true"
) -> int:
    """Seal what stands in the clear, in the transaction of a migration; ``only`` are rows of which that SQL holds.

    Returns how many rows.

    Raises:
        KeyMissing: there is something to be sealed, and no key.
    """
    sealer = Sealer(service, settings)
    count = 0
    for fields in sealed:
        table = _table(connection, fields)
        rows = [dict(row) for row in connection.execute(_columns(table, fields).where(text(only))).mappings()]
        if rows and not sealer.newest(connection):
            sealer.add_key(connection)
        _write(connection, table, fields, sealer.seal(connection, fields, rows) if rows else [])
        count += len(rows)
    return count


def reseal(engine: Engine, sealer: Sealer, sealed: Sequence[Sealed], chunk: int = CHUNK) -> Iterator[tuple[str, int]]:
    """Seal anew what is under an older data key; yields table and rows after each chunk is committed.

    Raises:
        NotOpened: a value does not open; chunks before it stay done.
    """
    for fields in sealed:
        while True:
            with engine.begin() as connection:
                count = _reseal_chunk(connection, sealer, fields, chunk)
            if not count:
                break
            yield fields.table, count


def _reseal_chunk(connection: Connection, sealer: Sealer, sealed: Sealed, chunk: int) -> int:
    table = _table(connection, sealed)
    number = sealer.newest(connection)
    older = or_(*(_under_another(table, column, number) for column in sealed.columns))
    keys = [table.c[name] for name in sealed.key]
    waiting = _columns(table, sealed).where(older).order_by(*keys).limit(chunk).with_for_update()
    rows = [dict(row) for row in connection.execute(waiting).mappings()]
    if rows:
        _write(connection, table, sealed, sealer.seal(connection, sealed, sealer.open(connection, sealed, rows)))
    return len(rows)


def _under_another(table: Table, column: str, number: int) -> Any:
    value: Any = table.c[column]
    if isinstance(value.type, LargeBinary):
        return sqlalchemy.func.substring(value, 1, HEAD) != bytes_head(number)
    head = text_head(number)
    if isinstance(value.type, JSON):  # a sealed value is a JSON string; objects beside it in the column are not sealed
        value = value.op("#>>")(sqlalchemy.cast([], ARRAY(Text)))
        return sqlalchemy.func.starts_with(value, MARK) & (sqlalchemy.func.left(value, len(head)) != head)
    return sqlalchemy.func.left(value, len(head)) != head


def _write(connection: Connection, table: Table, sealed: Sealed, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        same_row = and_(*(table.c[name] == bindparam(f"key_{name}") for name in sealed.key))
        values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in sealed.columns}
        named = [
            {f"key_{name}": row[name] for name in sealed.key} | {f"new_{name}": row[name] for name in sealed.columns}
            for row in rows
        ]
        connection.execute(update(table).where(same_row).values(values), named)


def _table(connection: Connection, sealed: Sealed) -> Table:
    return Table(sealed.table, MetaData(), autoload_with=connection, resolve_fks=False)


def _columns(table: Table, sealed: Sealed) -> Any:
    return select(*(table.c[name] for name in (*sealed.key, *sealed.columns)))


def run_command(
    name: str, settings: Settings, sealed: Sequence[Sealed], command: str, say: Callable[[str], object]
) -> None:
    """``rotate``: a new data key, and all under it. ``reseal``: what an interrupted one left. ``rewrap``: wrapped anew.

    Raises:
        RuntimeError: the owner's database is not named.
        KeyMissing: the key is lost or another's.
    """
    if not settings.owner_database_url:
        raise RuntimeError("KURASHI_OWNER_DATABASE_URL is not set; only the owner of the database may seal rows anew")
    engine = make_engine(settings.owner_database_url)
    try:
        _run(Sealer(name, settings), engine, sealed, command, say)
    finally:
        engine.dispose()


def _run(sealer: Sealer, engine: Engine, sealed: Sequence[Sealed], command: str, say: Callable[[str], object]) -> None:
    with engine.begin() as connection:
        sealer.prepare(connection)
        if command == "rotate":
            say(f"data key {sealer.add_key(connection)} seals from now on\n")
        if command == "rewrap":
            say(f"{sealer.wrap_again(connection)} data keys wrapped by {sealer.wrapping.id}\n")
    if command != "rewrap":
        for table, count in reseal(engine, sealer, sealed):
            say(f"{table}: {count} rows\n")
