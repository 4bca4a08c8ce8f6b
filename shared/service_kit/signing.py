"""Signatures of pages: Ed25519 over the body as sent; the key id is the first 16 hex of the key's SHA-256."""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


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
    """Knows the producers' public keys from the consumer's own settings."""

    def __init__(self, keys: dict[str, dict[str, str]]) -> None:
        self._keys = {
            producer: {kid: Ed25519PublicKey.from_public_bytes(base64.b64decode(raw)) for kid, raw in known.items()}
            for producer, known in keys.items()
        }

    @classmethod
    def from_file(cls, path: Path | None) -> "Verifier":
        """Read ``{service: {key id: base64 of the raw key}}``; no file, no key, nothing is believed."""
        return cls(json.loads(path.read_text()) if path else {})

    def holds(self, producer: str, kid: str, signature: str, body: bytes) -> bool:
        """True where ``producer`` signed ``body`` with a key that we know."""
        key = self._keys.get(producer, {}).get(kid)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), body)
        except (InvalidSignature, ValueError):
            return False
        return True


def key_id(raw: bytes) -> str:
    """The id of a raw public key."""
    return hashlib.sha256(raw).hexdigest()[:16]


def raw_public_key(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
