"""Tokens as the identity provider of the tests would give them."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

ISSUER = "https://issuer.test"
token_key = OKPKey.generate_key("Ed25519", {"kid": "test"})


def make_token(
    subject: str, roles: Sequence[str], audience: str, kind: str = "person", seconds: int = 300, **claims: Any
) -> str:
    """An access token as the identity provider would give it."""
    now = datetime.now(UTC)
    standard = {
        "iss": ISSUER,
        "sub": subject,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=seconds)).timestamp()),
        "jti": secrets.token_hex(8),
        "kind": kind,
        "roles": list(roles),
    }
    header = {"alg": "Ed25519", "kid": "test", "typ": "at+jwt"}
    return jwt.encode(header, {**standard, **claims}, token_key, algorithms=["Ed25519"])


def stepped_up(*sha256: str, at: datetime | None = None) -> dict[str, Any]:
    """The claims of a token by which a person confirmed what these hashes name."""
    return {
        "acr": "step-up",
        "step_up": secrets.token_hex(8),
        "auth_time": int((at or datetime.now(UTC)).timestamp()),
        "authorization_details": [{"type": "kurashi_approval", "sha256": list(sha256)}],
    }
