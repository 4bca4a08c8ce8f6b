"""This service's own tokens, with which it asks the others. The provider may hang, and nobody waits in a row for it."""

import threading
import time
from typing import Final

from shared.service_kit.identity.oidc_provider import provider_of
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

EARLY_SECONDS: Final = 30
"""A token is renewed so long before it expires, and used until then where the next one cannot be had."""
AGAIN_AFTER: Final = 1.0
"""Seconds after a question to the provider that failed, in which it is not asked again."""


class MachineTokens:
    """Own tokens, one per audience. One thread asks for the next; the others use what is kept, or wait two seconds."""

    def __init__(self, settings: Settings, client: str) -> None:
        self._settings, self._client = settings, client
        self._kept: dict[str, tuple[str, float]] = {}
        """Token and the instant from which it is renewed, by audience."""
        self._asking = threading.Lock()
        self._failed_at = float("-inf")

    def token(self, audience: str) -> str:
        """A token for ``audience``.

        Raises:
            Problem: unavailable where the issuer does not answer, within two seconds for who waits for another's
                question, and not-authenticated where it refuses.
        """
        if token := self._good(audience):
            return token
        old = self._good(audience, EARLY_SECONDS)
        if not self._asking.acquire(timeout=0 if old else self._settings.question_seconds):
            return self._or_unavailable(old)
        try:
            token = self._good(audience)
            if not token and time.monotonic() - self._failed_at < AGAIN_AFTER:
                return self._or_unavailable(old)
            return token or self._ask(audience, old)
        finally:
            self._asking.release()

    def _good(self, audience: str, late: float = 0) -> str:
        """The kept token, if it is good for so many seconds less; empty else."""
        token, until = self._kept.get(audience, ("", 0.0))
        return token if time.monotonic() < until + late else ""

    def _ask(self, audience: str, old: str) -> str:
        grant = {"grant_type": "client_credentials", "audience": audience}
        secret = self._settings.client_secret
        try:
            response = provider_of(self._settings).ask(grant, self._client, secret, self._settings.question_seconds)
        except Problem:
            self._failed_at = time.monotonic()
            if old:
                return old
            raise
        token, seconds = str(response["access_token"]), int(response.get("expires_in", 60))
        self._kept[audience] = (token, time.monotonic() + seconds - EARLY_SECONDS)
        return token

    def _or_unavailable(self, old: str) -> str:
        if not old:
            raise Problem("unavailable", detail="認証基盤が応答していません", retry_after=round(AGAIN_AFTER))
        return old
