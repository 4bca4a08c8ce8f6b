"""The identity provider: OpenID Connect code flow with PKCE, confirmations of approvals (RFC 9470, 9396), token
exchange for each service (RFC 8693), logout.
"""

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from pydantic import BaseModel, Field

from shared.access.confirmations import APPROVAL, STEP_UP, StepUp
from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.identity.access_tokens import Caller, TokenVerifier
from shared.service_kit.identity.claims import LONGEST_LIFE
from shared.service_kit.identity.oidc_provider import SECONDS, provider_of
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

EARLY = 30
"""A token is renewed so many seconds before it expires."""
EARLY_WITHOUT_REFRESH = 200
"""The same where only a living token can be exchanged for the next."""
ANSWERED_BEFORE = 60
"""Seconds by which the provider's clock may be behind ours where a person answers what we have just asked."""
LOGOUT_SECONDS = 150
"""A logout token is sent at once; the specification wants it to be good for two minutes at most."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class Identity(BaseModel):
    """A person as the identity provider named them, with the tokens that speak for them."""

    subject: str
    name: str
    roles: list[str]
    access_token: str = Field(repr=False)
    access_until: int
    refresh_token: str = Field("", repr=False)
    sid: str = ""

    def stale(self) -> bool:
        """True where the access token has to be renewed."""
        left = self.access_until - time.time()
        early = EARLY if self.refresh_token else EARLY_WITHOUT_REFRESH
        return not early <= left <= LONGEST_LIFE + CLOCKS_APART.total_seconds()


class Approval(BaseModel):
    """What a person is asked to confirm: hashes of what is approved, and a line that says what it is."""

    sha256: list[str]
    words: str


class LogoutToken(BaseModel):
    """A login that the provider has ended; all logins of the person where it names none."""

    jti: str
    subject: str
    sid: str


class IdentityProvider:
    """One issuer, found by discovery; asked in the name of this client."""

    def __init__(self, settings: Settings, client: str, verifier: TokenVerifier) -> None:
        self._settings, self._client, self._verifier = settings, client, verifier
        self._provider = provider_of(settings)

    def known_origins(self) -> list[str]:
        """Origins to which a form may lead a browser for a login; the discovered one once it is known."""
        addresses = [self._settings.issuer_url, str(self._provider.known.get("authorization_endpoint", ""))]
        return sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses) if part.netloc})

    def login_url(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where to send a browser that has to log in.

        Raises:
            Problem: unavailable.
        """
        return self._authorize(callback, state, nonce, verifier)

    def confirm_url(self, callback: str, state: str, nonce: str, verifier: str, person: str, approval: Approval) -> str:
        """Where to send a browser whose person has to confirm an approval.

        Raises:
            Problem: unavailable.
        """
        details = [{"type": APPROVAL, "sha256": approval.sha256, "words": approval.words}]
        return self._authorize(
            callback,
            state,
            nonce,
            verifier,
            acr_values=STEP_UP,
            prompt="login",
            max_age="0",
            login_hint=person,
            authorization_details=json.dumps(details, ensure_ascii=False),
        )

    def end_url(self, sid: str, back: str) -> str:
        """Where to send a browser that has logged out here; empty where the provider knows no logout."""
        address = self._provider.address("end_session_endpoint")
        query = {"client_id": self._client, "logout_hint": sid, "post_logout_redirect_uri": back}
        return f"{address}?{urlencode(query)}" if address and sid else ""

    def redeem(self, code: str, callback: str, verifier: str, nonce: str) -> Identity:
        """The person for whom the code was given.

        Raises:
            Problem: not-authenticated where code, nonce or tokens do not fit; unavailable.
        """
        tokens, claims = self._redeem(code, callback, verifier, nonce)
        return self._identity({"sid": claims.get("sid", ""), **tokens}, str(claims.get("name", "")))

    def confirmation(
        self, code: str, callback: str, verifier: str, nonce: str, person: str, sha256: list[str], since: int
    ) -> str:
        """The access token by which ``person`` confirms these hashes, and nothing else, after ``since``.

        Raises:
            Problem: not-permitted where somebody else answered; step-up-required where it confirms something else or
                is older; not-authenticated; unavailable.
        """
        tokens, claims = self._redeem(code, callback, verifier, nonce)
        caller = self._person(str(tokens.get("access_token", "")))
        if caller.subject != person:
            raise Problem("not-permitted", detail="ログインしている人とは別の人が本人確認をしました")
        step_up = StepUp.of(caller.claims)
        fresh = claims.get("acr") == STEP_UP and claims.get("auth_time", 0) >= since - ANSWERED_BEFORE
        if not (step_up and fresh and step_up.at == claims.get("auth_time") and step_up.approves == set(sha256)):
            raise Problem("step-up-required", detail="本人確認が、この決裁の内容と一致しません")
        return caller.token

    def renew(self, identity: Identity) -> Identity:
        """The same person with fresh tokens: by the refresh token, else by exchange for this client itself.

        Raises:
            Problem: not-authenticated where the provider renews no more, or now names somebody else; unavailable.
        """
        if identity.refresh_token:
            grant = {"grant_type": "refresh_token", "refresh_token": identity.refresh_token}
            tokens = self._ask(grant, self._settings.question_seconds)
        else:
            tokens = self._exchange(identity.access_token, self._client, self._settings.question_seconds)
        renewed = self._identity(
            {"refresh_token": identity.refresh_token, "sid": identity.sid, **tokens}, identity.name
        )
        if renewed.subject != identity.subject:
            raise Problem("not-authenticated", detail="ログインをやり直してください")
        return renewed

    def exchange(self, access_token: str, audience: str, seconds: int = SECONDS) -> tuple[str, int]:
        """A token of the same person for one service, and its seconds; the answer is waited for ``seconds``.

        Raises:
            Problem: not-authenticated, unavailable.
        """
        token = self._exchange(access_token, audience, seconds)
        return str(token["access_token"]), int(token.get("expires_in", 60))

    def check_answerer(self, issuer: str) -> None:
        """Refuse an answer that names another issuer (RFC 9207).

        Raises:
            Problem: not-authenticated.
        """
        promised = self._provider.configuration().get("authorization_response_iss_parameter_supported")
        if (promised or issuer) and issuer != self._settings.issuer_url:
            raise Problem("not-authenticated", detail="別の認証基盤からの応答です")

    def logout_token(self, token: str) -> LogoutToken:
        """What a logout token says (OpenID Connect Back-Channel Logout 1.0, 2.6).

        Raises:
            Problem: not-authenticated where it is none, or not for us, or too old; unavailable.
        """
        claims = self._verifier.claims(token, "logout+jwt")
        if "nonce" in claims or LOGOUT_EVENT not in _events(claims):
            raise Problem("not-authenticated", detail="ログアウトの通知ではありません")
        issued, jti = claims.get("iat"), claims.get("jti")
        if not isinstance(issued, int) or abs(time.time() - issued) > LOGOUT_SECONDS or not isinstance(jti, str):
            raise Problem("not-authenticated", detail="ログアウトの通知が古いか、番号がありません")
        return LogoutToken(jti=jti, subject=str(claims["sub"]), sid=str(claims.get("sid", "")))

    def _authorize(self, callback: str, state: str, nonce: str, verifier: str, **more: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": callback,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            **more,
        }
        address = self._provider.address("authorization_endpoint")
        if not address:  # a browser sent to "?…" would come back here without end
            raise Problem("unavailable", detail="認証基盤がログイン画面の場所を示していません")
        return f"{address}?{urlencode(query)}"

    def _redeem(self, code: str, callback: str, verifier: str, nonce: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the token endpoint gave for a code, and the claims of its identity token."""
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
        tokens = self._ask(grant)
        claims = self._verifier.claims(str(tokens.get("id_token", "")), "jwt")
        try:
            expected = {"client_id": self._client, "nonce": nonce}
            apart = int(CLOCKS_APART.total_seconds())
            CodeIDToken(claims, {}, params=expected).validate(now=int(time.time()), leeway=apart)
        except JoseError:
            raise Problem("not-authenticated", detail="ログインの応答が要求と一致しません") from None
        if claims["sub"] != self._person(str(tokens.get("access_token", ""))).subject:
            raise Problem("not-authenticated", detail="ログインの応答が要求と一致しません")
        return tokens, claims

    def _exchange(self, access_token: str, audience: str, seconds: int) -> dict[str, Any]:
        grant = {
            "grant_type": _EXCHANGE,
            "subject_token": access_token,
            "subject_token_type": _ACCESS_TOKEN,
            "audience": audience,
        }
        return self._ask(grant, seconds)

    def _identity(self, tokens: dict[str, Any], name: str) -> Identity:
        caller = self._person(str(tokens.get("access_token", "")))
        return Identity(
            subject=caller.subject,
            name=name or caller.subject,
            roles=sorted(caller.roles),
            access_token=caller.token,
            access_until=int(time.time()) + min(int(tokens.get("expires_in", 60)), LONGEST_LIFE),
            refresh_token=str(tokens.get("refresh_token", "")),
            sid=str(tokens.get("sid", "")),
        )

    def _person(self, token: str) -> Caller:
        caller = self._verifier.verify(f"Bearer {token}")
        if caller.kind != "person":
            raise Problem("not-authenticated", detail="職員のトークンではありません")
        return caller

    def _ask(self, grant: dict[str, str], seconds: int = SECONDS) -> dict[str, Any]:
        return self._provider.ask(grant, self._client, self._settings.client_secret, seconds)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _events(claims: dict[str, Any]) -> dict[str, Any]:
    events = claims.get("events")
    return events if isinstance(events, dict) else {}
