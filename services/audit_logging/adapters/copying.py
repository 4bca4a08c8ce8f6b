"""Entries and openings written with COPY in PostgreSQL's binary form: half the bytes, and nothing to escape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.orm import Session

from services.audit_logging.adapters.tables import entries, openings
from services.audit_logging.domain.leaf import FIELDS, SALT_SIZE, Opening
from services.audit_logging.domain.merkle import HASH_SIZE
from shared.service_kit import telemetry

_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ENTRY = Struct(f">hiqi{HASH_SIZE}si")
_FACT = Struct(">iqi16siq")
_OPENING = {field: Struct(f">hiqi{len(field)}si{SALT_SIZE}si") for field in FIELDS}


def copy_entries(
    session: Session,
    size: int,
    stream: tuple[str, str, str],
    rows: Iterable[tuple[bytes, bytes, int, str]],
    at: datetime,
) -> None:
    """Write consecutive entries from index `size` on.

    Args:
        stream: producer, stream and epoch of them all.
        rows: leaf hash, leaf, number and id of each fact.
        at: when they are appended.
    """
    told = b"".join(len(text).to_bytes(4, "big") + text for text in (part.encode() for part in stream))
    instant = (at - _EPOCH) // _MICROSECOND
    parts = list[bytes]()
    for index, (leaf_hash, leaf, number, fact_id) in enumerate(rows, size):
        parts += (
            _ENTRY.pack(9, 8, index, HASH_SIZE, leaf_hash, len(leaf)),
            leaf,
            told,
            _FACT.pack(8, number, 16, bytes.fromhex(fact_id.replace("-", "")), 8, instant),
        )
    _copy(session, entries, parts)


def copy_openings(session: Session, size: int, rows: Iterable[Sequence[Opening]]) -> None:
    """Write the openings of consecutive entries from index `size` on."""
    parts = list[bytes]()
    for index, opened in enumerate(rows, size):
        for field, salt, text in opened:
            value = text.encode()
            layout = _OPENING[field]
            parts += (layout.pack(4, 8, index, len(field), field.encode(), SALT_SIZE, salt, len(value)), value)
    _copy(session, openings, parts)


def _copy(session: Session, table: Table, parts: Iterable[bytes]) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    target = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table.name), columns)
    driver: Any = session.connection().connection.driver_connection
    with telemetry.span(f"COPY {table.name}"), driver.cursor().copy(target) as stream:
        stream.write(b"".join((_BEGIN, *parts, _END)))
