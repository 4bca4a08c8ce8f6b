"""How much a source, a person or a machine may ask of one process in a minute (docs/security/limits.md)."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

ALL_STRANGERS = 10
"""Times the limit of one source: what all sources together may be refused in a minute."""
MOST_COUNTS = 10_000
"""Counts in memory, beyond which those that are over are looked for."""
STRANGER = "person:unknown"


class _Counts(MemoryStorage):
    """The library's counts, without the thread that it starts at each of them to look for those that are over."""

    sweep_at = MOST_COUNTS

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and now and then let go what is over."""
        self.get(key)
        if len(self.expirations) > self.sweep_at:
            now = time.time()
            for over in [name for name, until in self.expirations.items() if until <= now]:
                self.get(over)
            self.sweep_at = max(MOST_COUNTS, 2 * len(self.expirations))
        self.storage[key] += amount
        if self.storage[key] == amount:
            self.expirations[key] = time.time() + expiry
        return self.storage[key]


@dataclass(frozen=True)
class Counted:
    """What is to be done about one refusal.

    ``published``: it is an entry of its own. ``instead``: what is answered in its place, since there were too many.
    """

    published: bool
    instead: Problem | None = None


class RateLimits:
    """The counts of this process; in its memory, so that a full or lost broker stops nobody's work."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts = FixedWindowRateLimiter(_Counts())
        self._untold: dict[tuple[str, str], tuple[int, float]] = {}
        """Actor and record (empty where none is named) → how many were not published one by one, and until when."""
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        """The library's storage starts a timer at a hit, and two threads at once start the same one twice."""

    def admit(self, actor: str, *, machine: bool, approval: bool = False) -> None:
        """Count one request of a caller whose token holds.

        Raises:
            Problem: too-many-requests.
        """
        settings = self._settings
        self._count(
            actor,
            "machine" if machine else "person",
            settings.machine_a_minute if machine else settings.person_a_minute,
        )
        if approval:
            self._count(actor, "approval", settings.approvals_a_minute)

    def refuse(self, actor: str, source: str, record: str = "") -> Counted:
        """Count one refusal: of the person, or of the source where nobody is known.

        Who tries at a record is named with it however many the refusals: beyond the limit by one entry a
        minute for each record, and one more with the count where it was tried again.
        """
        until = self._refused_until(actor, source)
        if until is None:
            return Counted(published=True)
        if record and self._hit(RateLimitItemPerMinute(1), "record", actor, record):
            return Counted(published=True, instead=_too_many(until))
        self.leave_untold(actor, record, 1, until)
        return Counted(published=False, instead=_too_many(until))

    def _refused_until(self, actor: str, source: str) -> float | None:
        most = self._settings.refusals_a_minute
        if actor != STRANGER:
            return self._beyond("refusal", most, actor)
        alone = self._beyond("stranger", most, network(source))
        return alone or self._beyond("strangers", most * ALL_STRANGERS, STRANGER)

    def admit_login(self, source: str, browser: str) -> None:
        """Let somebody come back from the provider: counted by the browser where it is known, else by the source.

        Raises:
            Problem: too-many-requests, where too many logins failed before.
        """
        item, key = RateLimitItemPerMinute(self._settings.failed_logins_a_minute), browser or network(source)
        if not self._counts.test(item, "login", key):
            self._count(STRANGER, "login", self._settings.failed_logins_a_minute, key)

    def login_failed(self, source: str, browser: str) -> None:
        """Count a login, or a confirmation, of which nothing came."""
        self._hit(RateLimitItemPerMinute(self._settings.failed_logins_a_minute), "login", browser or network(source))

    def take_untold(self) -> dict[str, dict[str, int]]:
        """Take what is to be published by now: actor → record → count of requests turned away."""
        over: defaultdict[str, dict[str, int]] = defaultdict(dict)
        with self._lock:
            for actor, record in [key for key, (_, until) in self._untold.items() if until <= time.time()]:
                over[actor][record] = self._untold.pop((actor, record))[0]
        return dict(over)

    def leave_untold(self, actor: str, record: str, count: int, until: float = 0.0) -> None:
        """Keep a count until it is published, once the minute that ends at ``until`` (epoch seconds) is over."""
        with self._lock:
            before, first_until = self._untold.get((actor, record), (0, until))
            self._untold[actor, record] = (before + count, first_until)

    def _count(self, actor: str, limit: str, most: int, source: str = "") -> None:
        until = self._beyond(limit, most, source or actor)
        if until is not None:
            self.leave_untold(actor, "", 1, until)
            raise _too_many(until)

    def _hit(self, item: RateLimitItemPerMinute, *key: str) -> bool:
        """Count one; True within the limit."""
        with self._counting:
            return self._counts.hit(item, *key)

    def _beyond(self, limit: str, most: int, key: str) -> float | None:
        """Count one; None within the limit, else when the minute is over (seconds since the epoch)."""
        item = RateLimitItemPerMinute(most)
        if self._hit(item, limit, key):
            return None
        telemetry.LIMITED.labels(limit).inc()
        return float(self._counts.get_window_stats(item, limit, key).reset_time)


def _too_many(until: float) -> Problem:
    return Problem("too-many-requests", retry_after=max(1, round(until - time.time())))


def network(source: str) -> str:
    """The source as it is counted: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
