"""Who is let in at all: machines by the scopes of their tokens, persons without duties that exclude each other."""

import pytest

from shared.service_kit.testing import Client, RunningService, make_token

pytestmark = pytest.mark.database


def test_a_machine_whose_token_names_nothing_may_nothing(running: RunningService) -> None:
    for scope in ("", "events", "kurashi:run:approve"):
        assert running.client(machine="audit_logging", scope=scope).get("/figures").status_code == 403


@pytest.mark.parametrize("pair", [("caseworker", "accountant"), ("administrator", "head"), ("cashier", "accountant")])
def test_a_person_with_two_duties_that_exclude_each_other_can_do_nothing(
    running: RunningService, pair: tuple[str, str]
) -> None:
    reply = running.client(person="somebody", roles=list(pair)).get("/figures")
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/incompatible-duties")


def test_a_machine_may_what_its_scopes_name_and_no_more(running: RunningService) -> None:
    reader = running.client(machine="audit_logging", scope="kurashi:events:read kurashi:parked:release")
    assert reader.get("/events?stream=facts&after=0").status_code == 200
    assert reader.get("/figures").status_code == 403
    assert reader.get("/parked").status_code == 403


@pytest.mark.parametrize("kind", ["JWT", "logout+jwt", ""])
def test_no_other_kind_of_token_opens_a_door(running: RunningService, kind: str) -> None:
    from joserfc import jwt

    from shared.service_kit import testing

    token = make_token("accountant-1", ["accountant"], "payments")
    claims = jwt.decode(token, testing.token_key, algorithms=["Ed25519"]).claims
    other = jwt.encode({"alg": "Ed25519", "kid": "test", "typ": kind}, claims, testing.token_key, ["Ed25519"])
    assert Client(running.app, {"Authorization": f"Bearer {other}"}).get("/figures").status_code == 401
