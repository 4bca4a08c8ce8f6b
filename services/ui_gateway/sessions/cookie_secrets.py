"""A cookie is a random secret: the database knows its hash alone, and what it keeps is sealed with the secret."""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
SEALED = "~"
"""The first character of a cookie that carries its content itself; no secret of `new_cookie` has it."""


def new_cookie() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def fingerprint(cookie: str) -> bytes:
    """What the database knows of a cookie."""
    return hashlib.sha256(cookie.encode()).digest()


def csrf_token(cookie: str) -> str:
    """The token that every form of the session carries; another site cannot know it."""
    return drawn(cookie, "csrf")


def drawn(secret: str, purpose: str) -> str:
    """43 letters that nobody can guess who does not know the secret."""
    return base64.urlsafe_b64encode(_derived(secret, purpose.encode())).rstrip(b"=").decode()


def seal(cookie: str, content: bytes) -> bytes:
    """Encrypt what belongs to the holder of the cookie."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derived(cookie, b"seal")).encrypt(nonce, content, None)


def unseal(cookie: str, sealed: bytes) -> bytes:
    """Read what was sealed.

    Raises:
        ValueError: it was sealed with another cookie, or changed.
    """
    try:
        return AESGCM(_derived(cookie, b"seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag:
        raise ValueError("not sealed with this cookie") from None


def sealed_cookie(secret: str, content: bytes) -> str:
    """A cookie that carries its content itself, closed with a secret of ours: nothing is kept of it here."""
    return SEALED + base64.urlsafe_b64encode(seal(secret, content)).decode()


def unsealed_cookie(secret: str, cookie: str) -> bytes:
    """What a sealed cookie carries.

    Raises:
        ValueError: it is none of ours.
    """
    return unseal(secret, base64.urlsafe_b64decode(cookie.removeprefix(SEALED).encode()))


def _derived(cookie: str, purpose: bytes) -> bytes:
    return hmac.digest(cookie.encode(), purpose, "sha256")
