"""A subscription as a service declares it: whose stream it listens to, and the use case that applies it."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.service_kit.subscriptions.parking import Handler


@dataclass(frozen=True)
class Subscription:
    """What a service listens to, and the use case that applies it.

    Args:
        park: False for a service that may skip nothing: it stops and alarms instead.
    """

    producer: str
    stream: str
    handle: Handler
    park: bool = True

    def is_of(self, producer: str, stream: str) -> bool:
        """True where it listens to that stream of that producer."""
        return (self.producer, self.stream) == (producer, stream)


def subscription_to(subscriptions: Iterable[Subscription], producer: str, stream: str) -> Subscription | None:
    """Return the subscription to a producer's stream; None where there is none."""
    return next((subscription for subscription in subscriptions if subscription.is_of(producer, stream)), None)
