"""The register of services (``catalog.toml``) as the kit reads it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Catalog:
    """Who listens to whom, on which ports; the one place where services know of one another."""

    services: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, path: Path) -> "Catalog":
        """Read the register."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8"))["services"])

    def asks(self, name: str) -> set[str]:
        """The services that one asks over HTTP: in a request (``calls``), or for what it listens to."""
        service = self.services[name]
        return {*service["calls"], *(subscription.partition(".")[0] for subscription in service["subscriptions"])}

    def in_circle(self, name: str) -> bool:
        """True where a request of this service may end up waiting for another request of its own."""
        reached, open_ = set[str](), list(self.services[name]["calls"])
        while open_:
            service = open_.pop()
            if service not in reached:
                reached.add(service)
                open_ += self.services[service]["calls"]
        return name in reached

    def streams_of(self, name: str) -> list[tuple[str, str]]:
        """The streams to which a service listens: producer and stream."""
        return [
            (producer, stream)
            for producer, _, stream in (
                subscription.partition(".") for subscription in self.services[name]["subscriptions"]
            )
        ]

    def subscribers(self, producer: str, stream: str) -> list[str]:
        """The services that listen to a stream."""
        full_name = f"{producer}.{stream}"
        return [name for name, service in self.services.items() if full_name in service["subscriptions"]]
