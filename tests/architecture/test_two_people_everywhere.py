"""Who proposes does not approve: the database of every service refuses it, at every table that knows both."""

import importlib
import re
from typing import Any, Final

import pytest

from shared.service_kit.testing import RunningService, Services
from tests.architecture.test_walls import SERVICES

pytestmark = pytest.mark.database
DECIDES: Final = ("approver", "treasurer", "reviewer")
"""Columns that name who decides about what another person did."""

ALONE: Final = {
    "reviews": "a reviewer's word on a finding, which a machine made: nobody proposed it",
    "disbursement_orders": "copied from the run, whose check keeps the treasurer apart from both others",
}
"""Tables that name who decides without who proposed, and what keeps them apart."""

_COLUMNS: Final = """
SELECT c.relname AS table_name, array_agg(a.attname::text) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname"""
_RULES: Final = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = to_regclass(:table) AND contype IN ('c', 'f') AND convalidated"""


@pytest.fixture(scope="module", params=SERVICES)
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    return services_of_file.open(importlib.import_module(f"services.{request.param}.app").service)


def tables(running: RunningService) -> dict[str, set[str]]:
    return {row.table_name: set(row.columns) for row in running.execute(_COLUMNS)}


def deciding(running: RunningService) -> dict[str, set[str]]:
    """The tables that name who decides, without those that stand above."""
    return {name: own for name, own in tables(running).items() if own & set(DECIDES) and name not in ALONE}


def rules(running: RunningService, table: str) -> list[str]:
    return [row[0] for row in running.execute(_RULES, table=table)]


def test_each_table_that_names_who_decides_refuses_who_proposed(running: RunningService) -> None:
    for table, columns in deciding(running).items():
        assert "proposer" in columns, f"{table} does not know who proposed"
        for who in columns & set(DECIDES):
            pair = rf"\({who} <> proposer\)|\(proposer <> {who}\)"
            assert any(re.search(pair, rule) for rule in rules(running, table)), f"{table}.{who} may be its proposer"


def test_the_proposer_beside_an_approval_is_the_one_of_the_proposal(running: RunningService) -> None:
    for table in deciding(running):
        bound = [rule for rule in rules(running, table) if rule.startswith("FOREIGN KEY") and "proposer" in rule]
        itself = table in ("account_imports", "runs")
        assert bound or itself, f"{table}.proposer may be anybody"


def test_nobody_is_made_the_proposer_of_what_another_proposed(running: RunningService) -> None:
    role = running.execute("SELECT current_user")[0][0]
    asked = "SELECT has_column_privilege(:role, :table, 'proposer', 'UPDATE')"
    changed: dict[str, Any] = {
        table: running.execute(asked, role=role, table=table)[0][0]
        for table, columns in tables(running).items()
        if "proposer" in columns
    }
    assert not any(changed.values()), changed
