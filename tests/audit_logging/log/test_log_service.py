"""The log as a service of the house: its tables, and its own acts in its own tree."""

from __future__ import annotations

import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.audit_logging.adapters.log.tables import metadata
from shared.access import tables as access
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService
from shared.service_kit.testing.tables import declared

pytestmark = pytest.mark.database


def test_the_migrations_make_the_tables_that_the_code_knows(log: RunningService) -> None:
    with log.runtime.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, declared(metadata, access.metadata))
    of_the_log = [
        difference for difference in differences if "alembic_version" not in str(difference) and not _index(difference)
    ]
    assert of_the_log == []


def _index(difference: object) -> bool:
    return isinstance(difference, tuple) and str(difference[0]).endswith("_index")


def test_who_was_refused_at_the_log_stands_in_the_log(log: RunningService) -> None:
    refused = log.client(person="demo-caseworker", roles=["caseworker"]).get("/log/checkpoint")
    assert refused.status_code == 403
    with log.work() as work:
        numbering.positions(work.connection)
        page = numbering.read_page(work.connection, log.runtime.signer, "audit_logging", "looks", 0)
    assert log.take("audit_logging", (page.body, page.key_id, page.signature), "looks") == 1
    (opened,) = log.execute("SELECT value FROM openings WHERE field = 'details'")
    assert json.loads(opened.value)["data"] == {
        "method": "GET",
        "route": "/log/checkpoint",
        "permission": "log.read",
        "problem": "not-permitted",
        "why": "",
        "subject": "",
        "count": 1,
    }


def test_reading_the_log_writes_nothing_into_it(log: RunningService) -> None:
    log.run_tasks()
    before = log.looks()
    for path in ("checkpoint", "key.pub", "positions"):
        assert log.client(person="demo-auditor", roles=["auditor"]).get(f"/log/{path}").status_code == 200
    assert log.looks() == before
    assert log.facts() == []


@pytest.mark.parametrize("role", ["caseworker", "head", "accountant", "head_of_accounting", "treasurer"])
@pytest.mark.parametrize("path", ["checkpoint", "key.pub", "tile/0/000", "proof/0", "positions"])
def test_the_log_is_for_auditors_and_operators(log: RunningService, role: str, path: str) -> None:
    assert log.client(person=f"demo-{role}", roles=[role]).get(f"/log/{path}").status_code == 403
