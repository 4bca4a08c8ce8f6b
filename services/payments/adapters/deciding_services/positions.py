"""How far the deciding services have published, asked before any transaction opens; and whether we have read as far."""

import time
from datetime import timedelta
from typing import Final

from services.payments.adapters.deciding_services.populations import PRODUCERS, STREAM
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.subscriptions.positions import cursor_positions
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

WAIT: Final = timedelta(seconds=2)
"""How long a question waits for us to have read what was published: mostly it is on its way."""
_STEP: Final = timedelta(milliseconds=100)
RETRY_SECONDS: Final = 2

Positions = dict[str, int]
"""By deciding service: the number of the last fact that it has published."""


def published_positions(runtime: Runtime, **of: object) -> Positions:
    """Ask each deciding service how far it has published, and wait a little until we have read as far.

    Args:
        of: what the request is about; all requests ask the same.

    Raises:
        Problem: unavailable where one does not answer.
    """
    del of
    positions = {name: int(runtime.clients.client(name).get("/events/positions")[STREAM]) for name in PRODUCERS}
    until = time.monotonic() + WAIT.total_seconds()
    while _unread(runtime, positions) and time.monotonic() < until:
        time.sleep(_STEP.total_seconds())
    return positions


def refuse_unread(work: UnitOfWork, positions: Positions) -> None:
    """Let nothing go on that has to know who is barred from what (除斥) before all that was published of it is read.

    Raises:
        Problem: unavailable; the same request may come again.
    """
    if behind(work, positions):
        detail = "決定側からの連絡(除斥など)をまだ読み終えていません。少し待ってから、もう一度行ってください"
        raise Problem("unavailable", field="restrictions", detail=detail, retry_after=RETRY_SECONDS)


def behind(work: UnitOfWork, positions: Positions) -> bool:
    """True while a fact that was published is not read; what is parked is read."""
    taken = cursor_positions(work)
    return any(taken.get(f"{producer}.{STREAM}", 0) < number for producer, number in positions.items())


def _unread(runtime: Runtime, positions: Positions) -> bool:
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        return behind(work, positions)
