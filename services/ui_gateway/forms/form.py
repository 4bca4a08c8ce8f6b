"""A form, and what somebody filled into it: all faults at once, each at its field, and the body for a service."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from services.ui_gateway.forms.fields import Field
from services.ui_gateway.forms.postal_fields import Towns, place_towns
from services.ui_gateway.forms.typed_texts import tidy
from shared.contracts.between_fields import UNREAD, Rule
from shared.service_kit.problems import Problem

_NEXT_KEY: Final = UUID("2b1f6f0e-3c52-5b0b-9a54-0d6f0c7e8a11")
_INDEX: Final = re.compile(r"\[(\d+)\]")
_NOT_TYPED: Final = re.compile(r"[a-z_]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAYS_NOTHING: Final = frozenset({"", "項目を確認してください"})
"""Details of a service that only say that something is wrong: the field knows better what to do."""
MOMENTS: Final = frozenset({"seen", "follows", "through", "entry_id"})
"""Hidden fields that say what stood there when a form was opened: it is the same form whatever was recorded since."""


class Form:
    """The questions of one act, in the order in which they are asked.

    Args:
        rule: what must hold between its fields; said with the faults of the fields, all at once.

    Raises:
        TypeError: two fields have one name, or one that every form uses for itself.
    """

    def __init__(self, *fields: Field, rule: Rule | None = None) -> None:
        names = [each.name for each in fields]
        if len(set(names)) < len(names) or {"csrf", "key"} & set(names):
            raise TypeError(f"each field has a name of its own, none of them csrf or key: {names}")
        self.fields, self.rule = fields, rule

    def read(self, sent: Mapping[str, str], today: date) -> "Filled":
        """Read what was typed; nothing is raised, faults stand in what is returned."""
        sent = place_towns(self.fields, sent)
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for each in self.fields:
            try:
                values[each.name] = each.read(each.typed_in(sent), today)
            except ValueError as error:
                faults[each.name] = str(error)
        typed = {each.name: each.typed_in(sent) for each in self.fields}
        return Filled(self, typed, values, {**self._between(values, faults, typed), **faults})

    def _between(
        self, values: Mapping[str, Any], faults: Mapping[str, str], typed: Mapping[str, str]
    ) -> dict[str, str]:
        unread = {name: UNREAD for name in faults if typed[name].strip()}
        written = {each.place: {**values, **unread}.get(each.name) for each in self.fields}
        said = ((self.field_at(place), fault) for place, fault in (self.rule(written) if self.rule else ()))
        return {each.name: fault for each, fault in reversed([*said]) if each is not None}

    def field_at(self, place: str) -> Field | None:
        """The field whose value stands there, within it, or around it: the nearest, the first of several."""
        path = _INDEX.sub(r".\1", place).removeprefix("body.")
        tests = (
            lambda own: own == path,
            lambda own: path.startswith(f"{own}."),
            lambda own: bool(path) and own.startswith(f"{path}."),
        )
        return next((each for test in tests for each in self.fields if test(each.place)), None)

    def blank(self, start: Mapping[str, Any]) -> "Filled":
        """The form before anybody typed, with the values it starts with."""
        return Filled(self, {each.name: each.shown(start.get(each.name)) for each in self.fields})

    def recorded(self, start: Mapping[str, Any], today: date) -> "Filled":
        """The form as it would be filled if somebody typed what is recorded."""
        typed = self.blank(start).typed
        return replace(self.read(typed, today), typed=typed, faults={})


@dataclass(frozen=True)
class Filled:
    """A form with what was typed: the values that could be read, and the faults by the names of their fields."""

    form: Form
    typed: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    on_top: tuple[str, ...] = ()
    """What is wrong with no field alone."""
    people: Mapping[str, Any] = field(default_factory=dict)
    """Whom the name in a field for a number may mean, by the field's name."""
    towns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Which towns a postal code may mean, by the field's name."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """What is recorded by now instead of what was typed, in words, by the field's name."""

    def __getitem__(self, name: str) -> Any:
        """The value of a field; None where nothing was typed."""
        return self.values[name]

    def body(self) -> dict[str, Any]:
        """The body for a service; what was left empty is left out."""
        body: dict[str, Any] = {}
        for each in self.form.fields:
            value = self.values.get(each.name)
            content = None if value is None else each.as_json(value)
            if content is not None:
                _put(body, each.place.split("."), content)
        return {name: _lists(part) for name, part in body.items()}

    def said_back(self, each: Field, today: date) -> str:
        """How a field was understood; empty where it has a fault, or that is what was typed."""
        value = None if each.name in self.faults else self.values.get(each.name)
        said = "" if value is None else each.said_back(value, today)
        return "" if said == self.typed[each.name] else said

    def against(self, recorded: "Filled", today: date) -> "Filled":
        """The same with what is recorded by now beside every field that says something else."""
        beside = {
            each.name: recorded.said_back(each, today) or each.in_words(recorded.typed[each.name])
            for each in self.form.fields
            if recorded.typed[each.name] and not self._says_the_same(recorded, each.name)
        }
        return replace(self, beside=beside)

    def _says_the_same(self, other: "Filled", name: str) -> bool:
        value = self.values.get(name)
        is_same = value is not None and value == other.values.get(name)
        return is_same or tidy(self.typed[name]) == tidy(other.typed[name])

    def refused(self, problem: Problem) -> "Filled":
        """The same with what a service says of it: at its field where it names one, else on top."""
        faults, on_top = dict(self.faults), list(self.on_top)
        for place, detail in _faults_of(problem):
            each = self.form.field_at(place)
            if each is None:
                on_top.append(detail or problem.title)
            else:
                faults.setdefault(each.name, each.mend if detail in _SAYS_NOTHING else detail)
        return replace(self, faults=faults, on_top=tuple(dict.fromkeys(on_top)))


class FormFaults(Problem):
    """A form cannot be sent on as it was filled; who asks for JSON is told every fault with its field."""

    def __init__(self, filled: Filled) -> None:
        faults = [{"field": name, "detail": fault} for name, fault in filled.faults.items()]
        first = faults[0] if faults else {"field": "", "detail": "".join(filled.on_top[:1])}
        super().__init__("invalid-input", field=first["field"], detail=first["detail"], extra={"faults": faults})
        self.filled = filled


class AddressAsked(FormFaults):
    """The form comes back with an address in it, or with towns to choose from; nothing of it was sent on."""

    def __init__(self, filled: Filled, towns: Towns) -> None:
        super().__init__(replace(filled, faults=towns.faults))
        self.towns = towns
        self.status = 422 if towns.faults else 200


@dataclass(frozen=True)
class CameBack:
    """A form that is shown again with what was typed: where it was sent, what was sent, and what is said of it.

    ``key`` is that of the next try: the same where no service was asked, so that a double click does one thing; that
    which follows from it where a service refused, so that the mended form is a new act however often it is sent.
    """

    address: str
    sent: Mapping[str, str]
    key: str
    fields: Sequence[Field] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    on_top: tuple[str, ...] = ()
    people: Mapping[str, Any] = field(default_factory=dict)
    towns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    note: str = ""
    """What is said where nothing is wrong."""

    def is_of(self, address: str, hidden: Mapping[str, Any]) -> bool:
        """True where it is the form at this address with these hidden fields, at whatever moment it was opened."""
        own = {name: value for name, value in hidden.items() if name not in MOMENTS}
        return address == self.address and all(self.sent.get(name) == str(value) for name, value in own.items())

    def is_behind(self, hidden: Mapping[str, Any]) -> bool:
        """True where something was recorded since the form was opened."""
        return any(self.sent.get(name) != str(value) for name, value in hidden.items() if name in MOMENTS)

    def summary(self) -> Iterator[tuple[str, str]]:
        """Name and fault of each field that has one, in the order of the form."""
        order = [each.name for each in self.fields]
        yield from sorted(self.faults.items(), key=lambda item: order.index(item[0]) if item[0] in order else 0)

    def typed(self) -> Iterator[tuple[str, str, str]]:
        """Name, label and text of what was typed, for a page that does not show the form any more.

        Where nobody knows its fields any more, all that a person may have typed: neither codes nor ids.
        """
        for each in self.fields:
            if typed := each.typed_in(self.sent):
                yield each.name, each.label, each.in_words(typed)
        if not self.fields:
            typed_texts = ((name, text) for name, text in self.sent.items() if name not in ("csrf", "key"))
            yield from ((name, "入力", text) for name, text in typed_texts if text and not _NOT_TYPED.fullmatch(text))

    def knows(self, form: Form, address: str) -> "CameBack":
        """The same with the fields of a form of the page that was sent to this address, and may hold something else."""
        fits = address == self.address and {each.name for each in form.fields} & self.sent.keys()
        return replace(self, fields=form.fields) if fits and not self.fields else self


def next_key(key: str) -> str:
    """The Idempotency-Key of a form that a service refused under ``key``: always the same, and never that one."""
    return str(uuid5(_NEXT_KEY, key))


def _faults_of(problem: Problem) -> list[tuple[str, str]]:
    """Place and detail of each fault that a problem tells."""
    listed = problem.extra.get("faults")
    faults = [
        (str(fault.get("field", "")), str(fault.get("detail", "")))
        for fault in (listed if isinstance(listed, list) else [])
        if isinstance(fault, dict)
    ]
    if faults:
        return faults
    return [(problem.field or "", problem.detail or problem.title)]


def _put(body: dict[str, Any], parts: list[str], value: Any) -> None:
    *way, last = parts
    for part in way:
        body = body.setdefault(part, {})
    body[last] = value


def _lists(part: Any) -> Any:
    """A mapping by numbers is a list: "names.0.kana" is the kana of the first name."""
    if not isinstance(part, dict):
        return part
    inner = {name: _lists(value) for name, value in part.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
