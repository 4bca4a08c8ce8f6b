"""Acts of the owner of the log's database, whom no grant stops."""

from __future__ import annotations

import psycopg

from shared.service_kit.testing import RunningService


def as_owner(log: RunningService, statement: str) -> None:
    """Run one statement as the owner's role."""
    with psycopg.connect(log.runtime.settings.owner_database_url) as connection:
        connection.execute(statement.encode())
