"""The other rooms, asked in a person's name: each with a token exchanged for its own audience."""

from typing import Any
from uuid import UUID, uuid5

from shared.service_kit import Service
from shared.service_kit.auth import exchange
from shared.service_kit.peers import Peer

DECIDING = ("case_management", "support_benefits")
"""The rooms that determine, in the order of the pages."""


class Rooms:
    """The rooms as one person may ask them; made anew for each request."""

    def __init__(self, service: Service, token: str) -> None:
        self._service, self._token = service, token
        self._peers: dict[str, Peer] = {}

    def room(self, name: str) -> Peer:
        """One room, with a token for it alone."""
        if name not in self._peers:
            token = exchange(self._service.settings, self._service.name, self._token, name)
            self._peers[name] = self._service.peers.peer(name, token)
        return self._peers[name]

    def collectives(self, month: str) -> dict[str, dict[str, Any]]:
        """The newest collective determination of a month by room; a room without one is left out."""
        found = {name: self.room(name).get("/collective-determinations", {"month": month}) for name in DECIDING}
        return {name: answer["items"][-1] for name, answer in found.items() if answer["items"]}

    def runs(self, month: str) -> list[dict[str, Any]]:
        """The payment runs of a month."""
        items: list[dict[str, Any]] = self.room("payments").get("/runs", {"month": month})["items"]
        return items

    def run(self, run_id: UUID) -> dict[str, Any]:
        """One payment run."""
        return self.room("payments").get(f"/runs/{run_id}")


def key_for(key: str, room: str) -> str:
    """The Idempotency-Key that one act sends to one of its rooms, the same when the act is repeated."""
    return str(uuid5(UUID("8c5f0d62-1f7f-5a0b-8a39-7f5a5a3d9b10"), f"{key}:{room}"))
