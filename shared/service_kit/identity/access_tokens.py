"""Who asks: the identity provider's token, verified here and by every service for itself."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from pydantic import ValidationError

from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.identity.claims import FORMS, AccessClaims
from shared.service_kit.identity.jwks import IssuerKeys
from shared.service_kit.identity.oidc_provider import provider_of
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

ALGORITHMS = ["Ed25519", "ES256", "PS256", "RS256"]
ACCESS_TOKEN = "at+jwt"  # noqa: S105
_LEEWAY = 5
_APART = int(CLOCKS_APART.total_seconds())
_LONGEST = 8_192
"""Characters of a token: no web process takes a longer header, and no token of ours is half as long."""
_MOST_KEPT = 1_000
"""Tokens that are remembered; then all are forgotten."""
_EXCHANGED_FOR = 30.0
"""Seconds for which an exchanged token is used again, and never for more than half of its life."""
_exchanged: dict[tuple[str, str, str, str], tuple[str, float]] = {}
"""By issuer, client, audience and the token that was brought."""
_UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What the library raises of a token that is none; a nested or misshapen header gives the last two."""
_WHY = {"iss": "issuer", "aud": "audience", "nbf": "not_yet", "iat": "not_yet"}
MACHINE_ROLES = frozenset({"service"})
"""Roles of machines: no person has one, and no machine has another."""
Matrix = Mapping[str, Mapping[str, str]]
"""Permission → role → scope."""


@dataclass(frozen=True)
class Caller:
    """A person or a machine with what the identity provider gave: roles; what a machine's token names; all claims."""

    subject: str
    kind: str
    roles: frozenset[str]
    token: str = field(repr=False, default="")
    claims: dict[str, Any] = field(repr=False, default_factory=dict, compare=False)

    @property
    def actor(self) -> str:
        """ "person:…" or "service:…" as facts and rows name who acts."""
        return f"{'person' if self.kind == 'person' else 'service'}:{self.subject}"

    @property
    def through(self) -> str:
        """The client that acts for the person (RFC 8693 ``act``); empty where the provider names none."""
        act = self.claims.get("act")
        return str(act.get("sub", "")) if isinstance(act, dict) else ""

    def may(self, permission: str, permissions: Matrix) -> bool:
        """True where one of the caller's roles has the permission, and a machine's token names it too."""
        return bool(self.roles_with(permission, permissions))

    def roles_with(self, permission: str, permissions: Matrix) -> frozenset[str]:
        """Return the caller's roles that have the permission; none where a machine's token does not name it."""
        if self.kind != "person" and not self._named(permission):
            return frozenset()
        return self.roles & permissions.get(permission, {}).keys()

    def _named(self, permission: str) -> bool:
        """A machine's token names what it may; one that names nothing opens nothing."""
        name = permission.replace(".", ":")
        return any(scope.partition(":")[2] == name for scope in str(self.claims.get("scope", "")).split())


def texts_of(claim: Any) -> frozenset[str]:
    """Return the entries of a claim that is a list; none where it is anything else."""
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()


class RefusedTokenError(Problem):
    """There is no token, or none that is believed; ``why`` is a code for the audit."""

    def __init__(self, why: str) -> None:
        detail = "アクセストークンがありません" if why == "no_token" else f"アクセストークンが無効です ({why})"
        super().__init__("not-authenticated", detail=detail)
        self.why = why

    @classmethod
    def of(cls, error: Exception) -> "RefusedTokenError":
        """What an error of the library means."""
        if isinstance(error, ExpiredTokenError):
            return cls("expired")
        if isinstance(error, ValidationError):
            return cls("claims")
        if isinstance(error, ClaimError):
            return cls(_WHY.get(error.claim, "claims"))
        return cls("signature" if isinstance(error, (BadSignatureError, InvalidKeyIdError)) else "form")


class TokenVerifier:
    """Verifies tokens for one audience.

    Args:
        duties: sets of roles that one person never holds together; a token with roles of two of them is refused.
        access_claims: the form of an access token's claims, with those that the guard reads.
    """

    def __init__(
        self,
        settings: Settings,
        audience: str,
        duties: Collection[frozenset[str]] = (),
        access_claims: type[AccessClaims] = AccessClaims,
    ) -> None:
        self._issuer, self._audience, self._duties = settings.issuer_url, audience, duties
        self._forms = {**FORMS, ACCESS_TOKEN: access_claims}
        self.keys = IssuerKeys(settings)
        self._verified: dict[str, tuple[KeySet, jwt.Token]] = {}
        self.newest = 0
        """When the provider made the newest token that was seen here, by its own clock (seconds since the epoch)."""

    def verify(self, authorization: str) -> Caller:
        """The caller named by an ``Authorization`` header.

        Raises:
            RefusedTokenError: there is no access token, or it is expired, foreign, forged or for another audience.
            Problem: incompatible-duties; unavailable where the issuer's keys cannot be had.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RefusedTokenError("no_token")
        claims = self.claims(token, ACCESS_TOKEN)
        kind, roles = str(claims.get("kind", "")), texts_of(claims.get("roles"))
        own = roles - MACHINE_ROLES if kind == "person" else roles & MACHINE_ROLES
        if sum(bool(own & duty) for duty in self._duties) > 1:
            raise Problem("incompatible-duties", detail="権限の管理者に連絡してください")
        return Caller(str(claims["sub"]), kind, own, token, claims)

    def claims(self, token: str, kind: str) -> dict[str, Any]:
        """The claims of a signed token of one ``kind`` (``typ``) that the issuer made for this audience.

        Each claim that is used has the form of `claims`.

        Raises:
            RefusedTokenError: it is not one.
            Problem: unavailable where the issuer's keys cannot be had.
        """
        if len(token) > _LONGEST:
            raise RefusedTokenError("too_long")
        try:
            decoded = self._signed(token)
            self._check_times_and_names(decoded.claims)
        except _UNREADABLE as error:
            raise RefusedTokenError.of(error) from None
        if str(decoded.header.get("typ", "")).lower() != kind:
            raise RefusedTokenError("kind")
        self._check_form(decoded.claims, kind)
        self.newest = max(self.newest, decoded.claims["iat"])
        return dict(decoded.claims)

    def _signed(self, token: str) -> jwt.Token:
        """The token as one of the issuer's keys has signed it.

        A page asks several questions with one token: what the same keys have signed is not reckoned out anew.
        """
        keys, decoded = self._verified.get(token, (None, None))
        if decoded is None or keys is not self.keys.fresh():
            keys = self.keys.of(token)
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            if len(self._verified) >= _MOST_KEPT:
                self._verified.clear()
            self._verified[token] = keys, decoded
        return decoded

    def _check_times_and_names(self, claims: dict[str, Any]) -> None:
        begins: dict[str, Any] = {name: claims[name] for name in ("iat", "nbf") if name in claims}
        jwt.JWTClaimsRegistry(leeway=_APART).validate(begins)
        jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            sub={"essential": True},
        ).validate({name: claim for name, claim in claims.items() if name not in begins})

    def _check_form(self, claims: dict[str, Any], kind: str) -> None:
        try:
            self._forms[kind].model_validate(claims)
        except ValidationError as error:
            raise RefusedTokenError.of(error) from None


def exchange(settings: Settings, client: str, subject_token: str, audience: str) -> str:
    """A token of the same person for another audience (RFC 8693).

    One page brings several questions with one token: for half a minute the answer to the first one is used again.

    Raises:
        Problem: not-authenticated where the issuer refuses, unavailable where it does not answer.
    """
    requested = (settings.issuer_url, client, audience, subject_token)
    token, until = _exchanged.get(requested, ("", 0.0))
    if time.monotonic() < until:
        return token
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": subject_token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": audience,
    }
    answer = provider_of(settings).ask(grant, client, settings.client_secret)
    token, seconds = str(answer["access_token"]), min(_EXCHANGED_FOR, float(answer.get("expires_in", 0)) / 2)
    if len(_exchanged) >= _MOST_KEPT:
        _exchanged.clear()
    _exchanged[requested] = token, time.monotonic() + seconds
    return token
