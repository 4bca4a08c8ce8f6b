"""The register of rooms (``catalog.toml``) as the kit reads it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Catalog:
    """Who listens to whom, on which ports; the one place where rooms know of one another."""

    services: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, path: Path) -> "Catalog":
        """Read the register."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8"))["services"])

    def subscribers(self, producer: str, stream: str) -> list[str]:
        """The services that listen to a stream."""
        wanted = f"{producer}.{stream}"
        return [name for name, room in self.services.items() if wanted in room["subscriptions"]]
