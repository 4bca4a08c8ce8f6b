"""Entries and openings written with COPY in PostgreSQL's binary form: half the bytes, and nothing to escape.

Rows are made ready but for their index, which is known only while the end of the log is held: the less is done then,
the less one stream waits for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table

from services.audit_logging.adapters.log.tables import entries, openings
from services.audit_logging.domain.log.leaf import FIELDS, SALT_SIZE, Opening
from services.audit_logging.domain.log.merkle import HASH_SIZE
from shared.service_kit.observability import telemetry

_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INDEX = Struct(">hiq")
_LEAF = Struct(f">i{HASH_SIZE}si")
_FACT = Struct(">iqi16siq")
_LENGTH = Struct(">i")
_FIELD = {field: _LENGTH.pack(len(field)) + field.encode() + _LENGTH.pack(SALT_SIZE) for field in FIELDS}


def entry_rows(
    stream: tuple[str, str, str], rows: Iterable[tuple[bytes, bytes, int, str]], at: datetime
) -> list[bytes]:
    """Entries made ready, in their order.

    Args:
        stream: producer, stream and epoch of them all.
        rows: leaf hash, leaf, number and id of each fact.
        at: when they are appended.
    """
    place = b"".join(_LENGTH.pack(len(text)) + text for text in (part.encode() for part in stream))
    instant = (at - _EPOCH) // _MICROSECOND
    return [
        b"".join(
            (
                _LEAF.pack(HASH_SIZE, leaf_hash, len(leaf)),
                leaf,
                place,
                _FACT.pack(8, number, 16, bytes.fromhex(fact_id.replace("-", "")), 8, instant),
            )
        )
        for leaf_hash, leaf, number, fact_id in rows
    ]


def opening_rows(opened: Iterable[Sequence[Opening]]) -> list[bytes]:
    """The openings of entries made ready, in their order, one a field."""
    return [_opening_row(*opening) for openings_of_entry in opened for opening in openings_of_entry]


def _opening_row(field: str, salt: bytes, value: str) -> bytes:
    text = value.encode()
    return b"".join((_FIELD[field], salt, _LENGTH.pack(len(text)), text))


def copy_entries(connection: Connection, size: int, rows: Sequence[bytes]) -> None:
    """Write consecutive entries from index `size` on."""
    _copy(connection, entries, size, rows, each=1)


def copy_openings(connection: Connection, size: int, rows: Sequence[bytes]) -> None:
    """Write the openings of consecutive entries from index `size` on."""
    _copy(connection, openings, size, rows, each=len(FIELDS))


def _copy(connection: Connection, table: Table, first: int, rows: Sequence[bytes], *, each: int) -> None:
    """Write rows, so many of each entry, behind the number of their columns and the entry's index."""
    columns, count = len(table.columns), len(rows) // each
    heads = [_INDEX.pack(columns, 8, index) for index in range(first, first + count)]
    parts = [b""] * (2 * len(rows))
    for place in range(each):
        parts[2 * place :: 2 * each] = heads
    parts[1::2] = rows
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    target = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table.name), names)
    driver: Any = connection.connection.driver_connection
    with telemetry.span(f"COPY {table.name}"), driver.cursor().copy(target) as stream:
        stream.write(b"".join((_BEGIN, *parts, _END)))
