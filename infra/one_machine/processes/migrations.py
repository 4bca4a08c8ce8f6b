"""Brings the databases of the named services to their newest migration.

`python -m infra.one_machine.processes.migrations SECRETS SERVICE…`. A start of an office runs it forked, once a
service, side by side. In containers each service migrates by itself.
"""

import sys
from pathlib import Path

from infra.one_machine.folders import PROJECT
from shared.service_kit.database.migrations import migrate
from shared.service_kit.settings import Settings


def migrate_all(secrets: Path, services: list[str]) -> None:
    """Migrate one service after the other, each as the owner of its database."""
    for service in services:
        try:
            settings = Settings(_secrets_dir=secrets / f"{service}_owner")
            migrate(PROJECT / "services" / service / "migrations", settings)
        except Exception as error:
            error.add_note(f"in the migrations of {service}")
            raise


if __name__ == "__main__":
    migrate_all(Path(sys.argv[1]), sys.argv[2:])
