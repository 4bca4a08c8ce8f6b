"""What the migrations make is what the code declares, in both deciding services."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from services.case_management.adapters.tables import metadata as case_management
from services.case_management.app import service as public_assistance
from services.support_benefits.adapters.tables import metadata as support_benefits
from services.support_benefits.app import service as support
from shared.decisions.adapters.tables import APPEND_ONLY
from shared.service_kit.service import Service
from shared.service_kit.testing import Services


@pytest.mark.database
@pytest.mark.parametrize(
    ("service", "metadata"),
    [(public_assistance, case_management), (support, support_benefits)],
    ids=["case_management", "support_benefits"],
)
def test_the_database_is_as_declared(services: Services, service: Service, metadata: MetaData) -> None:
    running = services.open(service)
    ours = set(metadata.tables)

    def include(item: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return kind != "table" or name in ours

    with running.work() as work:
        context = MigrationContext.configure(work.connection, opts={"include_object": include})
        assert compare_metadata(context, metadata) == []


def test_every_table_of_deciding_is_append_only() -> None:
    assert set(support_benefits.tables) == set(APPEND_ONLY)
    assert set(case_management.tables) > {*APPEND_ONLY, "residents"}
