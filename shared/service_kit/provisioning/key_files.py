"""The key files of an office: made where they are missing, and changed while everything runs.

A new page key or client secret stands beside the former one until that is taken away (docs/security/keys.md).
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shared.service_kit.encryption.wrapping import KEY_FILE, new_key
from shared.service_kit.streams.signing import key_id, raw_public_key

EXTRA_CLIENTS: Final = ("one_machine",)
EXTRA_KEYS: Final = {"audit_logging": ("kurashi_log_key",)}
"""Keys beside the page key: the log signs its checkpoints with one of its own."""
PAGE_KEY: Final = "kurashi_signing_key"
SECRET: Final = "kurashi_client_secret"  # noqa: S105
PUBLIC: Final = "public/producer_keys.json"
"""Per service the public keys of pages, by key id: what every consumer believes."""
CLIENTS: Final = "issuer/clients.json"
"""Per client the hashes of the secrets that hold: what the development issuer believes."""


def make_keys(folder: Path, services: Sequence[str]) -> None:
    """Make the signing keys and client secrets that are missing, and list what is believed; former ones stay listed."""
    for service in services:
        _list_page_key(folder, service, kept(folder / service / PAGE_KEY, _new_pem))
        for name in EXTRA_KEYS.get(service, ()):
            kept(folder / service / name, _new_pem)
    for client in (*services, *EXTRA_CLIENTS):
        _list_secret(folder, client, kept(folder / client / SECRET, _new_secret))


def change_page_key(folder: Path, service: str) -> None:
    """Give a service a new page key, its public half first; the service signs with it from its next start on."""
    pem = _new_pem()
    _list_page_key(folder, service, pem)
    write(folder / service / PAGE_KEY, pem)


def change_client_secret(folder: Path, client: str) -> None:
    """Give a client a new secret, its hash first; the client uses it from its next start on."""
    secret = _new_secret()
    _list_secret(folder, client, secret)
    write(folder / client / SECRET, secret)


def forget_former(folder: Path, service: str) -> None:
    """Believe the present page key and secret of a service alone."""
    for name in (PUBLIC, CLIENTS):
        listed = _read(folder / name)
        listed.pop(service, None)
        _write_list(folder / name, listed)
    _list_page_key(folder, service, (folder / service / PAGE_KEY).read_text(encoding="utf-8"))
    _list_secret(folder, service, (folder / service / SECRET).read_text(encoding="utf-8"))


def add_sealing_key(folder: Path, service: str) -> None:
    """Put a fresh key first in a service's key files: it wraps from its next start on, the others only unwrap."""
    fresh = new_key()
    for name in (service, f"{service}_owner"):
        path = folder / name / KEY_FILE
        write(path, f"{fresh}\n{path.read_text(encoding='utf-8')}")


def kept(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; it is made where it is missing."""
    if not path.exists():
        write(path, make())
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file as one: who reads it meets the former or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=mode)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _list_page_key(folder: Path, service: str, pem: str) -> None:
    raw, listed = _public_half(pem), _read(folder / PUBLIC)
    listed[service] = {**listed.get(service, {}), key_id(raw): base64.b64encode(raw).decode()}
    _write_list(folder / PUBLIC, listed)


def _list_secret(folder: Path, client: str, secret: str) -> None:
    digest, listed = hashlib.sha256(secret.encode()).hexdigest(), _read(folder / CLIENTS)
    known = listed.get(client, [])
    former = [known] if isinstance(known, str) else known  # one hash alone, as it was written before
    listed[client] = [digest, *(older for older in former if older != digest)]
    _write_list(folder / CLIENTS, listed)


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _write_list(path: Path, listed: dict[str, Any]) -> None:
    write(path, json.dumps(listed, indent=1), mode=0o644 if path.parent.name == "public" else 0o600)


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _new_pem() -> str:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public_half(pem: str) -> bytes:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the kept signing key is not an Ed25519 key")
    return raw_public_key(key.public_key())
