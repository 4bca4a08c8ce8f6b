"""Tokens: access tokens for one audience and five minutes, identity tokens, and logout tokens."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from infra.issuer.approval import LOGIN, STEP_UP, approval_of
from infra.issuer.duties import Duties
from infra.issuer.keys import ALGORITHM, SigningKeys
from infra.issuer.sessions import Login
from infra.issuer.staff import BY_ID, Staff

LIFETIME_SECONDS = 300
UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What the library, and what reads its claims, raise of a token that is none."""
LOGOUT_SECONDS = 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Tokens:
    """Makes and reads the tokens of one issuer.

    Args:
        duties: what a person is in charge of today, read anew for each token.
    """

    def __init__(self, issuer: str, keys: SigningKeys, duties: Callable[[Staff], Duties]) -> None:
        self._issuer, self._keys, self._duties = issuer, keys, duties

    def for_person(self, login: Login, audience: str, client: str) -> str:
        """Return an access token of a person for `audience`, asked for by `client`; a confirmation stays in it."""
        claims = {"sub": login.person.id, "aud": audience, "kind": "person", "act": {"sub": client}}
        duties = self._duties(login.person).claims()
        return self._sign(claims | duties | _how(login), seconds=self.seconds_of(login))

    def for_machine(self, client: str, audience: str, scopes: Sequence[str]) -> str:
        """Return an access token of a client for itself, good for `scopes`."""
        claims = {"sub": client, "aud": audience, "kind": "machine", "roles": ["service"], "scope": " ".join(scopes)}
        return self._sign(claims)

    def identity(self, login: Login, client: str, nonce: str | None) -> str:
        """Return the identity token (OpenID Connect) that tells the client who logged in, when and how."""
        claims: dict[str, Any] = {"sub": login.person.id, "aud": client, "azp": client, "name": login.person.name}
        return self._sign(claims | _how(login) | ({"nonce": nonce} if nonce else {}), kind="JWT")

    def logout(self, login: Login, client: str) -> str:
        """Return a logout token (OpenID Connect Back-Channel Logout 1.0)."""
        claims = {"sub": login.person.id, "aud": client, "sid": login.sid, "events": {LOGOUT_EVENT: {}}}
        return self._sign(claims, kind="logout+jwt", seconds=LOGOUT_SECONDS)

    def login_of(self, token: str, client: str) -> Login | None:
        """Return the login behind an access token, where it was made here for `client` and is still good."""
        try:
            decoded = jwt.decode(token, self._keys.all, algorithms=[ALGORITHM])
            essential = {"iss": self._issuer, "aud": client, "kind": "person"}
            rules: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in essential.items()}
            said = {name: claim for name, claim in decoded.claims.items() if name != "iat"}  # our own clock may go back
            jwt.JWTClaimsRegistry(**rules, exp={"essential": True}).validate(said)
            return _login(decoded.claims) if decoded.header.get("typ") == "at+jwt" else None
        except UNREADABLE:
            return None

    def hinted(self, token: str) -> dict[str, Any]:
        """Return the claims of an identity token of ours, be it expired; empty where it is none."""
        try:
            decoded = jwt.decode(token, self._keys.all, algorithms=[ALGORITHM])
        except UNREADABLE:
            return {}
        own = decoded.claims.get("iss") == self._issuer and decoded.header.get("typ") == "JWT"
        return dict(decoded.claims) if own else {}

    def seconds_of(self, login: Login) -> int:
        """How long a token of a login is good: a confirmation's ends five minutes after the person gave it, and none
        outlives what the person is in charge of.
        """
        now = int(time.time())
        ends = [now + LIFETIME_SECONDS]
        if login.step_up:
            ends.append(login.at + LIFETIME_SECONDS)
        ends += [until for until in (login.until, self._duties(login.person).until) if until]
        return min(ends) - now

    def _sign(self, claims: dict[str, Any], kind: str = "at+jwt", seconds: int = LIFETIME_SECONDS) -> str:
        now = int(time.time())
        key = self._keys.signing
        stamp = {"iss": self._issuer, "iat": now, "exp": now + seconds, "jti": secrets.token_urlsafe(16)}
        header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
        return jwt.encode(header, stamp | claims, key, algorithms=[ALGORITHM])


def _how(login: Login) -> dict[str, Any]:
    """When and how the person proved themselves."""
    claims: dict[str, Any] = {"auth_time": login.at, "acr": STEP_UP if login.step_up else LOGIN}
    if login.sid:
        claims["sid"] = login.sid
    if login.approval:
        claims |= {"step_up": login.step_up, "authorization_details": login.approval.details()}
    return claims


def _login(claims: dict[str, Any]) -> Login | None:
    person = BY_ID.get(str(claims["sub"]))
    if person is None:
        return None
    details = claims.get("authorization_details")
    approval = approval_of(details) if details else None
    return Login(
        person,
        int(claims["auth_time"]),
        str(claims.get("sid", "")),
        approval,
        str(claims.get("step_up", "")),
        int(claims["exp"]),
    )
