"""The clients of the issuer: known by the SHA-256 of their secrets."""

import hashlib
import hmac
from collections.abc import Mapping

from werkzeug.datastructures import Authorization


def authenticated(given: Authorization | None, clients: Mapping[str, str]) -> str | None:
    """Return the client that names itself by client_secret_basic, None where it is unknown or its secret is wrong."""
    if given is None or given.type != "basic" or given.username is None or given.password is None:
        return None
    known = clients.get(given.username, "")
    return given.username if known and hmac.compare_digest(secret_digest(given.password), known) else None


def secret_digest(secret: str) -> str:
    """Return what the register of clients keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
