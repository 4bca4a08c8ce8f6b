"""How far the log is behind: what is committed with the producers and not in the tree, what is not published, and what
is neither indexed nor reviewed yet."""

from __future__ import annotations

import json
from datetime import datetime

from prometheus_client import Gauge

from services.audit_logging.adapters.log.object_store import ObjectStore
from services.audit_logging.adapters.search.progress import REVIEW, SEARCH, passed_over_count, waits_since
from services.audit_logging.domain.log.checkpoint import LogKey
from services.audit_logging.use_cases.log.publish_log import CHECKPOINT, read_published
from shared.service_kit.clock import Clock
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.service_client import ServiceClient
from shared.service_kit.subscriptions.positions import cursor_positions
from shared.service_kit.unit_of_work import UnitOfWork

ALARM_SECONDS = 60
READ_ALARM_SECONDS = 180
"""For index and review: the review comes once a minute, and a round may be lost."""
LAG = Gauge(
    "kurashi_log_lag_seconds",
    "Age of the oldest fact that is not in the log, by stream; of what is published, as 'published' and '….bucket'; of "
    "the oldest entry that waits for 'index' or 'review'",
    ["of"],
)
PASSED_OVER = Gauge("kurashi_log_passed_over", "Entries that index or review could not read")
WAITS = {"index": SEARCH, "review": REVIEW}
"""Tasks that read entries, by the name under which their lag is measured."""
_SEEN: dict[str, tuple[object, datetime | None]] = {}
"""What was seen to wait last, and since when."""


def watch_publication(of: str, key: LogKey, store: ObjectStore, clock: Clock) -> int:
    """Seconds since the published checkpoint was true; needs no database. Alarms above ALARM_SECONDS."""
    published = read_published(key, store.read(CHECKPOINT))
    return _lag(of, published.at if published else None, clock, published)


def taken_number(work: UnitOfWork, producer: str, stream: str) -> int:
    """The last number that the log has taken of a stream; 0 before any."""
    return cursor_positions(work).get(f"{producer}.{stream}", 0)


def watch_stream(peer: ServiceClient, stream: str, taken: int, clock: Clock) -> int:
    """Seconds since the oldest fact of a producer's stream above `taken` was published; needs no unit of work."""
    with telemetry.quiet():
        page = json.loads(peer.raw("/events", {"stream": stream, "after": taken}).content)
    oldest = page["facts"][0] if page["facts"] else None
    since = datetime.fromisoformat(oldest["time"]) if oldest else None
    return _lag(f"{peer.name}.{stream}", since, clock, oldest and oldest["id"])


def watch_index(work: UnitOfWork) -> None:
    """Measure how long the oldest entry waits for index and review; alarms above READ_ALARM_SECONDS."""
    for of, task in WAITS.items():
        since = waits_since(work.connection, task)
        _lag(of, since, work.clock, since, READ_ALARM_SECONDS)
    PASSED_OVER.set(passed_over_count(work.connection))


def index_lag(work: UnitOfWork) -> int:
    """Seconds that the oldest entry waits for index or review; 0 where none does."""
    waiting = (waits_since(work.connection, task) for task in WAITS.values())
    return max((_seconds(since, work.clock) for since in waiting), default=0)


def _seconds(since: datetime | None, clock: Clock) -> int:
    return max(0, int((clock.now() - since).total_seconds())) if since else 0


def _lag(of: str, since: datetime | None, clock: Clock, waits: object, alarm: int = ALARM_SECONDS) -> int:
    """The measure grows by itself until the next look: so it also does when no task comes any more.

    What has a time to come, by a clock that was ahead, waits since this process saw it first.
    """
    seen, at = _SEEN.get(of, (None, None))
    if seen != waits or at is None or at > clock.now():
        at = min(since, clock.now()) if since else None
    _SEEN[of] = waits, at
    LAG.labels(of).set_function(lambda: _seconds(at, clock))
    if (seconds := _seconds(at, clock)) > alarm:
        log().error("log.lag", of=of, seconds=seconds)
    return seconds
