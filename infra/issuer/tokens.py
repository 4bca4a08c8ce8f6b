"""Tokens: access tokens for one audience and five minutes, and the identity token of the code flow."""

import secrets
import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from infra.issuer.keys import ALGORITHM, SigningKeys
from infra.issuer.staff import BY_ID, Staff

LIFETIME_SECONDS = 300


class Tokens:
    """Makes and reads the tokens of one issuer."""

    def __init__(self, issuer: str, keys: SigningKeys) -> None:
        self._issuer = issuer
        self._keys = keys

    def for_person(self, person: Staff, audience: str, client: str) -> str:
        """Return an access token of a person for `audience`, asked for by `client`."""
        roles = list(person.roles)
        return self._sign({"sub": person.id, "aud": audience, "kind": "person", "roles": roles, "act": {"sub": client}})

    def for_machine(self, client: str, audience: str) -> str:
        """Return an access token of a client for itself."""
        return self._sign({"sub": client, "aud": audience, "kind": "machine", "roles": ["service"]})

    def identity(self, person: Staff, client: str, nonce: str | None) -> str:
        """Return the identity token (OpenID Connect) that tells the client who logged in."""
        claims: dict[str, Any] = {"sub": person.id, "aud": client, "name": person.name, "roles": list(person.roles)}
        return self._sign(claims | ({"nonce": nonce} if nonce else {}), kind="JWT")

    def person_of(self, token: str, client: str) -> Staff | None:
        """Return whose access token this is, where it was made here for `client` and is still good."""
        try:
            decoded = jwt.decode(token, self._keys.all, algorithms=[ALGORITHM])
            essential = {"iss": self._issuer, "aud": client, "kind": "person"}
            rules: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in essential.items()}
            jwt.JWTClaimsRegistry(**rules, exp={"essential": True}).validate(decoded.claims)
        except (JoseError, ValueError):
            return None
        return BY_ID.get(str(decoded.claims.get("sub")))

    def _sign(self, claims: dict[str, Any], kind: str = "at+jwt") -> str:
        now = int(time.time())
        key = self._keys.signing
        stamp = {"iss": self._issuer, "iat": now, "exp": now + LIFETIME_SECONDS, "jti": secrets.token_urlsafe(16)}
        header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
        return jwt.encode(header, stamp | claims, key, algorithms=[ALGORITHM])
