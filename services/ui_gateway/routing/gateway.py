"""The gateway as one process has it: sessions, the identity provider, tokens for the services."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from services.ui_gateway.clients.identity import EARLY, IdentityProvider
from services.ui_gateway.sessions import session_store, staff_names
from services.ui_gateway.sessions.session_store import StaffSession
from services.ui_gateway.settings import GatewaySettings
from services.ui_gateway.staff_names import StaffNames
from shared.service_kit.identity.oidc_provider import AGAIN_AFTER
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.service_client import ServiceClient
from shared.service_kit.unit_of_work import unit_of_work

MOST_TOKENS = 2_000
TURNS = 64
"""Locks shared by all sessions and services: parallel questions wait for one token instead of asking for several."""


@dataclass
class Gateway:
    """What every page works with."""

    runtime: Runtime
    limits: GatewaySettings
    provider: IdentityProvider
    confirmed_acts: dict[str, Any] = field(default_factory=dict, repr=False)
    """Acts that their persons confirm before they are done, by endpoint."""
    _at_random: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _tokens: dict[tuple[UUID, str], tuple[str, int]] = field(default_factory=dict, repr=False)
    _failed_at: float = field(default=float("-inf"), repr=False)
    """When the provider last did not answer a question for a service's token."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _turns: list[threading.Lock] = field(default_factory=lambda: [threading.Lock() for _ in range(TURNS)], repr=False)

    def __post_init__(self) -> None:
        """Read the names of the staff from the gateway's own table."""
        self.staff_names = StaffNames(self._names)

    @property
    def actor(self) -> str:
        """The gateway itself, where no person acts."""
        return f"service:{self.runtime.name}"

    @property
    def secure(self) -> bool:
        """True where cookies travel over TLS alone; the demonstration on one machine has none."""
        return not self.runtime.settings.demo

    def secret_for(self, purpose: str) -> str:
        """Closes cookies of one purpose that carry their content: the same wherever the client's secret is."""
        return f"{purpose} {self.runtime.settings.client_secret or self._at_random}"

    @property
    def callback(self) -> str:
        """Where the identity provider sends a browser back; registered there."""
        return f"{self.runtime.settings.public_url.rstrip('/')}/callback"

    @property
    def logged_out(self) -> str:
        """Where the identity provider sends a browser after a logout; registered there."""
        return f"{self.runtime.settings.public_url.rstrip('/')}/logout"

    def session_of(self, cookie: str) -> StaffSession | None:
        """The living session of a browser's cookie, its tokens renewed where they are about to expire."""
        if not cookie:
            return None
        with unit_of_work(self.runtime, self.actor, str(uuid4())) as work:
            session = session_store.find_session(work, cookie, self.limits)
        return self._renewed(session) if session and session.identity.stale() else session

    def client_for(self, session: StaffSession, name: str) -> ServiceClient:
        """Another service, asked in the name of the session's person.

        Raises:
            Problem: not-authenticated, unavailable.
        """
        return self.runtime.clients.client(name, self._token(session, name))

    def client_with(self, token: str, name: str) -> ServiceClient:
        """Another service, asked with a person's confirmation, which is kept nowhere.

        Raises:
            Problem: not-authenticated, unavailable.
        """
        return self.runtime.clients.client(name, self.provider.exchange(token, name)[0])

    def client_for_sums(self, name: str) -> ServiceClient:
        """Another service, asked in the gateway's own name: for sums that name nobody."""
        return self.runtime.clients.client(name)

    def _token(self, session: StaffSession, audience: str) -> str:
        requested = (session.session_id, audience)
        with self._turns[hash(requested) % TURNS]:
            now = int(time.monotonic())
            with self._lock:
                token, until = self._tokens.get(requested, ("", 0))
            if now < until:
                return token
            token, seconds = self._exchanged(session, audience)
            with self._lock:
                if len(self._tokens) >= MOST_TOKENS:
                    self._tokens = {key: kept for key, kept in self._tokens.items() if kept[1] > now}
                self._tokens[requested] = (token, now + seconds - EARLY)
            return token

    def _exchanged(self, session: StaffSession, audience: str) -> tuple[str, int]:
        """A service's token and its seconds. Who waited for a question that failed does not wait for another one."""
        if time.monotonic() - self._failed_at < AGAIN_AFTER:
            raise Problem("unavailable", detail="認証基盤が応答していません", retry_after=AGAIN_AFTER)
        try:
            seconds = self.runtime.settings.question_seconds
            return self.provider.exchange(session.identity.access_token, audience, seconds)
        except Problem as problem:
            if problem.name == "unavailable":
                self._failed_at = time.monotonic()
            raise

    def _names(self) -> Mapping[str, str]:
        with telemetry.quiet(), unit_of_work(self.runtime, self.actor, str(uuid4())) as work:
            return staff_names.newest_names(work)

    def _renewed(self, session: StaffSession) -> StaffSession | None:
        """Renew under the session's row lock: two requests at once renew once."""
        correlation = telemetry.current_correlation() or str(uuid4())
        with unit_of_work(self.runtime, self.actor, correlation) as work:
            current = session_store.lock_session(work, session, self.limits)
            if current is None or not current.identity.stale():
                return current
            try:
                identity = self.provider.renew(current.identity)
            except Problem as problem:
                if problem.name != "not-authenticated":
                    raise
                session_store.end_session(work, session.session_id, "provider")
                return None
            session_store.keep_identity(work, current, identity)
        return replace(session, identity=identity)
