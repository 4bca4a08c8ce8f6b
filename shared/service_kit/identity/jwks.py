"""The issuer's public keys: kept, asked for again when they are old or a token names one that is unknown."""

import json
import threading
import time
from contextlib import suppress
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.jws import extract_compact

from shared.service_kit.identity.oidc_provider import provider_of
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

FETCH_AGAIN = 10
"""An unknown key id makes us ask the issuer at most once in so many seconds."""
KEYS_FOR = 300
"""A key that the issuer took back is believed no longer than so many seconds."""
WAITING = 2
"""So many requests with an unknown key id may wait for the issuer; with what else comes they would fill a process."""


class IssuerKeys:
    """The keys of one issuer; fixed ones where the settings name some."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = KeySet.import_key_set(json.loads(settings.issuer_jwks)) if settings.issuer_jwks else None
        self._fixed = self._keys is not None
        self._fetched = float("-inf")
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(WAITING)

    def of(self, token: str) -> KeySet:
        """The keys among which that of ``token`` is, if the issuer has it.

        Raises:
            JoseError, ValueError: the token is none.
            Problem: unavailable where the keys cannot be had, or enough requests wait for them.
        """
        if not self._fixed:
            self._look_for(extract_compact(token.encode()).headers().get("kid"))
        if self._keys is None:
            raise Problem("unavailable", detail="認証基盤の鍵を取得できません")
        return self._keys

    def fresh(self) -> KeySet | None:
        """The keys that are at hand; None where they have to be fetched anew before a token is believed."""
        return self._keys if self._fixed or not self._due(known=True) else None

    def _look_for(self, key_id: str | None) -> None:
        """Fetch the keys where this one is unknown or all are old.

        One request fetches. Who brings a known key waits for nobody; of those with unknown keys a few wait.
        """
        known = self._knows(key_id)
        if not self._due(known=known):
            return
        if known or not self._keys:
            self._fetch_due(key_id, wait=not known)
        elif self._waiting.acquire(blocking=False):
            try:
                self._fetch_due(key_id, wait=True)
            finally:
                self._waiting.release()
        else:
            raise Problem("unavailable", detail="認証基盤の鍵を確認しています。もう一度送ってください", retry_after=1)

    def _fetch_due(self, key_id: str | None, *, wait: bool) -> None:
        if self._lock.acquire(blocking=wait):
            try:
                if self._due(known=self._knows(key_id)):
                    self._keys = _readable(provider_of(self._settings).keys()) or self._keys
                    self._fetched = time.monotonic()
            finally:
                self._lock.release()

    def _knows(self, key_id: str | None) -> bool:
        return self._keys is not None and any(key.kid == key_id for key in self._keys.keys)

    def _due(self, *, known: bool) -> bool:
        longest = KEYS_FOR if known else FETCH_AGAIN if self._keys else 1
        return time.monotonic() - self._fetched > longest


def _readable(key_set: Any) -> KeySet | None:
    """The keys that can be read: a provider may publish others, of kinds that are none of ours."""
    keys, entries = [], key_set.get("keys") if isinstance(key_set, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        with suppress(JoseError, ValueError, KeyError, TypeError):
            keys.append(import_key(entry))
    return KeySet(keys) if keys else None
