"""Who may do what, tried: every operation of every service, with every role, with none, and with another's token."""

import importlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.access.records import Record
from shared.contracts.permissions import PERMISSIONS, ROLES, SERVICE, SHIELDED
from shared.contracts.purposes import PURPOSES, Purpose
from shared.service_kit.http.routing import Route, Routes
from shared.service_kit.service import Service
from shared.service_kit.testing import Client, Reply, RunningService, Services, make_token
from tests.architecture.test_walls import SERVICES

pytestmark = pytest.mark.database
REFUSED = (401, 403)
ANYTHING = {UUID: "00000000-0000-4000-8000-000000000000", int: "1", str: "0"}


def operations(service: Service) -> Iterator[Route]:
    for routes in service.all_routes():
        yield from routes.routes


def path_of(route: Route) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ANYTHING.get(route.hints.get(found[1], str), "0"), route.path)


def ask(client: Client, route: Route) -> Reply:
    path = path_of(route)
    return client.get(path) if route.method == "GET" else client.post(path, {})


@pytest.fixture(scope="module")
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    service = importlib.import_module(f"services.{request.param}.app").service
    return services_of_file.open(service, person_a_minute=100_000)


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_each_role_is_let_in_where_the_matrix_says_and_nowhere_else(running: RunningService) -> None:
    wrong = []
    running = about(running, THEIRS)
    for role in sorted(ROLES):
        somebody = {"machine": "somebody"} if role == SERVICE else {"person": "somebody", "roles": [role]}
        client = running.client(**somebody, **CLAIMS)
        for route in operations(running.service):
            let_in = ask(client, route).status_code not in REFUSED
            if let_in != (role in PERMISSIONS[str(route.permission)]):
                wrong.append((role, route.method, route.path))
    assert wrong == []


THEIRS = Record("case:00000001", district="01", caseworker="somebody", programme="public_assistance")
OTHERS = Record("case:00000002", district="02", caseworker="another", programme="support_benefit")
CLAIMS: dict[str, Any] = {"districts": ["01"], "programmes": ["public_assistance"]}


def about(running: RunningService, record: Record) -> RunningService:
    """The same service, in which every record that a route asks for is this one, and nothing is done to it."""

    def mine(route: Route) -> Route:
        if route.of is None:
            return route

        def nothing(work: object, **parts: str) -> dict[str, str]:
            del work, parts
            return {}

        nothing.__name__ = route.handler.__name__
        return replace(route, of=lambda work, **parts: record, ask=None, handler=nothing, query=None, approval=False)

    routes = []
    for old in running.service.routes:
        new = Routes(old.tag)
        new.routes = [mine(one) for one in old.routes]
        routes.append(new)
    return RunningService(replace(running.service, routes=routes), running.runtime, {})


WHOSE: dict[str, tuple[Record, set[str]]] = {
    "all mine": (THEIRS, {"office", "district", "own", "programme"}),
    "another's": (OTHERS, {"office"}),
    "my case": (replace(OTHERS, caseworker="somebody"), {"office", "own"}),
    "my district": (replace(THEIRS, caseworker=None), {"office", "own", "district", "programme"}),
    "my district under the other law": (replace(OTHERS, caseworker=None, district="01"), {"office"}),
    "a colleague's": (replace(THEIRS, caseworker="another"), {"office", "district", "programme"}),
    "my programme": (replace(OTHERS, programme="public_assistance"), {"office", "programme"}),
    "my family's": (replace(THEIRS, barred=frozenset({"somebody"})), set()),
}
"""Records, and the scopes within which they lie for who is asked for below."""


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_each_role_is_let_at_a_record_within_its_scope_and_no_further(running: RunningService) -> None:
    wrong = []
    for whose, (record, lets_in) in WHOSE.items():
        asked = about(running, record)
        for role in sorted(ROLES - {SERVICE}):
            client = asked.client(person="somebody", roles=[role], **CLAIMS)
            for route in operations(asked.service):
                scope = PERMISSIONS[str(route.permission)].get(role)
                if route.of and scope and (ask(client, route).status_code not in REFUSED) != (scope in lets_in):
                    wrong.append((whose, role, route.method, route.path, scope))
    assert wrong == []


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_a_shielded_record_is_seen_by_who_is_in_charge_of_it_alone(running: RunningService) -> None:
    running, wrong = about(running, replace(THEIRS, caseworker="another", shielded=True)), []
    for role in sorted(ROLES - {SERVICE}):
        client = running.client(person="somebody", roles=[role], **CLAIMS)
        for route in operations(running.service):
            granted, shield = (PERMISSIONS[name].get(role) for name in (str(route.permission), SHIELDED))
            let_in = granted in ("office", "district") and shield in ("office", "district")
            if route.of and granted and (ask(client, route).status_code not in REFUSED) != let_in:
                wrong.append((role, route.method, route.path))
    assert wrong == []


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_nobody_is_let_in_without_a_token_of_this_service(running: RunningService) -> None:
    for route in operations(running.service):
        role = min(PERMISSIONS[str(route.permission)])
        foreign = Client(running.app, {"Authorization": f"Bearer {make_token('somebody', [role], 'another')}"})
        assert ask(running.client(), route).status_code == 401
        assert ask(foreign, route).status_code == 401


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_each_refusal_is_told_to_the_audit(running: RunningService) -> None:
    before = len(running.looks("refusal.v1"))
    for route in operations(running.service):
        ask(running.client(), route)
    told = {(one["data"]["method"], one["data"]["route"]) for one in running.looks("refusal.v1")[before:]}
    assert told == {(route.method, route.path) for route in operations(running.service)}


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_nobody_looks_for_a_purpose_that_is_not_of_the_own_role(running: RunningService) -> None:
    """Where a purpose is asked for, each role is let in with those that are declared for it and with no other."""
    wrong = []
    for role in sorted(ROLES - {SERVICE}):
        client = running.client(person="somebody", roles=[role], **CLAIMS)
        for route in (one for one in operations(running.service) if role in PERMISSIONS[str(one.permission)]):
            if route.query is None or "purpose" not in route.query.model_fields:
                continue
            for purpose in get_args(Purpose):
                refused = about_purpose(client, route, purpose)
                if refused == (purpose in PURPOSES[str(route.permission)][role]):
                    wrong.append((role, route.path, purpose))
    assert wrong == []


NEEDED = {
    "q": "a",
    "from_": "2026-12-01",
    "to": "2026-12-01",
    "month": "2026-12",
    "person": "00000001",
    "first_day": "2026-12-01",
    "last_day": "2026-12-01",
    "format": "csv",
}


def about_purpose(client: Client, route: Route, purpose: str) -> bool:
    """True where the purpose was what is wrong; whose record it is comes after that."""
    assert route.query
    needed = {one.alias or name: NEEDED[name] for name, one in route.query.model_fields.items() if one.is_required()
              and name != "purpose"}  # fmt: skip
    reply = client.get(f"{path_of(route)}?{urlencode({**needed, 'purpose': purpose})}")
    assert reply.status_code != 500
    return reply.status_code == 422 and reply.json.get("field") == "purpose"
