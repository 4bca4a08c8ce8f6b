"""Signatures of pages: Ed25519 over the body as sent; the key id is the first 16 hex of the key's SHA-256."""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location

PublicKeys = dict[str, dict[str, Ed25519PublicKey]]


class Signer:
    """Signs this service's pages."""

    def __init__(self, pem: str) -> None:
        key = load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("KURASHI_SIGNING_KEY is not an Ed25519 key in PEM")
        self._key = key
        self.key_id = key_id(raw_public_key(key.public_key()))

    def sign(self, body: bytes) -> str:
        """The signature in base64."""
        return base64.b64encode(self._key.sign(body)).decode()


class Verifier:
    """Knows the producers' public keys from the consumer's own settings: a file, read again whenever it changes.

    The file is ``{service: {key id: base64 of the raw key}}``; no file, no key, nothing is believed.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen = _stamp(path) if path else None
        self._keys = _public_keys(path) if path else {}

    def holds(self, producer: str, kid: str, signature: str, body: bytes) -> bool:
        """True where ``producer`` signed ``body`` with a key that we know."""
        key = self._current().get(producer, {}).get(kid)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), body)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _current(self) -> PublicKeys:
        """The keys as the file has them now; the last that could be read, where it cannot be."""
        try:
            if self._path and (stamp := _stamp(self._path)) != self._seen:
                self._keys, self._seen = _public_keys(self._path), stamp
        except (OSError, ValueError, AttributeError) as error:
            log().error("producer_keys.unreadable", why=error_location(error))
        return self._keys


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _public_keys(path: Path) -> PublicKeys:
    return {
        producer: {kid: Ed25519PublicKey.from_public_bytes(base64.b64decode(raw)) for kid, raw in known.items()}
        for producer, known in json.loads(path.read_text(encoding="utf-8")).items()
    }


def key_id(raw: bytes) -> str:
    """The id of a raw public key."""
    return hashlib.sha256(raw).hexdigest()[:16]


def raw_public_key(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
