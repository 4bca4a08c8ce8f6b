"""The identity provider as the gateway uses it: OpenID Connect code flow with PKCE."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from shared.service_kit.auth import Caller, TokenVerifier
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

CLIENT = "ui_gateway"
SECONDS = 5


@dataclass(frozen=True)
class Attempt:
    """A login that has begun: what the callback has to match."""

    state: str
    verifier: str
    nonce: str


@dataclass(frozen=True)
class LoggedIn:
    """Who logged in, the name to show, and the token that the gateway exchanges for those of the rooms."""

    caller: Caller
    name: str
    seconds: int


class Identity:
    """The provider named in the settings."""

    def __init__(self, settings: Settings, tokens: TokenVerifier) -> None:
        self._settings, self._tokens = settings, tokens
        self._found: dict[str, Any] = {}

    def begin(self) -> Attempt:
        """A fresh attempt to log in."""
        return Attempt(generate_token(32), generate_token(64), generate_token(32))

    def address(self, attempt: Attempt) -> str:
        """Where the browser goes to log in."""
        query = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self._callback,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._discovered()['authorization_endpoint']}?{urlencode(query)}"

    def redeem(self, code: str, attempt: Attempt) -> LoggedIn:
        """Turn the code of the callback into a person.

        Raises:
            Problem: not-authenticated where the provider refuses, or its tokens do not hold; unavailable where it
                does not answer.
        """
        answer = self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._callback,
                "code_verifier": attempt.verifier,
            },
        )
        identity = self._tokens.verify(f"Bearer {answer['id_token']}").claims
        if identity.get("nonce") != attempt.nonce:
            raise Problem("not-authenticated", detail="ログインをやり直してください")
        caller = self._tokens.verify(f"Bearer {answer['access_token']}")
        if caller.subject != identity["sub"] or caller.kind != "person":
            raise Problem("not-authenticated", detail="ログインをやり直してください")
        return LoggedIn(caller, str(identity.get("name", caller.subject)), int(answer["expires_in"]))

    @property
    def origin(self) -> str:
        """The origin to which the login form sends, for the content security policy."""
        return "/".join(str(self._discovered()["authorization_endpoint"]).split("/")[:3])

    @property
    def _callback(self) -> str:
        return f"{self._settings.public_url}/callback"

    def _discovered(self) -> dict[str, Any]:
        if not self._found:
            self._found = self._get("/.well-known/openid-configuration")
        return self._found

    def _get(self, path: str) -> dict[str, Any]:
        try:
            answer = requests.get(self._settings.issuer_url + path, timeout=SECONDS)
            answer.raise_for_status()
        except requests.RequestException:
            raise Problem("unavailable", detail="認証基盤に接続できません") from None
        found: dict[str, Any] = answer.json()
        return found

    def _ask(self, grant: dict[str, str]) -> dict[str, Any]:
        secret = (CLIENT, self._settings.client_secret)
        try:
            answer = requests.post(f"{self._settings.issuer_url}/token", data=grant, auth=secret, timeout=SECONDS)
        except requests.RequestException:
            raise Problem("unavailable", detail="認証基盤に接続できません") from None
        if answer.status_code != 200:
            raise Problem("not-authenticated", detail="ログインをやり直してください")
        given: dict[str, Any] = answer.json()
        return given
