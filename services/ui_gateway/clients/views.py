"""What another service shows, as it answers; keys of acts; emergencies, which several services tell of."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from shared.service_kit.service_client import ServiceClient

_KEYS: Final = UUID("9c7e4f0e-8f1b-5d53-9e0e-6a3b1f6a7d10")


class View(BaseModel):
    """What a service shows; members that no page knows are kept for answers in JSON."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def raw(self) -> dict[str, Any]:
        """The view as the service answered it."""
        return self.model_dump(mode="json")


class Notice(View):
    """That somebody opened a record in an emergency (緊急閲覧)."""

    break_glass_id: UUID
    actor: str
    reason: str
    at: datetime
    until: datetime
    at_limit: bool = False


def key_for(key: str, target: str) -> str:
    """The Idempotency-Key of one target, the same at each repetition of the act under ``key``."""
    return str(uuid5(_KEYS, f"{key} {target}"))


def notices(service: ServiceClient) -> list[Notice]:
    """The emergencies of the last days in a service."""
    return [Notice.model_validate(item) for item in service.get("/break-glass/notices")["items"]]
