"""How much a source, a person or a machine may ask of one process in a minute (docs/security/limits.md)."""

import threading
import time
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from uuid import uuid4

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.service_kit import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

if TYPE_CHECKING:
    from shared.service_kit.service import Service

ALL_STRANGERS = 10
"""Times the limit of one source: what all sources together may be refused in a minute."""
STRANGER = "person:unknown"


class Limits:
    """The counts of this process; in its memory, so that a full or lost broker stops nobody's work."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts = FixedWindowRateLimiter(MemoryStorage())
        self._untold: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def admit(self, actor: str, *, machine: bool, approval: bool = False) -> None:
        """Count one request of a caller whose token holds.

        Raises:
            Problem: too-many-requests.
        """
        given = self._settings
        self._count(
            actor, "machine" if machine else "person", given.machine_a_minute if machine else given.person_a_minute
        )
        if approval:
            self._count(actor, "approval", given.approvals_a_minute)

    def refuse(self, actor: str, source: str) -> None:
        """Count one refusal: of the person, or of the source where nobody is known.

        Raises:
            Problem: too-many-requests: this refusal is counted, not told one by one.
        """
        most = self._settings.refusals_a_minute
        if actor != STRANGER:
            self._count(actor, "refusal", most)
            return
        self._count(actor, "stranger", most, network(source))
        self._count(actor, "strangers", most * ALL_STRANGERS)

    def login(self, source: str) -> None:
        """Count one step of a login.

        Raises:
            Problem: too-many-requests.
        """
        self._count(STRANGER, "login", self._settings.logins_a_minute, network(source))

    def tell(self, service: "Service") -> None:
        """Tell how many requests were turned away in a minute that is over: one entry an actor."""
        for actor, (count, until) in list(self._untold.items()):
            if until > time.time() or self._untold.pop(actor, None) is None:
                continue
            told = service.refusal_type(method="", route="", permission="", problem="too-many-requests", count=count)
            with service.work(actor, str(uuid4())) as work:
                work.refusal(told)

    def _count(self, actor: str, limit: str, most: int, source: str = "") -> None:
        item, key = RateLimitItemPerMinute(most), source or actor
        if self._counts.hit(item, limit, key):
            return
        until = self._counts.get_window_stats(item, limit, key).reset_time
        with self._lock:
            count, first_until = self._untold.get(actor, (0, until))
            self._untold[actor] = (count + 1, first_until)
        telemetry.LIMITED.labels(limit).inc()
        raise Problem("too-many-requests", retry_after=max(1, round(until - time.time())))


def network(source: str) -> str:
    """The source as it is counted: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
