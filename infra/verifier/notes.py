"""Signed notes and checkpoints (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature), checked with one key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from infra.verifier.fault import Fault

_PLAIN, _TIMED = 1, 4
WITNESS = _TIMED
"""The kind of a witness's key: it signs with the time and nothing else."""
_SIZE = re.compile("0|[1-9][0-9]{0,18}")
_MOST_BYTES, _MOST_SIGNATURES = 16_384, 16
"""A note has a head of a few lines and a signature of each of a few keys: who sends more wants time, not a verdict."""
_LATEST = 253_402_300_799
"""The last second of the year 9999: no calendar here goes on."""


@dataclass(frozen=True)
class Key:
    """A log's public key with the name it signs under."""

    name: str
    public: bytes

    def id(self, kind: int) -> bytes:
        """The key id for a kind of signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """The log's verifier key as it is published."""
        encoded = base64.b64encode(bytes([_PLAIN]) + self.public).decode()
        return f"{self.name}+{self.id(_PLAIN).hex()}+{encoded}"


@dataclass(frozen=True)
class Checkpoint:
    """A tree head that the key signed; `signed_at`, in seconds since 1970, is signed too."""

    origin: str
    size: int
    root: bytes
    signed_at: int


def parse_key(text: str, kind: int = _PLAIN) -> Key:
    """A verifier key `name+id+base64` of a log, or of a WITNESS; a key whose id does not fit is refused."""
    if len(text) > _MOST_BYTES:
        raise Fault("key", "the public key is longer than any key")
    name, _, rest = text.removesuffix("\n").partition("+")
    key_id, _, encoded = rest.partition("+")
    data = _base64(encoded)
    if data is None or len(data) != 33 or data[0] != kind or not name:
        raise Fault("key", "the public key is not an Ed25519 verifier key (name+id+key)")
    key = Key(name, data[1:])
    if key.id(kind).hex() != key_id:
        raise Fault("key", "the public key does not fit its own id")
    return key


def open_checkpoint(data: bytes, key: Key, file: str) -> Checkpoint:
    """The checkpoint in a signed note; a fault unless this key signed both tree head and time, and both hold.

    Signatures of other keys (witnesses) are left to those who know them.
    """
    if len(data) > _MOST_BYTES:
        raise Fault("checkpoint", f"{file} is longer than any checkpoint", file=file)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Fault("checkpoint", f"{file} is not UTF-8", file=file) from error
    body, blank, signatures = text.rpartition("\n\n")
    body += "\n"
    lines = body.split("\n")[:-1]
    if not blank or len(lines) < 3 or "" in lines or any(ord(c) < 32 and c != "\n" for c in text):
        raise Fault("checkpoint", f"{file} is not a checkpoint", file=file)
    signed_at = _check_signatures(body, signatures, key, file)
    root = decode_hash(lines[2])
    if lines[0] != key.name or not _SIZE.fullmatch(lines[1]) or root is None:
        raise Fault("checkpoint", f"{file} is not a checkpoint of {key.name}", file=file)
    return Checkpoint(lines[0], int(lines[1]), root, signed_at)


def cosigned_at(data: bytes, witness: Key, file: str) -> int:
    """When the witness co-signed a checkpoint, in seconds since 1970; a fault unless it did."""
    body, _, signatures = data.decode(errors="replace").rpartition("\n\n")
    signature = _signatures(signatures, file).get((witness.name, witness.id(_TIMED)))
    if signature is None:
        raise Fault("witness", f"{file} is not co-signed by the witness {witness.name}", file=file)
    return _check_timed(witness, signature, body + "\n", file)


def decode_hash(text: str) -> bytes | None:
    """A SHA-256 hash from its base64; None when it is none."""
    data = _base64(text)
    return data if data is not None and len(data) == 32 else None


def _check_signatures(body: str, signatures: str, key: Key, file: str) -> int:
    by_key = _signatures(signatures, file)
    plain, timed = (by_key.get((key.name, key.id(kind))) for kind in (_PLAIN, _TIMED))
    if plain is None or timed is None:
        raise Fault("key", f"{file} is not signed, with its time, by the given key of {key.name}", file=file)
    _check(key, plain, body, file)
    return _check_timed(key, timed, body, file)


def _signatures(text: str, file: str) -> dict[tuple[str, bytes], bytes]:
    """The signatures by name and key id; a fault where one key has two: which of them would be believed?"""
    if not text.endswith("\n"):
        raise Fault("checkpoint", f"{file} ends in the middle of a line", file=file)
    lines, by_key = text[:-1].split("\n"), dict[tuple[str, bytes], bytes]()
    if len(lines) > _MOST_SIGNATURES:
        raise Fault("checkpoint", f"{file} has more than {_MOST_SIGNATURES} signatures", file=file)
    for line in lines:
        dash, name, encoded = line.split(" ") if line.count(" ") == 2 else ("", "", "")
        data = _base64(encoded)
        if dash != "—" or data is None or len(data) < 5:
            raise Fault("checkpoint", f"{file} has a signature line that is none", file=file)
        if (name, data[:4]) in by_key:
            raise Fault("checkpoint", f"{file} has two signatures of one key of {name}", file=file)
        by_key[name, data[:4]] = data[4:]
    return by_key


def _check_timed(key: Key, data: bytes, body: str, file: str) -> int:
    signed_at = int.from_bytes(data[:8], "big")
    _check(key, data[8:], f"cosignature/v1\ntime {signed_at}\n{body}", file)
    if signed_at > _LATEST:
        raise Fault("checkpoint", f"{file} is signed at a time that is in no calendar", file=file)
    return signed_at


def _check(key: Key, signature: bytes, message: str, file: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message.encode())
    except InvalidSignature as error:
        raise Fault("signature", f"a signature of {file} does not hold", file=file) from error


def _base64(text: str) -> bytes | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
