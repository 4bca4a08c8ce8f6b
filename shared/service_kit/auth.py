"""Who asks: the identity provider's token, verified here and by every service for itself."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

ALGORITHMS = ["Ed25519", "ES256", "PS256", "RS256"]
_LEEWAY = 5
MACHINE_ROLES = frozenset({"service"})
"""Roles of machines: no person has one, and no machine has another."""


@dataclass(frozen=True)
class Caller:
    """A person or a machine with the roles that the identity provider gave."""

    subject: str
    kind: str
    roles: frozenset[str]
    token: str = field(repr=False, default="")
    claims: dict[str, Any] = field(repr=False, default_factory=dict, compare=False)

    @property
    def actor(self) -> str:
        """ "person:…" or "service:…" as facts and rows name who acts."""
        return f"{'person' if self.kind == 'person' else 'service'}:{self.subject}"

    def may(self, permission: str, permissions: dict[str, frozenset[str]]) -> bool:
        """True where one of the caller's roles has the permission."""
        return bool(self.roles & permissions.get(permission, frozenset()))


class TokenVerifier:
    """Verifies access tokens for one audience; fetches the issuer's keys when it meets an unknown one."""

    def __init__(self, settings: Settings, audience: str) -> None:
        self._issuer, self._audience = settings.issuer_url, audience
        self._keys = KeySet.import_key_set(json.loads(settings.issuer_jwks)) if settings.issuer_jwks else None
        self._fixed = self._keys is not None
        self._fetched = 0.0
        self._lock = threading.Lock()

    def verify(self, authorization: str) -> Caller:
        """The caller named by an ``Authorization`` header.

        Raises:
            Problem: not-authenticated where there is no token, or it is expired, foreign, forged or for another
                audience; unavailable where the issuer's keys cannot be had.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem("not-authenticated", detail="アクセストークンがありません")
        try:
            claims = jwt.decode(token, self._key_set(token), algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Problem("not-authenticated", detail=f"アクセストークンが無効です ({type(error).__name__})") from None
        kind, roles = str(claims.get("kind", "")), frozenset(map(str, claims.get("roles") or []))
        own = roles - MACHINE_ROLES if kind == "person" else roles & MACHINE_ROLES
        return Caller(str(claims["sub"]), kind, own, token, claims)

    def _key_set(self, token: str) -> KeySet:
        if self._fixed and self._keys:
            return self._keys
        wanted = _key_id(token)
        with self._lock:
            known = self._keys and any(key.kid == wanted for key in self._keys.keys)
            if not known and time.monotonic() - self._fetched > 1:
                self._fetched = time.monotonic()
                self._keys = self._fetch()
        if self._keys is None:
            raise Problem("unavailable", detail="認証基盤の鍵を取得できません")
        return self._keys

    def _fetch(self) -> KeySet | None:
        try:
            answer = requests.get(f"{self._issuer}/jwks", timeout=3)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (requests.RequestException, ValueError):
            return self._keys


def _key_id(token: str) -> str | None:
    from joserfc.jws import extract_compact

    header = extract_compact(token.encode()).headers()
    return header.get("kid")


class MachineTokens:
    """This service's own tokens, one per audience, kept until shortly before they expire."""

    def __init__(self, settings: Settings, client: str) -> None:
        self._settings, self._client = settings, client
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def token(self, audience: str) -> str:
        """A token for ``audience``.

        Raises:
            Problem: unavailable where the issuer does not answer.
        """
        with self._lock:
            kept = self._kept.get(audience)
            if kept and kept[1] > time.monotonic():
                return kept[0]
            grant = {"grant_type": "client_credentials", "audience": audience}
            token, seconds = ask_for_token(self._settings, self._client, grant)
            self._kept[audience] = (token, time.monotonic() + seconds - 30)
            return token


def exchange(settings: Settings, client: str, subject_token: str, audience: str) -> str:
    """A token of the same person for another audience (RFC 8693).

    Raises:
        Problem: not-authenticated where the issuer refuses, unavailable where it does not answer.
    """
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": subject_token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": audience,
    }
    return ask_for_token(settings, client, grant)[0]


def ask_for_token(settings: Settings, client: str, grant: dict[str, str]) -> tuple[str, int]:
    """Ask the issuer's token endpoint; gives the token and its seconds."""
    try:
        answer = requests.post(
            f"{settings.issuer_url}/token",
            data=grant,
            auth=(client, settings.client_secret),
            timeout=5,
        )
    except requests.RequestException:
        raise Problem("unavailable", detail="認証基盤に接続できません") from None
    if answer.status_code >= 500:
        raise Problem("unavailable", detail="認証基盤が応答できません")
    if answer.status_code != 200:
        raise Problem("not-authenticated", detail="認証基盤がトークンを発行しませんでした")
    given = answer.json()
    return str(given["access_token"]), int(given.get("expires_in", 60))
