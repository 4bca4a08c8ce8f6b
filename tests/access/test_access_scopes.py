"""Whose record who may see: districts, programmes, own cases, shielded ones, and what no token opens."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.grants import charges_of
from shared.service_kit.http.routing import Routes
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.testing import RunningService, Services
from tests.access.cases import caseworker, make_service, refused

pytestmark = pytest.mark.database


def test_a_caseworker_sees_the_cases_of_the_own_district_alone(running: RunningService) -> None:
    assert caseworker(running, "worker-1", "01").get("/cases/00000001").status_code == 200
    reply = caseworker(running, "worker-1", "02").get("/cases/00000001")
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/out-of-scope")
    assert refused(running) == [("case:00000001", "scope")]


def test_a_token_that_names_no_district_opens_no_district(running: RunningService) -> None:
    assert caseworker(running).get("/cases/00000001").status_code == 403


def test_a_head_sees_the_whole_office_and_an_adviser_the_own_programme(running: RunningService) -> None:
    assert running.client(person="head-1", roles=["head"]).get("/cases/00000001").status_code == 200
    for programme, status in (("public_assistance", 200), ("support_benefit", 403)):
        adviser = running.client(person="adviser-1", roles=["support_adviser"], programmes=[programme])
        assert adviser.get("/cases/00000001").status_code == status


def test_a_case_with_a_caseworker_of_its_own_is_changed_by_nobody_else_of_the_district(running: RunningService) -> None:
    assert caseworker(running, "worker-2", "09").post("/cases/00000002", {}).status_code == 200
    assert caseworker(running, "worker-3", "01").post("/cases/00000002", {}).status_code == 403
    assert caseworker(running, "worker-3", "01").post("/cases/00000003", {}).status_code == 200


def test_a_shielded_case_is_seen_by_its_caseworker_and_the_head_but_not_by_the_district(
    running: RunningService,
) -> None:
    assert caseworker(running, "worker-2", "01").get("/cases/00000002").status_code == 200
    assert running.client(person="head-1", roles=["head"]).get("/cases/00000002").status_code == 200
    assert caseworker(running, "worker-3", "01").get("/cases/00000002").status_code == 403
    assert refused(running) == [("case:00000002", "shielded")]


def test_a_role_reaches_no_further_for_what_another_role_of_the_person_reaches(running: RunningService) -> None:
    """A caseworker of district 01 who stands in for the supervisor of 02 supervises 02 and not 01."""
    charges = [{"role": "caseworker", "districts": ["01"]}, {"role": "supervisor", "districts": ["02"]}]
    both: dict[str, Any] = {"roles": ["caseworker", "supervisor"], "districts": ["01", "02"]}
    together = running.client(person="worker-3", **both)
    apart = running.client(person="worker-3", charges=charges, **both)
    assert apart.get("/cases/00000001").status_code == 200
    assert (together.get("/cases/00000002").status_code, apart.get("/cases/00000002").status_code) == (200, 403)
    assert apart.post("/cases/00000002", {}).status_code == 403


ROLES_OF_CHARGES = st.sampled_from(["caseworker", "supervisor", "head", "auditor", 7, None, ["head"]])


@given(st.none() | st.text() | st.lists(st.none() | st.dictionaries(st.sampled_from(["role", "districts"]),
                                                                    ROLES_OF_CHARGES)))  # fmt: skip
def test_odd_charges_give_no_role_that_the_token_does_not_name(charges: Any) -> None:
    caller = Caller("worker-1", "person", frozenset({"caseworker"}), claims={"charges": charges, "districts": ["01"]})
    assert {charge.role for charge in charges_of(caller)} == {"caseworker"}


def test_districts_of_one_law_open_nothing_of_the_other(running: RunningService) -> None:
    for programme, status in (("public_assistance", 200), ("support_benefit", 403)):
        worker = running.client(person="worker-1", roles=["caseworker"], districts=["01"], programmes=[programme])
        assert worker.get("/cases/00000001").status_code == status


def test_a_route_of_scoped_records_cannot_be_written_without_saying_whose(services: Services) -> None:
    careless = Routes("careless")
    careless.get("/all", permission="case.look")(lambda work: {})
    with pytest.raises(TypeError, match="names no record"):
        services.open(make_service(careless)).new_app()
