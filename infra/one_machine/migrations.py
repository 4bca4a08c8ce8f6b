"""Brings the databases of all services to their newest migration, in one process: five would start five times.

`python -m infra.one_machine.migrations SECRETS SERVICE…`. In containers each service migrates by itself.
"""

import sys
from pathlib import Path

from infra.one_machine.folders import PROJECT
from shared.service_kit.migrations import migrate
from shared.service_kit.settings import Settings


def migrate_all(secrets: Path, services: list[str]) -> None:
    """Migrate one service after the other, each as the owner of its database."""
    for service in services:
        url = (secrets / f"{service}_owner" / "kurashi_owner_database_url").read_text()
        try:
            migrate(PROJECT / "services" / service / "migrations", Settings(owner_database_url=url))
        except Exception as error:
            error.add_note(f"in the migrations of {service}")
            raise


if __name__ == "__main__":
    migrate_all(Path(sys.argv[1]), sys.argv[2:])
