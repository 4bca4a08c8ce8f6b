"""Authorization codes: used once, good for a minute, bound to client, address and PKCE challenge."""

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from infra.issuer.approval import Approval
from infra.issuer.staff import Staff

LIFETIME_SECONDS = 60


@dataclass(frozen=True)
class Grant:
    """What a code stands for; `at` is when the person answered (seconds since the epoch)."""

    client: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    person: Staff
    at: int = 0
    approval: Approval | None = None


class Codes:
    """The codes given out and not used yet, in memory: a restart means logging in again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, Grant]] = {}
        self._lock = threading.Lock()

    def issue(self, grant: Grant) -> str:
        """Return a new code for the grant."""
        code = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._open = {known: entry for known, entry in self._open.items() if entry[0] > now}
            self._open[code] = (now + LIFETIME_SECONDS, grant)
        return code

    def redeem(self, code: str, client: str, redirect_uri: str, verifier: str) -> Grant | None:
        """Return the grant of a code where everything fits; the code is used up in any case."""
        with self._lock:
            expires, grant = self._open.pop(code, (0.0, None))
        if grant is None or expires <= self._clock():
            return None
        fits = grant.client == client and grant.redirect_uri == redirect_uri
        return grant if fits and hmac.compare_digest(challenge_of(verifier), grant.challenge) else None


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
