"""The leaf: what the log says of a fact for ever, and what it only commits to.

The plain part names no person. Actor, subject and details stand in the leaf as commitments, HMAC-SHA-256 with a
32-byte salt; salt and value (the opening) are kept apart and can be deleted lawfully: the leaf, and with it the tree,
stays as it is. The bytes are canonical JSON (RFC 8785), so that whoever holds the parts can make the leaf again.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.audit_logging.domain.canonical import canonical
from services.audit_logging.domain.tiles import MAX_LEAF

VERSION = 1
SALT_SIZE = 32
FIELDS = ("actor", "subject", "details")
SALTS_SIZE = SALT_SIZE * len(FIELDS)


@dataclass(frozen=True)
class Record:
    """One fact as the log takes it: where it came from, and what it says.

    `epoch` names the life of the producer's database: a restored producer counts on under a new one.
    """

    producer: str
    stream: str
    epoch: str
    number: int
    id: UUID
    type: str
    time: datetime
    correlation: str
    causation: str | None
    actor: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """What opens one commitment: `value` is canonical JSON."""

    field: str
    salt: bytes
    value: str


def commitment(field: str, salt: bytes, value: str) -> str:
    """The base64 commitment to `value`; the field's name is bound in, so that no opening fits another field."""
    return b64encode(hmac.digest(salt, f"{field}\0{value}".encode(), "sha256")).decode()


def make_leaf(record: Record, salts: bytes) -> tuple[bytes, tuple[Opening, ...]]:
    """The leaf's bytes and its openings; `salts` are 96 fresh random bytes. ValueError when the leaf is too long."""
    if len(salts) != SALTS_SIZE:
        raise ValueError("a leaf needs 96 bytes of salt")
    openings = tuple(
        Opening(field, salts[i * SALT_SIZE : (i + 1) * SALT_SIZE], canonical(getattr(record, field)).decode())
        for i, field in enumerate(FIELDS)
    )
    leaf = canonical(
        {
            "v": VERSION,
            "producer": record.producer,
            "stream": record.stream,
            "epoch": record.epoch,
            "number": record.number,
            "id": str(record.id),
            "type": record.type,
            "time": _instant(record.time),
            "correlation": record.correlation,
            "causation": record.causation,
            "commitments": {o.field: commitment(o.field, o.salt, o.value) for o in openings},
        }
    )
    if len(leaf) > MAX_LEAF:
        raise ValueError("the leaf is longer than an entry bundle can hold")
    return leaf, openings


def _instant(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
