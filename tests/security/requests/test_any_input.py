"""Any input at all: each operation of each service, with what its document allows and what it forbids, as each role.

No answer is a fault of ours; what is wrong is told as a problem; what is right has the declared shape. Briefly here,
the same each time; long, and another each time, with `--hypothesis-profile=campaign`.
"""

import importlib
import json
import secrets
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from shared.contracts.machines import scope
from shared.contracts.permissions import PERMISSIONS, ROLES, SERVICE
from shared.contracts.problems import PROBLEMS
from shared.service_kit.testing import RunningService, Services, make_token, stepped_up
from tests.architecture.test_walls import ROOT, SERVICES
from tests.faults.length import examples, is_campaign

pytestmark = pytest.mark.database
NOBODY = "http://127.0.0.1:1"
"""Where no other service and no identity provider answers."""
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
LIMITS = settings(
    max_examples=examples(8, 200),
    database=None,
    deadline=None,
    derandomize=not is_campaign(),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def running(services: Services, request: pytest.FixtureRequest) -> RunningService:
    service = importlib.import_module(f"services.{request.param}.app").service
    return services.open(service, person_a_minute=100_000, peers=dict.fromkeys(SERVICES, NOBODY), issuer_url=NOBODY)


def headers(running: RunningService, role: str, case: Any) -> dict[str, str]:
    """A valid token of the role, which confirms whatever the case would approve, and a fresh key."""
    named = case.body.get("sha256") if isinstance(case.body, dict) else None
    claims = stepped_up(named) if isinstance(named, str) else {}
    kind = "machine" if role == SERVICE else "person"
    scopes = " ".join(map(scope, PERMISSIONS))
    token = make_token(
        "somebody", [role], running.service.name, kind, iss=NOBODY, districts=["01"], scope=scopes, **claims
    )
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(16), "Accept": "application/json"}


def roles(operation: Any) -> st.SearchStrategy[str]:
    """Mostly those who may; the others too."""
    needed = [name for one in operation.definition.raw.get("security", []) for name in one.get("token", [])]
    may = sorted(role for name in needed for role in PERMISSIONS[name])
    return st.one_of(*[st.sampled_from(may)] * 4, st.sampled_from(sorted(ROLES)))


@pytest.mark.parametrize("running", SERVICES, indirect=True)
def test_any_input_gets_an_answer_of_the_declared_shape_or_a_problem(running: RunningService) -> None:
    document = yaml.safe_load((ROOT / "services" / running.service.name / "openapi.yaml").read_text(encoding="utf-8"))
    schema = schemathesis.openapi.from_dict(document)
    schema.app = running.app
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        try_operation(running, found.ok())


def try_operation(running: RunningService, operation: Any) -> None:
    @LIMITS
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=data.draw(st.sampled_from(MODES))))
        for name in case.path_parameters or {}:
            if name.endswith("_id") and data.draw(st.booleans()):
                case.path_parameters[name] = str(data.draw(st.uuids()))
        judge(case, case.call(headers=headers(running, data.draw(roles(operation)), case)))

    ask()


def judge(case: Any, answer: Any) -> None:
    if answer.status_code >= 400:
        told = json.loads(answer.content)
        name = told["type"].removeprefix("/problems/")
        assert name in PROBLEMS
        assert answer.status_code != 500, (case.method, case.path, told)
        assert answer.headers["content-type"] == ["application/problem+json"]
        return
    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
