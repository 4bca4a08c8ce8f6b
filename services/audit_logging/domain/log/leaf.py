"""The leaf: what the log says of a fact for ever, and what it only commits to.

The plain part names no person. Actor, subject and details stand in the leaf as commitments, HMAC-SHA-256 with a
32-byte salt; salt and value (the opening) are kept apart and can be deleted lawfully: the leaf, and with it the tree,
stays as it is. The bytes are canonical JSON (RFC 8785), so that whoever holds the parts can make the leaf again.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from services.audit_logging.domain.log.canonical import canonical, quoted
from services.audit_logging.domain.log.tiles import MAX_LEAF

SALT_SIZE = 32
FIELDS = ("actor", "subject", "details")
SALTS_SIZE = SALT_SIZE * len(FIELDS)
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_INNER_REST, _OUTER_REST = b"\x36" * (64 - SALT_SIZE), b"\x5c" * (64 - SALT_SIZE)
_CANONICAL_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_IN_UTC = re.compile(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{6}\+00:00").fullmatch


class Event(Protocol):
    """One fact as the log takes it: where it came from, and its envelope as it was sent."""

    @property
    def producer(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


class Opening(NamedTuple):
    """What opens one commitment: `value` is canonical JSON."""

    field: str
    salt: bytes
    value: str


def commitment(field: str, salt: bytes, value: str) -> str:
    """The base64 commitment to `value`; the field's name is bound in, so that no opening fits another field.

    HMAC-SHA-256 (RFC 2104) of a key of 32 bytes, written out: three fresh keys an entry cost the library more to set up
    than to hash with.
    """
    inner = sha256(salt.translate(_INNER) + _INNER_REST + f"{field}\0{value}".encode()).digest()
    return b2a_base64(sha256(salt.translate(_OUTER) + _OUTER_REST + inner).digest(), newline=False).decode()


def make_leaf(fact: Event, epoch: str, salts: bytes) -> tuple[bytes, tuple[Opening, Opening, Opening]]:
    """The leaf's bytes and its openings.

    Args:
        epoch: names the life of the producer's database: a restored producer counts on under a new one.
        salts: 96 fresh random bytes.

    Raises:
        KeyError: the envelope is not whole.
        ValueError: the leaf is too long, or the fact says what has no canonical form.
    """
    if len(salts) != SALTS_SIZE:
        raise ValueError("a leaf needs 96 bytes of salt")
    body = fact.body
    if not _CANONICAL_ID(body["id"]):
        raise ValueError("the id is not a UUID as it is written")
    actor = Opening("actor", salts[:32], quoted(body["actor"]))
    subject = Opening("subject", salts[32:64], quoted(body["subject"]))
    details = Opening("details", salts[64:], canonical({"data": body["data"], "traceparent": body["traceparent"]}))
    began, place = _told_by(fact.producer, fact.stream, epoch)
    leaf = (
        f'{{"causation":{quoted(body["causation"])},"commitments":{{"actor":"{commitment(*actor)}",'
        f'"details":"{commitment(*details)}","subject":"{commitment(*subject)}"}},'
        f'"correlation":{quoted(body["correlation"])},{began},"id":"{body["id"]}","number":{fact.number},{place},'
        f'"time":"{_instant(body["time"])}","type":{quoted(body["type"])},"v":1}}'
    ).encode()
    if len(leaf) > MAX_LEAF:
        raise ValueError("the leaf is longer than an entry bundle can hold")
    return leaf, (actor, subject, details)


@lru_cache(maxsize=64)
def _told_by(producer: str, stream: str, epoch: str) -> tuple[str, str]:
    """What all leaves of one stream say alike."""
    return f'"epoch":{quoted(epoch)}', f'"producer":{quoted(producer)},"stream":{quoted(stream)}'


def _instant(text: str) -> str:
    """The instant to the microsecond in UTC; one that is written so already only changes its ending."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without its zone is no instant")
    if _IN_UTC(text):
        return text[:-6] + "Z"
    return f"{time.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
