"""Every operation's body and answer has an example in the OpenAPI document, and each is what its schema allows."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from shared.service_kit.http.routing import Route
from tests.architecture.test_walls import ROOT, SERVICES, declared


def document(name: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "services" / name / "openapi.yaml").read_text(encoding="utf-8")))


def contents(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation's body and good answers: the operation, "body" or the status, and what stands there."""
    for path in document(name)["paths"].values():
        for operation in path.values():
            parts = {"body": operation.get("requestBody", {}), **operation["responses"]}
            for part, said in parts.items():
                for content in said.get("content", {}).values() if part[0] in "b2" else ():
                    yield operation["operationId"], part, content


def routes(name: str) -> dict[str, Route]:
    return {route.handler.__name__: route for each in declared(name).all_routes() for route in each.routes}


@pytest.mark.parametrize("name", SERVICES)
def test_each_body_and_answer_has_an_example_that_says_something(name: str) -> None:
    silent = [(operation, part) for operation, part, content in contents(name) if content.get("example") in (None, "")]
    assert silent == []


@pytest.mark.parametrize("name", SERVICES)
def test_each_example_is_what_its_schema_allows(name: str) -> None:
    components, odd = document(name)["components"], list[tuple[str, str, str]]()
    for operation, part, content in contents(name):
        schema = {**content["schema"], "components": components}
        odd += [
            (operation, part, error.message)
            for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(content["example"])
        ]
    assert odd == []


@pytest.mark.parametrize("name", SERVICES)
def test_the_service_itself_takes_each_example(name: str) -> None:
    declared_routes = routes(name)
    for operation, part, content in contents(name):
        route = declared_routes[operation]
        model = route.body if part == "body" else route.returns
        if model:
            model.model_validate_json(json.dumps(content["example"]))
