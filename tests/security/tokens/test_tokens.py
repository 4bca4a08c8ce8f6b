"""Tokens that are none are refused by every service, and each refusal stands in the audit with its reason."""

import importlib
import time

import pytest

from shared.contracts.permissions import PERMISSIONS
from shared.service_kit.http.routing import Route
from shared.service_kit.testing import Client, Reply, RunningService, Services, make_token
from tests.architecture.test_access_matrix import ask, operations
from tests.architecture.test_walls import SERVICES
from tests.security.tokens.forged_tokens import FORGED, twice

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    return services_of_file.open(importlib.import_module(f"services.{request.param}.app").service)


def doors(running: RunningService) -> list[Route]:
    """An operation that reads and one that writes: all others are guarded by the same lines."""
    guarded = [route for route in operations(running.service) if route.permission]
    return [next(route for route in guarded if route.writes is writes) for writes in (False, True)]


def send(running: RunningService, route: Route, authorization: str) -> Reply:
    return ask(Client(running.app, {"Authorization": authorization}), route)


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_what_is_no_token_of_this_service_is_refused_and_told_with_its_reason(running: RunningService) -> None:
    wrong, expected, before = [], [], len(running.looks("refusal.v1"))
    for route in doors(running):
        for name, (why, forge) in FORGED.items():
            reply = send(running, route, f"Bearer {forge(running.service.name)}")
            expected.append((route.path, why, "person:unknown"))
            if (reply.status_code, reply.json["type"]) != (401, "/problems/not-authenticated"):
                wrong.append((route.path, name, reply.status_code))
    told = [(one["data"]["route"], one["data"]["why"], one["actor"]) for one in running.looks("refusal.v1")[before:]]
    names = [name for _ in doors(running) for name in FORGED]
    assert wrong == []
    assert len(told) == len(expected)
    assert [pair for pair in zip(names, told, expected, strict=True) if pair[1] != pair[2]] == []


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_a_good_token_is_let_in_at_the_same_doors(running: RunningService) -> None:
    """Else the test above would say nothing."""
    before = len(running.looks("refusal.v1"))
    for route in doors(running):
        role = min(PERMISSIONS[str(route.permission)])
        kind = "machine" if role == "service" else "person"
        token = make_token("somebody", [role], running.service.name, kind)
        assert send(running, route, f"Bearer {token}").status_code != 401
        for scheme in (f"Basic {token}", token, f"Bearer{token}", f"DPoP {token}"):
            assert send(running, route, scheme).status_code == 401
    assert {one["data"]["why"] for one in running.looks("refusal.v1")[before:]} - {"scope", ""} == {"no_token"}


@pytest.mark.parametrize("running", ["payments"], indirect=True)
@pytest.mark.parametrize("ahead", [30, 240])
def test_a_provider_whose_clock_is_minutes_ahead_is_believed(running: RunningService, ahead: int) -> None:
    made = int(time.time()) + ahead
    token = make_token("somebody", ["auditor"], "payments", iat=made, nbf=made, exp=made + 300)
    assert send(running, doors(running)[0], f"Bearer {token}").status_code != 401


@pytest.mark.parametrize("running", ["payments"], indirect=True)
def test_of_a_claim_told_twice_the_last_counts_for_every_reader(running: RunningService) -> None:
    """RFC 7519, 4: refused, or the last; only the provider itself could sign such a token."""
    route = doors(running)[0]
    for first, last in (("another", "payments"), ("payments", "another")):
        refused = send(running, route, f"Bearer {twice('aud', first, last)('payments')}").status_code == 401
        assert refused == (last == "another")


@pytest.mark.parametrize("running", ["payments"], indirect=True)
def test_no_answer_and_no_entry_repeats_a_token(running: RunningService) -> None:
    route = doors(running)[0]
    token = FORGED["other roles under one's own signature"][1]("payments")
    reply = send(running, route, f"Bearer {token}")
    told = reply.content.decode() + str(running.looks())
    assert [part for part in token.split(".") if part in told] == []
