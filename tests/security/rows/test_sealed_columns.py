"""No column that may hold a name or somebody's words is in the clear: each is sealed, or says what it holds."""

import importlib
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from shared.decisions.imports.rows import CASE_FACTS
from shared.decisions.imports.ward_csv import read_ward
from shared.service_kit.csv_files import Faults
from shared.service_kit.testing import RunningService, Services
from tests.architecture.test_access_matrix import operations
from tests.architecture.test_walls import SERVICES, declared
from tests.decisions.ward import Ward
from tests.security.rows.clear_columns import BY_COLUMN, BY_NAME

pytestmark = pytest.mark.database
NAMES = {name for names in BY_NAME.values() for name in names.split()}
COLUMNS = {name for names in BY_COLUMN.values() for name in names.split()}
HOLDS_WORDS = "text varchar bpchar name json jsonb bytea xml tsvector"
CATALOGUE = """
SELECT c.relname || '.' || a.attname FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v') AND a.attnum > 0
AND NOT a.attisdropped AND ltrim(t.typname, '_') = ANY(string_to_array(:types, ' ')) ORDER BY 1
"""
CHECKS = "SELECT conrelid::regclass || '', pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
PERSONAL = {"name", "kana", "holder", "account_number", "words", "birth_date", "address", "note", "notes"}


@pytest.fixture(scope="module")
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    return services_of_file.open(importlib.import_module(f"services.{request.param}.app").service)


def sealed_in(running: RunningService) -> set[str]:
    return {f"{one.table}.{column}" for one in running.service.sealed for column in one.columns}


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_each_column_that_can_hold_words_is_sealed_or_says_what_it_holds(running: RunningService) -> None:
    there = {row[0] for row in running.execute(CATALOGUE, types=HOLDS_WORDS)}
    sealed = sealed_in(running)
    assert len(there) > 30
    assert sealed <= there
    declared_here = COLUMNS | {one.removeprefix(f"{running.service.name}.") for one in COLUMNS}
    forgotten = {one for one in there - sealed - declared_here if one.partition(".")[2] not in NAMES}
    assert forgotten == set(), "seal it (docs/sealing.md), or declare in clear_columns.py what it holds"


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_the_database_itself_refuses_a_clear_value_in_each_sealed_column(running: RunningService) -> None:
    checks = [(table, rule) for table, rule in running.execute(CHECKS) if "sealed:" in rule or "+ 31" in rule]
    for table, column in (name.split(".") for name in sealed_in(running)):
        assert any(table == on and re.search(rf"\b{column}\b", rule) for on, rule in checks), f"{table}.{column}"


def test_nothing_is_declared_that_is_nowhere(services: Services) -> None:
    there: set[str] = set()
    for name in SERVICES:
        running = services.open(declared(name))
        found = {row[0] for row in running.execute(CATALOGUE, types=HOLDS_WORDS)}
        there |= found | {f"{name}.{one}" for one in found}
    assert there >= COLUMNS
    assert {one.rpartition(".")[2] for one in there} >= NAMES


def fields(model: type[BaseModel]) -> Iterator[str]:
    """The names of all fields of a model, those of models within it too."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for found in re.findall(r"[\w.]+", str(field.annotation)):
            module, _, inner = found.rpartition(".")
            part = (
                getattr(importlib.import_module(module), inner, None) if module.startswith(("serv", "shar")) else None
            )
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields(part)


@pytest.mark.parametrize("name", SERVICES)
def test_no_answer_that_is_kept_names_anybody(name: str) -> None:
    """Answers to writing requests are kept for their repetition: what is sealed elsewhere would lie there clear."""

    kept = [(route.path, route.returns) for route in operations(declared(name)) if route.writes]
    told = {(path, field) for path, model in kept if model for field in fields(model)}
    assert {(path, field) for path, field in told if field in PERSONAL} == set()


def test_no_fact_of_a_case_holds_a_name() -> None:
    faults = Faults()
    (case,) = read_ward(Ward().add(1, {"name": "密林 黄子", "kana": "カナリア キイロ"}).files(), faults)
    assert not faults
    facts = [case.facts, *(member.facts for member in case.members)]
    told = str([value for one in facts for fact, value in one.items() if fact in CASE_FACTS])
    assert [word for word in ("密林", "黄子", "カナリア", "キイロ") if word in told] == []
    assert "53700" in told
