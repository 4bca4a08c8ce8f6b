"""What the kit declares of each service's database, in one place for tests that compare it with the migrated one."""

from typing import Final

from sqlalchemy import MetaData

from shared.service_kit.encryption import tables as encryption
from shared.service_kit.http import tables as http
from shared.service_kit.jobs import tables as jobs
from shared.service_kit.retention import tables as retention
from shared.service_kit.streams import tables as streams
from shared.service_kit.subscriptions import tables as subscriptions

KIT_TABLES: Final = (streams, subscriptions, jobs, encryption, retention, http)
"""The kit's declarations by subject."""


def declared(*metadata: MetaData) -> MetaData:
    """Returns the kit's tables and those of ``metadata`` as one declaration."""
    both = MetaData()
    for declaration in (*(subject.metadata for subject in KIT_TABLES), *metadata):
        for table in declaration.sorted_tables:
            table.to_metadata(both)
    return both
