"""The openings of entries, read in one way by search, export, self-check and deletion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.audit_logging.adapters.tables import openings
from services.audit_logging.domain.leaf import Opening


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
        found = json.loads(self.openings["details"].value)["data"]
        if not isinstance(found, dict):
            raise TypeError("the data of a fact are an object")
        return found

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


def read_openings(session: Session, indexes: Sequence[int]) -> dict[int, Opened]:
    """The openings of these entries by index; an entry whose opening was deleted is not among them."""
    rows = session.execute(
        select(openings.c.entry_index, openings.c.field, openings.c.salt, openings.c.value).where(
            openings.c.entry_index.in_(list(indexes))
        )
    )
    found: dict[int, dict[str, Opening]] = {}
    for index, field, salt, value in rows:
        found.setdefault(index, {})[field] = Opening(field, bytes(salt), value)
    return {index: Opened(group) for index, group in found.items()}
