"""The clients of the issuer: known by the SHA-256 of their secrets; each gets what is declared for it and no more."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from flask import request
from werkzeug.datastructures import Authorization

from shared.contracts.machines import MACHINES, scope

SERVICES: Final = frozenset({"case_management", "support_benefits", "payments", "audit_logging", "ui_gateway"})
EXCHANGES: Final[Mapping[str, frozenset[str]]] = {
    "ui_gateway": SERVICES,
    "one_machine": SERVICES,
    "payments": frozenset({"case_management", "support_benefits"}),
    "audit_logging": frozenset({"case_management", "support_benefits"}),
    "case_management": frozenset({"support_benefits", "payments"}),
}
"""Clients that may turn a person's token into one for a service: the pages, the command line of a demonstration,
payments and the log, which ask the service that decided a case whether the person may see it, and case management,
which asks the others for an auditor which records were opened in an emergency.
"""
PAGES: Final = frozenset({"ui_gateway", "one_machine"})
"""Clients at which a person sits: these alone pass a person's confirmation of an approval on."""


class Clients(Mapping[str, tuple[str, ...]]):
    """The register of clients in its file, read again when that changes: hashes of the secrets that hold.

    A client has one, and for the while of a change two.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0
        self._known: dict[str, tuple[str, ...]] = {}
        self._current()

    def __getitem__(self, client: str) -> tuple[str, ...]:
        """The hashes of a client's secrets."""
        return self._current()[client]

    def __iter__(self) -> Iterator[str]:
        """The clients."""
        return iter(self._current())

    def __len__(self) -> int:
        """How many clients there are."""
        return len(self._current())

    def _current(self) -> dict[str, tuple[str, ...]]:
        seen = self._path.stat().st_mtime_ns
        if seen != self._seen:
            kept = json.loads(self._path.read_text())
            self._known = {
                name: (secrets,) if isinstance(secrets, str) else tuple(secrets) for name, secrets in kept.items()
            }
            self._seen = seen
        return self._known


def shown() -> Authorization | None:
    """Return what the request's client shows of itself, None where that cannot be read."""
    try:
        return request.authorization
    except ValueError:
        return None


def authenticated(credentials: Authorization | None, clients: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the client that names itself by client_secret_basic, None where it is unknown or its secret is wrong."""
    if (
        credentials is None
        or credentials.type != "basic"
        or credentials.username is None
        or credentials.password is None
    ):
        return None
    digest = secret_digest(credentials.password)
    holds = [hmac.compare_digest(digest, known) for known in clients.get(credentials.username, ())]
    return credentials.username if any(holds) else None


def secret_digest(secret: str) -> str:
    """Return what the register of clients keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def scopes_of(client: str, audience: str) -> list[str]:
    """Return what a machine may ask of a service; empty where nothing is declared."""
    return sorted(scope(permission) for permission in MACHINES.get(client, {}).get(audience, ()))
