"""Examples of the OpenAPI document: made of each schema, with values by the member's name that the service hands in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Schema = Mapping[str, Any]
_DAY: Final = "2026-12-01"
_FORMATS: Final = {
    "date": _DAY,
    "date-time": f"{_DAY}T00:00:00Z",
    "time": "09:30:00",
    "uuid": "0a5a4f0e-5c1c-5a7e-8f0c-3f7f6b6f2f10",
}
_TEXT: Final = "例"
_SAMPLES: Final = (_DAY, "2026-12", "09:30", "01", "10000001", "0000000100", "03-0000-0000", "monthly", "0" * 64)
"""Texts that are tried where a schema names a pattern."""
OF_THE_KIT: Final[Mapping[str, Any]] = {
    "read_events": {
        "producer": "audit_logging",
        "stream": "looks",
        "epoch": "0f9a2c7e",
        "from": 12,
        "through": 12,
        "head": 12,
        "before": "00" * 32,
        "facts": [],
    },
    "read_positions": {
        "epoch": {"facts": "0f9a2c7e", "looks": "0f9a2c7e"},
        "history": {"facts": "00" * 32, "looks": "00" * 32},
        "facts": 12,
        "looks": 12,
    },
    "read_figures": {"parked": 0},
    "read_parked": {"items": []},
    "release_parked": {"released": 1},
}
"""Answers of the platform's own operations whose schema says nothing."""


@dataclass(frozen=True)
class Examples:
    """What a service says where a schema says nothing.

    Args:
        members: values by the name of a member; one that does not fit its schema is passed over.
        answers: whole answers by operation id.
        bodies: whole bodies by operation id.
    """

    members: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    bodies: Mapping[str, Any] = field(default_factory=dict)


def add_examples(document: dict[str, Any], own: Examples) -> None:
    """Give the body and each good answer of every operation of an OpenAPI document an example."""
    maker = _Maker(document.get("components", {}).get("schemas", {}), own.members)
    answers = {**OF_THE_KIT, **own.answers}
    for operation in (each for path in document["paths"].values() for each in path.values()):
        name = operation["operationId"]
        for content in _contents(operation.get("requestBody", {})):
            made = maker.value(content["schema"], "", is_body=True)
            content["example"] = own.bodies.get(name, made)
        for status, response in operation["responses"].items():
            for content in _contents(response) if status.startswith("2") else ():
                content["example"] = answers[name] if name in answers else maker.value(content["schema"], "")


def _contents(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from part.get("content", {}).values()


@dataclass(frozen=True)
class _Maker:
    schemas: Mapping[str, Schema]
    members: Mapping[str, Any]

    def value(self, schema: Schema, name: str, *, is_body: bool = False, within: tuple[str, ...] = ()) -> Any:
        """A value that a schema allows. Of a body the members that it needs, where it needs any."""
        if "$ref" in schema:
            target = schema["$ref"].rpartition("/")[2]
            if target in within:
                return None
            return self.value(self.schemas[target], name, is_body=is_body, within=(*within, target))
        if "anyOf" in schema:
            choices = [choice for choice in schema["anyOf"] if choice.get("type") != "null"]
            return self.value(choices[0], name, is_body=is_body, within=within)
        if "const" in schema or "enum" in schema:
            return schema.get("const", next(iter(schema.get("enum", ())), None))
        if schema.get("type") == "object":
            return self._object(schema, name, is_body=is_body, within=within)
        if schema.get("type") == "array":
            item = self.value(schema.get("items", {}), name, is_body=is_body, within=within)
            return [] if item is None else [item]
        return self._scalar(schema, name)

    def _object(self, schema: Schema, name: str, *, is_body: bool, within: tuple[str, ...]) -> Any:
        properties = schema.get("properties", {})
        needed = schema.get("required", ()) if is_body else ()
        if properties:
            return {
                each: self.value(part, each, is_body=is_body, within=within)
                for each, part in properties.items()
                if not needed or each in needed
            }
        if isinstance(self.members.get(name), dict):
            return self.members[name]
        further = schema.get("additionalProperties")
        key = self._text(schema.get("propertyNames", {}), "")
        return {key: self.value(further, "", within=within)} if isinstance(further, dict) and further else {}

    def _scalar(self, schema: Schema, name: str) -> Any:
        kind = schema.get("type")
        if kind == "string":
            return self._text(schema, name)
        if kind in ("integer", "number"):
            named = self.members.get(name)
            least = max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
            return named if isinstance(named, int) and named >= least else schema.get("default") or max(least, 1)
        return bool(schema.get("default", False)) if kind == "boolean" else self.members.get(name)

    def _text(self, schema: Schema, name: str) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        named = self.members.get(name)
        tried = [*([named] if isinstance(named, str) else ()), _TEXT]
        if "pattern" in schema:
            tried = [text for text in (*tried, *_SAMPLES, *self._texts()) if _fits(schema, text)]
        return next((text for text in tried if len(text) <= schema.get("maxLength", len(text))), "")

    def _texts(self) -> Iterator[str]:
        yield from (value for value in self.members.values() if isinstance(value, str))


def _fits(schema: Schema, text: str) -> bool:
    return re.search(schema["pattern"], text) is not None
