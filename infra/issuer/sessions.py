"""Logins and what they are good for: renewed for eight hours at most, ended by a logout; in memory."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from infra.issuer.approval import Approval
from infra.issuer.staff import Staff

LIFETIME_SECONDS = 8 * 60 * 60


@dataclass(frozen=True)
class Login:
    """A person who proved themselves at `at` (seconds since the epoch).

    `sid` names the login that a client may renew; `approval` and `step_up` are those of a confirmation, which cannot be
    renewed; `until` is when the token ends that it was read from, 0 where it was read from none.
    """

    person: Staff
    at: int
    sid: str = ""
    approval: Approval | None = None
    step_up: str = ""
    until: int = 0

    def for_a_service(self) -> "Login":
        """What a service may pass on of it: no confirmation, and for no longer than it was given itself."""
        return replace(self, approval=None, step_up="")

    def for_a_page(self) -> "Login":
        """What a page may do with it, which the person sits at."""
        return replace(self, until=0)


class Sessions:
    """The refresh tokens given out. They are not changed at each use, since every client here proves itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, str, Login]] = {}
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(self, client: str, person: Staff, at: int) -> tuple[str, Login]:
        """Return a refresh token for a login, and the login."""
        token, login = secrets.token_urlsafe(32), Login(person, at, sid=secrets.token_urlsafe(16))
        now = self._clock()
        with self._lock:
            self._open = {known: entry for known, entry in self._open.items() if entry[0] > now}
            self._ended = {sid: until for sid, until in self._ended.items() if until > now}
            self._open[token] = (now + LIFETIME_SECONDS, client, login)
        return token, login

    def login(self, token: str, client: str) -> Login | None:
        """Return the login of a refresh token, where it is good and was given to this client."""
        with self._lock:
            expires, owner, login = self._open.get(token, (0.0, "", None))
        return login if owner == client and expires > self._clock() else None

    def is_ended(self, sid: str) -> bool:
        """True where the login was ended here; its tokens are exchanged no more."""
        with self._lock:
            return sid in self._ended

    def end(self, *, sid: str = "", person: str = "") -> list[tuple[str, Login]]:
        """End one login, or all of a person; gives the clients that have to be told."""
        with self._lock:
            ended = {
                token: (client, login)
                for token, (_, client, login) in self._open.items()
                if (sid and login.sid == sid) or (person and login.person.id == person)
            }
            for token, (_, login) in ended.items():
                del self._open[token]
                self._ended[login.sid] = self._clock() + LIFETIME_SECONDS
        return list(ended.values())
