"""What no reviewer should have to look for: walls, purity, guarded routes, one catalog."""

import ast
import importlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from shared.contracts.permissions import PERMISSIONS, ROLES
from shared.contracts.problems import PROBLEMS
from shared.service_kit.catalog import Catalog
from shared.service_kit.processes.commands import openapi_text
from shared.service_kit.service import Service
from shared.service_kit.streams.envelope import STREAMS

ROOT = Path(__file__).resolve().parents[2]
CATALOG = tomllib.loads((ROOT / "catalog.toml").read_text(encoding="utf-8"))["services"]
SERVICES = sorted(CATALOG)


def declared(name: str) -> Service:
    service = importlib.import_module(f"services.{name}.app").service
    assert isinstance(service, Service)
    return service


def python_files(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_the_catalog_names_every_service_and_no_other() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/app.py")}
    assert services == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_what_the_catalog_says(name: str) -> None:
    service = declared(name)
    assert service.name == name
    assert {f"{one.producer}.{one.stream}" for one in service.subscriptions} == set(CATALOG[name]["subscriptions"])
    assert sorted(every.task.name for every in service.schedule) == sorted(CATALOG[name]["schedule"])


def test_every_stream_has_its_audit_and_every_subscription_its_stream() -> None:
    streams = {f"{name}.{stream}" for name in SERVICES for stream in CATALOG[name]["streams"]}
    assert all(set(CATALOG[name]["streams"]) == set(STREAMS) for name in SERVICES)
    assert set(CATALOG["audit_logging"]["subscriptions"]) == streams
    assert {wanted for name in SERVICES for wanted in CATALOG[name]["subscriptions"]} <= streams


def test_who_asks_whom_is_known_and_a_new_circle_is_not_made_by_accident() -> None:
    catalog = Catalog(CATALOG)
    assert all(set(CATALOG[name]["calls"]) <= set(SERVICES) - {name} for name in SERVICES)
    circle = {name for name in SERVICES if catalog.in_circle(name)}
    assert circle == {"case_management", "payments"}, "these ask with a share of their threads (service_client.py)"


@pytest.mark.parametrize("name", SERVICES)
def test_scheduled_tasks_are_tasks_of_the_service(name: str) -> None:
    service = declared(name)
    names = {one.name for one in service.all_tasks()}
    assert {every.task.name for every in service.all_schedule()} <= names
    assert all(one.startswith((f"{name}.", "kit.")) for one in names)


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_is_guarded_by_a_known_permission(name: str) -> None:
    for routes in declared(name).all_routes():
        for route in routes.routes:
            assert route.permission in PERMISSIONS, f"{name} {route.method} {route.path} has no rule"


def test_permissions_name_known_roles() -> None:
    assert all(roles and set(roles) <= ROLES for roles in PERMISSIONS.values())


@pytest.mark.parametrize("name", SERVICES)
def test_the_openapi_document_is_unchanged(name: str) -> None:
    kept = ROOT / "services" / name / "openapi.yaml"
    made = openapi_text(declared(name))
    again = f"python -m services.{name}.app openapi > services/{name}/openapi.yaml"
    assert json.loads(kept.read_text(encoding="utf-8")) == json.loads(made), f"if it is meant: {again}"


@pytest.mark.parametrize("name", SERVICES)
def test_there_is_one_migration_head(name: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / name / "migrations"))
    config.set_main_option("path_separator", "os")
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_door_plate(name: str) -> None:
    assert len((ROOT / "services" / name / "README.md").read_text(encoding="utf-8").splitlines()) > 5


def test_nobody_commits_but_the_kit() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in python_files("services", "shared")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback") and "service_kit" not in str(path)
    ]
    assert found == []


def test_the_domain_asks_no_clock() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic"}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in python_files("services", "shared")
        if "/domain/" in str(path) or "benefit_rules" in str(path) or "money_and_time" in str(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    ]
    assert found == []


def test_no_float_comes_near_money() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in python_files(
            "services", "shared/decisions", "shared/approvals", "shared/benefit_rules", "shared/contracts"
        )
        if not {"pages", "routing"} & set(path.parts)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _joins_paths(node))
    ]
    assert found == []


def _joins_paths(node: ast.BinOp) -> bool:
    """``folder / "name"``: a division of numbers has no text in it."""
    parts = [
        part for part in ast.walk(node) if isinstance(part, (ast.Constant, ast.JoinedStr, ast.Attribute, ast.Name))
    ]
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        or (isinstance(part, ast.Attribute) and part.attr.endswith(("dir", "folder", "parent", "name")))
        or (isinstance(part, ast.Name) and part.id in ("folder", "directory", "path", "Path"))
        for part in parts
    )


def test_every_problem_is_known_and_documented() -> None:
    raised = {
        node.args[0].value
        for _, tree in python_files("services", "shared")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert raised <= set(PROBLEMS)
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert [name for name in PROBLEMS if f"`{name}`" not in text] == []


def test_the_project_names_no_machine_of_its_makers() -> None:
    bad = tuple(f"{before}/{place}/" for before in ('"', " ") for place in ("work", "root", "farm", "opt"))
    kinds = (".py", ".md", ".toml", ".yaml", ".yml", ".json", ".csv", ".html", "")
    files = [
        path
        for folder in ("services", "shared", "infra", "docs", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in kinds
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in files
        if any(one in path.read_text(encoding="utf-8", errors="replace") for one in bad)
    ]
    assert found == []
