"""What a test is told of the issuer that runs for it."""

from dataclasses import dataclass
from pathlib import Path

from infra.issuer.login import ClientCredentials


@dataclass(frozen=True)
class RunningIssuer:
    """Its address, its key folder and a client that may log people in."""

    url: str
    keys: Path
    client: ClientCredentials
