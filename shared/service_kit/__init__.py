"""The platform of every room: transactions, streams, subscriptions, tasks, tokens, problems, telemetry.

It knows no noun of the office. A room's ``app.py`` makes a :class:`Service`; everything else follows from it.
"""

from shared.service_kit.service import Every, Service
from shared.service_kit.subscriptions.subscription import Subscription

__all__ = ["Every", "Service", "Subscription"]
