"""The identity provider: its addresses as it tells them (OpenID Connect Discovery 1.0), and tokens asked of it."""

import threading
import time
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, Field, ValidationError

from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.settings import Settings

SECONDS = 5
"""For a person's login, whose password it may have to compare."""
KEPT_FOR = 600
"""What the provider says of itself is asked for again after so many seconds; while it is away the old holds."""
AGAIN_AFTER = 1
"""The same where it has not answered yet: who comes in the meantime does not wait for it too."""


Token = Annotated[str, Field(max_length=65_536, pattern=r"^[\x21-\x7e]*$")]


class GrantResponse(BaseModel):
    """What a token endpoint gives (RFC 6749, 5.1); a token here is letters to be passed on, verified elsewhere."""

    access_token: Token
    id_token: Token = ""
    refresh_token: Token = ""
    expires_in: int = Field(60, le=366 * 86_400)


class Provider:
    """One issuer and what it says of itself.

    ``question_seconds``: for what is asked while somebody waits for another answer: of itself, and its keys.
    """

    def __init__(self, issuer: str, question_seconds: int) -> None:
        self.issuer, self._question_seconds = issuer, question_seconds
        self._configuration: dict[str, Any] = {}
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    @property
    def known(self) -> dict[str, Any]:
        """What it said last, without asking; nothing before it was first asked."""
        return self._configuration

    def configuration(self) -> dict[str, Any]:
        """What it says of itself. One thread asks; the others use what it said before, or wait.

        Raises:
            Problem: unavailable where it never answered, or named another issuer or an address without TLS.
        """
        if self._is_due() and self._lock.acquire(timeout=0 if self._configuration else self._question_seconds):
            try:
                if self._is_due():
                    self._configuration = self._ask_configuration() or self._configuration
                    self._asked_at = time.monotonic()
            finally:
                self._lock.release()
        if not self._configuration:
            raise Problem("unavailable", detail="認証基盤に接続できません")
        return self._configuration

    def _is_due(self) -> bool:
        return time.monotonic() - self._asked_at > (KEPT_FOR if self._configuration else AGAIN_AFTER)

    def address(self, endpoint: str) -> str:
        """The address of an endpoint, like ``token_endpoint``; empty where it has none.

        Raises:
            Problem: unavailable.
        """
        return str(self.configuration().get(endpoint, ""))

    def keys(self) -> Any:
        """Its key set (JWKS) as it publishes it; None where it cannot be had, which stands in the log."""
        try:
            return self._get("keys", self.address("jwks_uri"))
        except Problem:
            return None

    def ask(self, grant: dict[str, str], client: str, secret: str, seconds: float = SECONDS) -> dict[str, Any]:
        """What the token endpoint gives ``client`` for a grant; it is waited for ``seconds``.

        Raises:
            Problem: not-authenticated where it refuses, unavailable where it does not answer or nobody can read it.
        """
        address, as_client = self.address("token_endpoint"), (client, secret)
        try:
            answer = requests.post(address, data=grant, auth=as_client, timeout=seconds, allow_redirects=False)
        except requests.RequestException as error:
            log().warning("issuer.unreachable", what="token", why=error_location(error))
            raise Problem("unavailable", detail="認証基盤に接続できません") from None
        if answer.status_code >= 500:
            raise Problem("unavailable", detail="認証基盤が応答できません")
        if answer.status_code != 200:
            raise Problem("not-authenticated", detail="ログインの有効期限が切れたか、認証基盤に拒否されました")
        try:
            return GrantResponse.model_validate_json(answer.content).model_dump(exclude_unset=True)
        except ValidationError as error:
            log().warning("issuer.unreadable", what="token", why=error_location(error))
            raise Problem("unavailable", detail="認証基盤の応答を読めません") from None

    def _ask_configuration(self) -> dict[str, Any] | None:
        configuration = self._get("configuration", f"{self.issuer}/.well-known/openid-configuration")
        if not isinstance(configuration, dict):
            return None
        plain = [
            name
            for name, address in configuration.items()
            if name.endswith(("_endpoint", "_uri")) and not self._as_safe(address)
        ]
        if configuration.get("issuer") != self.issuer or plain:
            log().error("issuer.not_believed", why="issuer" if not plain else "no address, or without TLS")
            return None
        return configuration

    def _as_safe(self, address: object) -> bool:
        """True for an address that is one, and with TLS where the issuer's own has it."""
        try:
            part = urlsplit(address if isinstance(address, str) else "")
        except ValueError:
            return False
        return bool(part.hostname) and part.scheme in {"https", urlsplit(self.issuer).scheme}

    def _get(self, what: str, address: str) -> Any:
        try:
            answer = requests.get(address, timeout=self._question_seconds, allow_redirects=False)
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            log().warning("issuer.unreachable", what=what, why=error_location(error))
            return None


def provider_of(settings: Settings) -> Provider:
    """The provider of this process at the issuer's address that the settings name."""
    return _provider_at(settings.issuer_url, settings.question_seconds)


def forget_providers() -> None:
    """Ask every provider anew what it says of itself; for tests, in which another one may have got the same port."""
    _provider_at.cache_clear()


@cache
def _provider_at(issuer: str, question_seconds: int) -> Provider:
    return Provider(issuer, question_seconds)
