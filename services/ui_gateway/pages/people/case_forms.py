"""The forms by which facts of a household are recorded: made of the cells that services read (世帯の状況の記録)."""

from collections.abc import Mapping
from typing import Any, Final

from services.ui_gateway.forms.fields import Choice, Day, Field, Text, Yen, YesNo
from services.ui_gateway.forms.form import Filled, Form
from services.ui_gateway.forms.typed_days import from_json
from services.ui_gateway.pages.people import case_labels as labels
from shared.contracts.ward_files import BY_HAND, WardColumn

FACTS: Final = ("home", "person", "income")
FACTS_OF_CASE: Final = frozenset({"home"})
"""Facts of the household itself; the others are of one of its members."""


def _cell(column: WardColumn) -> Field:
    name, label = f"cell_{column.name}", labels.CELLS[column.name]
    into = f"cells.{column.name}"
    if column.form == "yen":
        return Yen(name, label, into=into)
    if column.form == "flag":
        return YesNo(name, label, into=into)
    if column.form == "date":
        return Day(name, label, required=column.required, into=into)
    if column.form == "choice":
        choices = labels.CELL_CODES.get(column.name) or {code: code for code in column.choices}
        return Choice(name, label, choices=choices, required=column.required, into=into)
    return Text(name, label, longest=column.size or 10, digits=column.form == "area", into=into)


def _form(fact: str) -> Form:
    return Form(
        Day("from", "いつから", help="この日からの事実です。訂正のときは、訂正する記録と同じ日にします"),
        Day("to", "いつまで", help="決まっている場合だけ"),
        *(_cell(column) for column in BY_HAND if column.fact == fact),
        Choice("reason", "根拠・訂正の理由", choices=labels.CIRCUMSTANCE_REASONS, required=True),
    )


FORMS: Final[Mapping[str, Form]] = {fact: _form(fact) for fact in FACTS}
"""The form of each fact."""


def start_of(fact: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values as they hold now."""
    columns = {column.name: column for column in BY_HAND if column.fact == fact}
    return {f"cell_{name}": _shown(columns[name], value) for name, value in data.items() if name in columns}


def body_of(fact: str, filled: Filled, **about: Any) -> dict[str, Any]:
    """What the service is sent: each cell as the text that a ward's file would have."""
    body = filled.body()
    return {**body, "fact": fact, "cells": cells_of(body), **{name: value for name, value in about.items() if value}}


def cells_of(body: dict[str, Any]) -> dict[str, str]:
    """The cells of a form's body as texts."""
    return {name: _text(value) for name, value in body.get("cells", {}).items()}


def _shown(column: WardColumn, value: Any) -> Any:
    return from_json(value) if column.form == "date" else value


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, (bool, int)) else str(value)
