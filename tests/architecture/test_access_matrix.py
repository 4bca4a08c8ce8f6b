"""Who may do what, tried: every operation of every service, with every role, with none, and with another's token."""

import importlib
import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from shared.contracts.permissions import PERMISSIONS, ROLES, SERVICE
from shared.service_kit import Service
from shared.service_kit.testing import Client, Reply, Room, Rooms, make_token
from shared.service_kit.web import Route
from tests.architecture.test_walls import SERVICES

pytestmark = pytest.mark.database
REFUSED = (401, 403)
ANYTHING = {UUID: "00000000-0000-4000-8000-000000000000", int: "1", str: "0"}


def operations(service: Service) -> Iterator[Route]:
    for routes in service.all_routes():
        yield from routes.routes


def ask(client: Client, route: Route) -> Reply:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ANYTHING.get(route.hints.get(found[1], str), "0"), route.path)
    return client.get(path) if route.method == "GET" else client.post(path, {})


@pytest.fixture
def room(rooms: Rooms, request: pytest.FixtureRequest) -> Room:
    return rooms.open(importlib.import_module(f"services.{request.param}.app").service)


@pytest.mark.parametrize("room", SERVICES, indirect=True)
def test_each_role_is_let_in_where_the_matrix_says_and_nowhere_else(room: Room) -> None:
    wrong = []
    for role in sorted(ROLES):
        client = room.client(machine="somebody") if role == SERVICE else room.client(person="somebody", roles=[role])
        for route in operations(room.service):
            let_in = ask(client, route).status_code not in REFUSED
            if let_in != (role in PERMISSIONS[str(route.permission)]):
                wrong.append((role, route.method, route.path))
    assert wrong == []


@pytest.mark.parametrize("room", SERVICES, indirect=True)
def test_nobody_is_let_in_without_a_token_of_this_service(room: Room) -> None:
    for route in operations(room.service):
        role = min(PERMISSIONS[str(route.permission)])
        foreign = Client(room.service, {"Authorization": f"Bearer {make_token('somebody', [role], 'another')}"})
        assert ask(room.client(), route).status_code == 401
        assert ask(foreign, route).status_code == 401


@pytest.mark.parametrize("room", SERVICES, indirect=True)
def test_each_refusal_is_told_to_the_audit(room: Room) -> None:
    for route in operations(room.service):
        ask(room.client(), route)
    told = {(one["data"]["method"], one["data"]["route"]) for one in room.looks("refusal.v1")}
    assert told == {(route.method, route.path) for route in operations(room.service)}
