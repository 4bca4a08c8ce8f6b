"""Advisory locks: each declared once by its name, with a key of 63 bits that no other has and nobody can aim at.

A database has one space of keys for all of them, and PostgreSQL's own `hashtext` has 32 bits: two names meet in it by
chance, and whoever may choose a name finds one that meets another lock in seconds. So a key is cut from a SHA-256. What
a caller writes, an Idempotency-Key, has keys below zero, and all others have keys above: they cannot meet at all.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

_WAIT: Final = text("SELECT pg_advisory_xact_lock(:key)")
_TRY: Final = text("SELECT pg_try_advisory_xact_lock(:key)")
_POSITIVE: Final = 2**63 - 1


@dataclass(frozen=True)
class Lock:
    """A lock of that name; ``of`` says of what, where there is one of many: a month, a stream.

    Args:
        by_callers: what it is of, a caller writes.
    """

    name: str
    of: str = ""
    by_callers: bool = False

    @property
    def key(self) -> int:
        """The lock's key, the same in every process and in SQL (`key_in_sql`)."""
        digest = hashlib.sha256(f"{self.name}:{self.of}".encode()).digest()
        positive = int.from_bytes(digest[:8], "big") & _POSITIVE
        return -1 - positive if self.by_callers else positive

    def each(self, of: str) -> "Lock":
        """The one of these locks that is of this."""
        return Lock(self.name, of, self.by_callers)

    def hold(self, connection: Connection) -> None:
        """Wait for it, and hold it until the transaction is over."""
        connection.execute(_WAIT, {"key": self.key})

    def try_to_hold(self, connection: Connection) -> bool:
        """Hold it until the transaction is over; False where another transaction does."""
        return bool(connection.execute(_TRY, {"key": self.key}).scalar_one())


DECLARED: Final[dict[str, Lock]] = {}
"""The locks of the services that are loaded, by their names."""


def declare(name: str, *, by_callers: bool = False) -> Lock:
    """A lock of this name, of which there is no other.

    Raises:
        ValueError: the name is taken, or its key is another lock's.
    """
    lock = Lock(name, by_callers=by_callers)
    if ":" in name or name in DECLARED or lock.key in {other.key for other in DECLARED.values()}:
        raise ValueError(f"the lock {name} meets another one")
    DECLARED[name] = lock
    return lock


def key_in_sql(name: str, of: str = "''") -> str:
    """The key of a lock as an SQL expression, for functions of the database; ``of`` is an expression too."""
    digest = f"encode(sha256(convert_to('{name}:' || {of}, 'UTF8')), 'hex')"
    return f"(('x' || substr({digest}, 1, 16))::bit(64)::bigint & {_POSITIVE})"
