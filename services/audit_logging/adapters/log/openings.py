"""The openings of entries, read in one way by search, export, self-check and deletion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from services.audit_logging.adapters.log.tables import openings
from services.audit_logging.domain.log.leaf import Opening

_SIZE = text("SELECT coalesce(sum(octet_length(value)), 0) FROM openings WHERE entry_index IN :indexes").bindparams(
    bindparam("indexes", expanding=True)
)
_TOO_FAR = text("""
SELECT coalesce(min(entry_index), :end) FROM (
    SELECT entry_index, sum(octet_length(value)) OVER (ORDER BY entry_index) AS bytes
      FROM openings WHERE entry_index >= :first AND entry_index < :end
) size WHERE bytes > :most
""")


@dataclass(frozen=True)
class Opened:
    """What one entry says, with the salts that prove it: openings by field, and their values read."""

    openings: dict[str, Opening]

    @property
    def actor(self) -> str:
        """Who acted: "person:…" or "service:…"."""
        return str(json.loads(self.openings["actor"].value))

    @property
    def subject(self) -> str:
        """The envelope's subject."""
        return str(json.loads(self.openings["subject"].value))

    @property
    def data(self) -> dict[str, Any]:
        """The data of the fact.

        Raises:
            KeyError, TypeError: it is gone, or of another shape than was agreed.
        """
        data = json.loads(self.openings["details"].value)["data"]
        if not isinstance(data, dict):
            raise TypeError("the data of a fact are an object")
        return data

    @property
    def is_readable(self) -> bool:
        """Whether actor, subject and data are all there and have their shape."""
        with suppress(KeyError, TypeError):
            return isinstance(self.data, dict) and bool(self.actor and self.subject)
        return False

    @property
    def purpose(self) -> str:
        """Why somebody looked; empty where it is no look, or says no more."""
        return str(self.data.get("purpose", "")) if self.is_readable else ""


def read_openings(connection: Connection, indexes: Sequence[int]) -> dict[int, Opened]:
    """The openings of these entries by index; an entry whose opening was deleted is not among them."""
    rows = connection.execute(
        select(openings.c.entry_index, openings.c.field, openings.c.salt, openings.c.value).where(
            openings.c.entry_index.in_(list(indexes))
        )
    )
    by_index: dict[int, dict[str, Opening]] = {}
    for index, field, salt, value in rows:
        by_index.setdefault(index, {})[field] = Opening(field, bytes(salt), value)
    return {index: Opened(group) for index, group in by_index.items()}


def bytes_of(connection: Connection, indexes: Sequence[int]) -> int:
    """How long the openings of these entries are together."""
    return int(connection.execute(_SIZE, {"indexes": list(indexes)}).scalar_one())


def end_within(connection: Connection, first: int, end: int, most: int) -> int:
    """How far entries go from `first` on whose openings have `most` bytes together; one at least, until `end`."""
    return max(int(connection.execute(_TOO_FAR, {"first": first, "end": end, "most": most}).scalar_one()), first + 1)
