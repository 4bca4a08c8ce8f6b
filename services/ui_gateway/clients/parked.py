"""What stands still in a service (滞留), and its release, asked in the name of the operator at the browser."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient

_LISTENS: Final = re.compile(r"listen ([a-z_]+)\.([a-z]+)")


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

    @property
    def foreign(self) -> tuple[str, str] | None:
        """Producer and stream that the service does not believe any more: as after a restore."""
        listens = _LISTENS.fullmatch(self.subject)
        return (listens[1], listens[2]) if listens and self.reason.startswith("Dropped") else None


class Upkeep(View):
    """What else a service counts that needs a person: bank files, and entries that index or review cannot show."""

    files_not_as_stored: int = 0
    files_unknown: int = 0
    unknown_files: tuple[str, ...] = ()
    """Names of the first of them."""
    passed_over: int = 0
    index_missing: int = 0


def upkeep_of(service: ServiceClient) -> Upkeep:
    """What the service counts, over all months; needs ``figures.read``."""
    return Upkeep.model_validate(service.get("/figures"))


def parked_in(service: ServiceClient) -> list[Parked]:
    """What stands still there now."""
    return [Parked.model_validate(item) for item in service.get("/parked")["items"]]


def release(service: ServiceClient, fact_id: UUID, key: str) -> int:
    """Have it tried again; returns how many were released with it.

    Raises:
        Problem: wrong-state where it fails again, with the reason; not-found where it stands still no more.
    """
    answer = service.post(f"/parked/{fact_id}/release", json={}, key=key_for(key, service.name))
    return int(answer["released"])
