"""Sealed fields: AES-256-GCM under data keys of one service, each wrapped by a key that is in no database.

A sealed value names its data key and is bound to the service, table, column and row that it stands in: copied anywhere
else it does not open. Bytes are ``version (1) | key number (2) | nonce (12) | ciphertext and tag``; in a column of text
they stand as ``sealed:`` and base64, where the first four characters are version and key number.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from shared.service_kit.clock import Clock
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.tables import data_keys
from shared.service_kit.encryption.wrapping import KeyMissing, WrappingKey, wrapping_key
from shared.service_kit.settings import Settings

VERSION: Final = 1
HEAD: Final = 3
"""Bytes of version and key number; four characters of base64."""
OVERHEAD: Final = HEAD + 12 + 16
"""Bytes that sealing adds: head, nonce, tag."""
MARK: Final = "sealed:"
_NONCE: Final = 12
_MOST_KEYS: Final = 0xFFFF
_LOCK: Final = declare("kit.data_keys")

Row = dict[str, Any]


class NotOpened(Exception):
    """A sealed value that does not open where it stands: altered, moved, or never sealed. Names no value."""


@dataclass(frozen=True)
class Sealed:
    """Columns of a table whose values are sealed; ``key`` are the columns that name a row."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def place(self, service: str, column: str, row: Mapping[Any, Any]) -> bytes:
        """What a sealed value is bound to."""
        return json.dumps([service, self.table, column, *(str(row[name]) for name in self.key)]).encode()


class Sealer:
    """Seals and opens the fields of one service; keeps its data keys in memory once they are unwrapped."""

    def __init__(self, service: str, settings: Settings) -> None:
        self._service, self._settings = service, settings
        self._opened: dict[int, AESGCM] = {}

    @cached_property
    def wrapping(self) -> WrappingKey:
        """The key that wraps this service's data keys.

        Raises:
            KeyMissing: none is named; says where one belongs.
        """
        return wrapping_key(self._settings)

    def seal(self, connection: Connection, sealed: Sealed, rows: Iterable[Mapping[Any, Any]]) -> list[Row]:
        """The rows with the values of their sealed columns sealed under the newest data key; nothing stays nothing."""
        clear = list(rows)
        if not clear:
            return []
        number = self.newest(connection)
        cipher, head = self._cipher(connection, number), _head(number)
        return [self._sealed(sealed, row, cipher, head) for row in clear]

    def open(self, connection: Connection, sealed: Sealed, rows: Iterable[Mapping[Any, Any]]) -> list[Row]:
        """The rows with the sealed columns that they have in the clear.

        Raises:
            NotOpened: a value was altered, moved or never sealed; names table and column.
        """
        return [self._opened_row(connection, sealed, row) for row in rows]

    def newest(self, connection: Connection) -> int:
        """The number of the data key that new values are sealed under; 0 before the service was first started."""
        newest = select(data_keys.c.key_no).order_by(data_keys.c.key_no.desc()).limit(1)
        return int(connection.execute(newest).scalar() or 0)

    def add_key(self, connection: Connection) -> int:
        """Make the next data key; what is sealed once it is committed is sealed under it. Returns its number.

        It is in no cache: a transaction that is rolled back leaves no key behind that something was sealed with.
        """
        _LOCK.hold(connection)
        number = self.newest(connection) + 1
        if number > _MOST_KEYS:
            raise RuntimeError(f"a service has at most {_MOST_KEYS} data keys")
        self._keep(connection, number, AESGCM.generate_key(256))
        return number

    def wrap_again(self, connection: Connection) -> int:
        """Wrap every data key by the newest wrapping key, by new rows; no sealed value changes. Returns how many."""
        _LOCK.hold(connection)
        numbers = connection.execute(select(data_keys.c.key_no).distinct().order_by(data_keys.c.key_no)).scalars().all()
        done = connection.execute(
            select(data_keys.c.key_no).where(data_keys.c.wrapped_by == self.wrapping.id)
        ).scalars()
        left = sorted(set(numbers) - set(done))
        for number in left:
            self._keep(connection, number, self._unwrapped(connection, number))
        return len(left)

    def prepare(self, connection: Connection) -> None:
        """Unwrap every data key, so that a process whose key is lost or another's does not start; make the first one.

        Raises:
            KeyMissing: no key is named, or none that is named unwraps a data key; says which and where.
        """
        _LOCK.hold(connection)
        for number in connection.execute(select(data_keys.c.key_no).distinct()).scalars().all():
            self._unwrapped(connection, number)
        if not self.newest(connection):
            self.add_key(connection)

    def _keep(self, connection: Connection, number: int, key: bytes) -> None:
        wrapped = self.wrapping.wrap(key, self._context(number))
        row = {"key_no": number, "wrapped_by": self.wrapping.id, "wrapped": wrapped}
        connection.execute(insert(data_keys).values(**row, made_at=Clock(self._settings.today).now()))

    def _cipher(self, connection: Connection, number: int) -> AESGCM:
        if number not in self._opened:
            self._opened[number] = AESGCM(self._unwrapped(connection, number))
        return self._opened[number]

    def _unwrapped(self, connection: Connection, number: int) -> bytes:
        rows = connection.execute(
            select(data_keys.c.wrapped_by, data_keys.c.wrapped).where(data_keys.c.key_no == number),
        ).all()
        known = [row for row in rows if self.wrapping.knows(row.wrapped_by)]
        if not known:
            names = ", ".join(row.wrapped_by for row in rows) or "no key at all"
            raise KeyMissing(
                f"data key {number} of {self._service} is wrapped by {names}, which is not among the keys of "
                f"{self.wrapping.place}: put that key back (docs/sealing.md)",
            )
        return self.wrapping.unwrap(known[-1].wrapped_by, bytes(known[-1].wrapped), self._context(number))

    def _context(self, number: int) -> dict[str, str]:
        return {"kurashi_service": self._service, "kurashi_data_key": str(number)}

    def _sealed(self, sealed: Sealed, row: Mapping[Any, Any], cipher: AESGCM, head: bytes) -> Row:
        made = dict(row)
        for column in sealed.columns:
            value = made.get(column)
            if value is not None:
                raw = isinstance(value, (bytes, memoryview))
                plain = bytes(value) if raw else _as_text(value).encode()
                nonce = os.urandom(_NONCE)
                body = head + nonce + cipher.encrypt(nonce, plain, head + sealed.place(self._service, column, row))
                made[column] = body if raw else MARK + b64encode(body).decode()
        return made

    def _opened_row(self, connection: Connection, sealed: Sealed, row: Mapping[Any, Any]) -> Row:
        made = dict(row)
        for column in sealed.columns:
            value = made.get(column)
            if value is not None:
                plain = self._plain(connection, sealed, column, row, value)
                made[column] = plain.decode() if isinstance(value, str) else plain
        return made

    def _plain(
        self, connection: Connection, sealed: Sealed, column: str, row: Mapping[Any, Any], value: str | bytes
    ) -> bytes:
        name = f"{sealed.table}.{column}"
        try:
            body = b64decode(_unmarked(value), validate=True) if isinstance(value, str) else bytes(value)
        except ValueError:
            raise NotOpened(f"a value of {name} is not sealed") from None
        if len(body) < OVERHEAD or body[0] != VERSION:
            raise NotOpened(f"a value of {name} is not sealed in a form that is known")
        head, nonce, rest = body[:HEAD], body[HEAD : HEAD + _NONCE], body[HEAD + _NONCE :]
        cipher = self._cipher_of(connection, int.from_bytes(head[1:]), name)
        try:
            return cipher.decrypt(nonce, rest, head + sealed.place(self._service, column, row))
        except InvalidTag:
            raise NotOpened(f"a value of {name} was altered or belongs to another row, column or service") from None

    def _cipher_of(self, connection: Connection, number: int, name: str) -> AESGCM:
        if number not in self._opened and not connection.execute(select(1).where(data_keys.c.key_no == number)).first():
            raise NotOpened(f"a value of {name} names data key {number}, which this service does not have")
        return self._cipher(connection, number)


def _as_text(value: Any) -> str:
    """A value of a JSON column is sealed as its JSON, and opens as that text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _head(number: int) -> bytes:
    return bytes([VERSION]) + number.to_bytes(2)


def text_head(number: int) -> str:
    """How a sealed text under data key ``number`` begins."""
    return MARK + b64encode(_head(number)).decode()


def bytes_head(number: int) -> bytes:
    """How sealed bytes under data key ``number`` begin."""
    return _head(number)


def _unmarked(value: str) -> str:
    if not value.startswith(MARK):
        raise ValueError("not sealed")
    return value.removeprefix(MARK)
