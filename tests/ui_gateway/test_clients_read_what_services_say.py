"""What the pages ask of a service, and what they read in its answer, stands in that service's OpenAPI document.

Each function of the clients is called with an answer made from the document alone: once with the required members, and
once with all. A member that a client reads and no answer has, a type that does not fit, or a path, query or body that
the service does not know, fails here before anybody meets it at a page.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from uuid import UUID

import pytest

from services.ui_gateway.clients import audit_log, cases, deciding, imports, intake, parked, payments, people, views
from services.ui_gateway.clients.casework import notes, tasks
from services.ui_gateway.clients.deciding import DECIDING
from services.ui_gateway.clients.merging import merges
from services.ui_gateway.clients.views import View

ROOT: Final = Path(__file__).parents[2]
WITH_IMPORTS: Final = (*DECIDING, "payments")
ASKED: Final[Mapping[ModuleType, tuple[str, ...]]] = {
    views: WITH_IMPORTS,
    deciding: DECIDING,
    payments: ("payments",),
    imports: WITH_IMPORTS,
    parked: (*WITH_IMPORTS, "audit_logging"),
    audit_log: ("audit_logging",),
    people: ("case_management",),
    intake: ("case_management",),
    cases: DECIDING,
    notes: ("case_management",),
    tasks: ("case_management",),
    merges: ("case_management",),
}
"""The services that the functions of a module are asked of."""
OF_ONE: Final = {"propose_remainder": ("payments",), "upkeep_of": ("payments", "audit_logging")}
"""Functions that are asked of fewer services than their module."""
SAYS_NOTHING: Final = {
    "GET /figures": {},
    "GET /parked": {"items": []},
    "POST /parked/{fact_id}/release": {"released": 1},
}
"""Answers of which the documents say no member yet, and one that a service may give."""
BYTES: Final = frozenset({"bank_file"})
"""Functions that take a file as it is."""
ID: Final = "00000000-0000-4000-8000-000000000000"
ARGUMENTS: Final[dict[str, Any]] = {
    "most": 8,
    "month": "2026-12",
    "since": "2026-10",
    "reason": "mistake",
    "run_kind": "regular",
    "act": "approval",
    "programme": "public_assistance",
    "person": "1000000001",
    "purpose": "complaint",
    "state": "open",
    "before": "7",
    "sha256": "0" * 64,
    "key": "a-key-of-one-act",
    "body": {"outcome": "justified", "words": "確認済み", "through": 1},
    "person_no": "0000000100",
    "number": "2026000001",
    "case_no": "00000001",
    "known_on": "2026-12-01",
    "first": date(2026, 4, 1),
    "last": date(2026, 12, 1),
    "text": "渡辺",
}
CONSULTED: Final = {"held_on": "2026-12-01", "channel": "counter", "matter": "livelihood", "content": {}}
APPLIED: Final = {"applied_on": "2026-12-01", "received_on": "2026-12-01", "content": {"applicant": {}}}
NOTED: Final = {"kind": "policy", "held_on": "2026-12-01", "content": {"plan": "架空"}}
PROMISED: Final = {"kind": "promise", "due_on": "2026-12-01", "content": {"what": "架空"}}
SPECIAL: Final[dict[str, dict[str, Any]]] = {
    "decide_file": {"act": "receipt"},
    "propose_collective": {"reason": "monthly"},
    "record_consultation": {"body": CONSULTED},
    "continue_consultation": {"body": {**CONSULTED, "follows": ID}},
    "review_consultation": {"body": {"entry_id": ID, "words": "確認済み"}},
    "record_application": {"body": APPLIED},
    "continue_application": {"body": {**APPLIED, "follows": ID}},
    "delay_application": {"body": {"reason": "assets"}},
    "withdraw_application": {"body": {"on": "2026-12-01"}},
    "record_circumstance": {"body": {"fact": "home", "cells": {"rent": "1"}, "reason": "mistake", "seen": 1}},
    "overview": {"purpose": "casework"},
    "case": {"purpose": "casework"},
    "case_looks": {"purpose": "casework"},
    "circumstances": {"purpose": "casework"},
    "search": {"purpose": "casework", "residents": True},
    "notes": {"purpose": "casework", "newest": 10, "unsigned": True},
    "unsigned_notes": {"purpose": "casework"},
    "record_note": {"body": NOTED},
    "continue_note": {"body": {**NOTED, "follows": ID}},
    "sign_note": {"body": {"entry_id": ID, "remark": "確認済み"}},
    "tasks": {"purpose": "casework"},
    "due_tasks": {"purpose": "casework"},
    "upcoming": {"purpose": "casework"},
    "candidates": {"purpose": "casework"},
    "merge_history": {"purpose": "casework"},
    "waiting_merges": {"purpose": "casework"},
    "propose_merge": {"body": {"stays": "0000000100", "words": "本人の申出"}},
    "propose_undoing": {"body": {"words": "別の人"}},
    "distinguish": {"body": {"other": "0000000100", "words": "別の人"}},
    "record_task": {"body": PROMISED},
    "continue_task": {"body": {**PROMISED, "follows": ID}},
    "end_task": {"body": {"outcome": "done", "ended_on": "2026-12-01"}},
}
"""Arguments of a function that mean something else than in the others."""
TEXTS: Final = {"uuid": ID, "time": "14:30:00", "date": "2026-12-01", "date-time": "2026-12-01T09:00:00+09:00"}


@cache
def document(service: str) -> dict[str, Any]:
    """A service's OpenAPI document."""
    return dict(json.loads((ROOT / "services" / service / "openapi.yaml").read_text(encoding="utf-8")))


@dataclass
class Example:
    """Values that fit a schema: with the required members alone, or with all."""

    components: Mapping[str, Any]
    full: bool

    def of(self, schema: Mapping[str, Any]) -> Any:
        """A value."""
        if "$ref" in schema:
            return self.of(self.components[schema["$ref"].rsplit("/", 1)[-1]])
        if "anyOf" in schema:
            return self.of(self._chosen(schema["anyOf"]))
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [""])[0])
        return getattr(self, f"_{schema['type']}")(schema)

    def _chosen(self, kinds: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        empty = [kind for kind in kinds if kind.get("type") == "null"]
        return empty[0] if empty and not self.full else next(kind for kind in kinds if kind not in empty)

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        named = schema.get("properties", {})
        members = named if self.full else schema.get("required", [])
        more = schema.get("additionalProperties")
        rest = {"2026-12": self.of(more)} if self.full and isinstance(more, Mapping) and more else {}
        return {name: self.of(named[name]) for name in members} | rest

    def _array(self, schema: Mapping[str, Any]) -> list[Any]:
        return [self.of(schema["items"])] if schema.get("items") else []

    def _string(self, schema: Mapping[str, Any]) -> str:
        return str(TEXTS.get(schema.get("format", ""), "2026-12"))

    def _integer(self, schema: Mapping[str, Any]) -> int:
        return 1

    def _boolean(self, schema: Mapping[str, Any]) -> bool:
        return True

    def _null(self, schema: Mapping[str, Any]) -> None:
        return None


@dataclass
class Answering:
    """Stands for a service: knows its document alone, and refuses what is not in it."""

    name: str
    full: bool
    says_nothing: set[str] = field(default_factory=set)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Answer a question."""
        where, operation = self._operation("get", path)
        known = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
        assert set(params or {}) <= set(known), f"{self.name} {where} takes {sorted(known)}"
        assert {name for name, each in known.items() if each.get("required")} <= set(params or {}), where
        return self._answer("GET", where, operation)

    def post(self, path: str, *, json: Any = None, key: str) -> Any:
        """Answer an act."""
        assert UUID(key)
        where, operation = self._operation("post", path)
        content = operation.get("requestBody", {}).get("content", {})
        if content:
            schema = content["application/json"]["schema"]
            body = document(self.name)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
            sent = set(json or {})
            assert set(body.get("required", [])) <= sent <= set(body["properties"]), f"{self.name} {where}: {sent}"
        return self._answer("POST", where, operation)

    def _operation(self, method: str, path: str) -> tuple[str, Mapping[str, Any]]:
        for template, operations in document(self.name)["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), path) and method in operations:
                return template, operations[method]
        raise AssertionError(f"{self.name} knows no {method} {path}")

    def _answer(self, method: str, where: str, operation: Mapping[str, Any]) -> Any:
        (response,) = [each for status, each in operation["responses"].items() if status.startswith("2")]
        schema = response["content"]["application/json"]["schema"]
        if not schema:
            self.says_nothing.add(f"{method} {where}")
            return SAYS_NOTHING[f"{method} {where}"]
        return Example(document(self.name)["components"]["schemas"], self.full).of(schema)


def questions() -> Iterator[tuple[str, Callable[..., Any], tuple[str, ...]]]:
    """Every function by which a page asks a service, and the services that it is asked of."""
    for module, services in ASKED.items():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and name not in {"key_for", *BYTES}:
                yield name, function, OF_ONE.get(name, services)


QUESTIONS: Final = [(name, ask, service) for name, ask, services in questions() for service in services]


def answer(name: str, ask: Callable[..., Any], service: Answering) -> Any:
    """Call a client's function with arguments that suit their names."""
    by_name = ARGUMENTS | SPECIAL.get(name, {})
    _service, *others = inspect.signature(ask).parameters.values()
    values = {each.name: UUID(ID) if each.annotation is UUID else by_name[each.name] for each in others}
    return ask(service, **values)


def views_in(value: Any) -> Iterator[View]:
    """Every view in an answer, however deep."""
    if isinstance(value, View):
        yield value
        for name in type(value).model_fields:
            yield from views_in(getattr(value, name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from views_in(item)


@pytest.mark.parametrize("full", [False, True], ids=["required members", "all members"])
@pytest.mark.parametrize(("name", "ask", "service"), QUESTIONS, ids=[f"{name}-{of}" for name, _, of in QUESTIONS])
def test_an_answer_that_fits_the_document_is_understood(
    name: str, ask: Callable[..., Any], service: str, full: bool
) -> None:
    answer(name, ask, Answering(service, full))


def test_every_member_that_a_page_may_read_is_in_the_answer_of_some_service() -> None:
    read, sent = set[tuple[str, str]](), set[tuple[str, str]]()
    untyped = set[str]()
    for name, ask, service in QUESTIONS:
        answering = Answering(service, full=True)
        for view in views_in(answer(name, ask, answering)):
            if not answering.says_nothing:
                read |= {(type(view).__name__, member) for member in type(view).model_fields}
                sent |= {(type(view).__name__, member) for member in view.model_fields_set}
        untyped |= answering.says_nothing
    assert read - sent == set()
    assert untyped == set(SAYS_NOTHING), "an answer that has members in its document stands in no list of ours"
    assert len({view for view, _ in read}) > 15
