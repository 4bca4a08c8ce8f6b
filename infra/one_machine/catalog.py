"""The register of services as the command line needs it."""

import tomllib
from functools import cache

from infra.one_machine.folders import PROJECT


@cache
def services() -> tuple[str, ...]:
    """Return the names of all services in the order of `catalog.toml`."""
    return tuple(tomllib.loads((PROJECT / "catalog.toml").read_text())["services"])
