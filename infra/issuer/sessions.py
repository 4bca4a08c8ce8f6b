"""Logins that a client may renew: eight hours at most, in memory, bound to the client that was given them."""

import secrets
import threading
from collections.abc import Callable

from infra.issuer.staff import Staff

LIFETIME_SECONDS = 8 * 60 * 60


class Sessions:
    """The refresh tokens given out. They are not changed at each use, since every client here proves itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, str, Staff]] = {}
        self._lock = threading.Lock()

    def begin(self, client: str, person: Staff) -> str:
        """Return a refresh token for a login."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._open = {known: entry for known, entry in self._open.items() if entry[0] > now}
            self._open[token] = (now + LIFETIME_SECONDS, client, person)
        return token

    def person(self, token: str, client: str) -> Staff | None:
        """Return who logged in, where the token is good and was given to this client."""
        with self._lock:
            expires, owner, person = self._open.get(token, (0.0, "", None))
        return person if owner == client and expires > self._clock() else None
