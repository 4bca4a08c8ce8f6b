"""The leaf: what the log says of a fact for ever, and what it only commits to.

The plain part names no person. Actor, subject and details stand in the leaf as commitments, HMAC-SHA-256 with a
32-byte salt; salt and value (the opening) are kept apart and can be deleted lawfully: the leaf, and with it the tree,
stays as it is. The bytes are canonical JSON (RFC 8785), so that whoever holds the parts can make the leaf again.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from services.audit_logging.domain.canonical import canonical, quoted
from services.audit_logging.domain.tiles import MAX_LEAF

SALT_SIZE = 32
FIELDS = ("actor", "subject", "details")
SALTS_SIZE = SALT_SIZE * len(FIELDS)


class Told(Protocol):
    """One fact as the log takes it: where it came from, and what it says."""

    @property
    def producer(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def id(self) -> UUID: ...
    @property
    def type(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def correlation(self) -> str: ...
    @property
    def causation(self) -> str | None: ...
    @property
    def actor(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def traceparent(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Opening(NamedTuple):
    """What opens one commitment: `value` is canonical JSON."""

    field: str
    salt: bytes
    value: str


def commitment(field: str, salt: bytes, value: str) -> str:
    """The base64 commitment to `value`; the field's name is bound in, so that no opening fits another field."""
    return b64encode(hmac.digest(salt, f"{field}\0{value}".encode(), "sha256")).decode()


def make_leaf(fact: Told, epoch: str, salts: bytes) -> tuple[bytes, tuple[Opening, Opening, Opening]]:
    """The leaf's bytes and its openings.

    Args:
        epoch: names the life of the producer's database: a restored producer counts on under a new one.
        salts: 96 fresh random bytes.

    Raises:
        ValueError: the leaf is too long, or the fact says what has no canonical form.
    """
    if len(salts) != SALTS_SIZE:
        raise ValueError("a leaf needs 96 bytes of salt")
    actor = Opening("actor", salts[:32], quoted(fact.actor))
    subject = Opening("subject", salts[32:64], quoted(fact.subject))
    details = Opening("details", salts[64:], canonical({"data": fact.data, "traceparent": fact.traceparent}))
    leaf = (
        f'{{"causation":{quoted(fact.causation)},"commitments":{{"actor":"{commitment(*actor)}",'
        f'"details":"{commitment(*details)}","subject":"{commitment(*subject)}"}},'
        f'"correlation":{quoted(fact.correlation)},"epoch":{quoted(epoch)},"id":"{fact.id}","number":{fact.number},'
        f'"producer":{quoted(fact.producer)},"stream":{quoted(fact.stream)},"time":"{_instant(fact.time)}",'
        f'"type":{quoted(fact.type)},"v":1}}'
    ).encode()
    if len(leaf) > MAX_LEAF:
        raise ValueError("the leaf is longer than an entry bundle can hold")
    return leaf, (actor, subject, details)


def _instant(time: datetime) -> str:
    return f"{time.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
