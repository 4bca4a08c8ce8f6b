"""Who reads a stream: one consumer at a time, and none while the subscriptions of a service are paused."""

from typing import Final

from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

SCHEDULE: Final = declare("kit.schedule")
"""Who sends what is due; held by a worker as long as it lives."""
_SUBSCRIPTION: Final = declare("kit.subscription")


def lock_subscription(work: UnitOfWork, producer: str, stream: str) -> None:
    """One consumer of a stream at a time: its pages, and releases of what it parked."""
    _SUBSCRIPTION.each(f"{producer}.{stream}").hold(work.connection)


def pause_subscriptions(work: UnitOfWork) -> bool:
    """Keep this service's worker from its streams until this transaction is over; False where one is at work now."""
    held = SCHEDULE.try_to_hold(work.connection)
    for producer, stream in work.runtime.catalog.streams_of(work.runtime.name) if held else ():
        lock_subscription(work, producer, stream)
    return held
