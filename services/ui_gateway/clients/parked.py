"""What stands still in a service (滞留), and its release, asked in the name of the operator at the browser."""

from datetime import datetime
from uuid import UUID

from services.ui_gateway.clients.rooms import View, key_for
from shared.service_kit.peers import Peer


class Parked(View):
    """A fact, a piece of work or a scheduled task that failed too often; ``reason`` is a code and a place."""

    fact_id: UUID
    producer: str
    stream: str
    number: int
    subject: str
    type: str
    reason: str
    parked_at: datetime | None = None


def parked_in(service: Peer) -> list[Parked]:
    """What stands still there now."""
    return [Parked.model_validate(one) for one in service.get("/parked")["items"]]


def release(service: Peer, fact_id: UUID, key: str) -> int:
    """Have it tried again; gives how many were released with it.

    Raises:
        Problem: wrong-state where it fails again, with the reason; not-found where it stands still no more.
    """
    answer = service.post(f"/parked/{fact_id}/release", json={}, key=key_for(key, service.name))
    return int(answer["released"])
