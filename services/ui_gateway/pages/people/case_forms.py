"""The forms by which facts of a household are recorded: made of the cells that services read (世帯の状況の記録)."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any, Final

from services.ui_gateway.forms.fields import Choice, Day, Field, Text, Yen, YesNo
from services.ui_gateway.forms.form import Filled, Form
from services.ui_gateway.forms.typed_days import from_json
from services.ui_gateway.pages.people import case_labels as labels
from shared.contracts.ward_files import BY_HAND, WardColumn
from shared.money_and_time.eras import format_era_month

FACTS: Final = ("home", "person", "income")
FACTS_OF_CASE: Final = frozenset({"home"})
"""Facts of the household itself; the others are of one of its members."""


SINCE_EVER: Final = "不明"
"""Typed in place of the day from which something holds: the record holds in every month up to its end."""


@dataclass(frozen=True)
class Beginning(Day):
    """The day from which a fact holds; who does not know it says so, and leaves nothing empty by mistake."""

    _: KW_ONLY
    required: bool = True

    @property
    def ask(self) -> str:
        """What to do where nothing was typed."""
        return f"{self.label}を日付で入力してください。分からないときは「{SINCE_EVER}」と入力してください"

    def _value(self, text: str, today: date) -> Any:
        return SINCE_EVER if text in (SINCE_EVER, "不詳") else super()._value(text, today)


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
        Beginning(
            "from",
            "いつから",
            help="この日からの事実です。訂正のときは、訂正する記録と同じ日にします。"
            f"「{SINCE_EVER}」は、訂正と、調査中の世帯の初めての記録だけです",
        ),
        Day("to", "いつまで", help="決まっている場合だけ"),
        *(_cell(column) for column in BY_HAND if column.fact == fact),
        Choice("reason", "根拠・訂正の理由", choices=labels.CIRCUMSTANCE_REASONS, required=True),
    )


FORMS: Final[Mapping[str, Form]] = {fact: _form(fact) for fact in FACTS}
"""The form of each fact."""


def months_of(first: Any, last: Any) -> str:
    """In which months a fact counts, by its first and last day; since ever and without an end where there is none."""
    begins = f"{format_era_month(first)}から" if isinstance(first, date) else "これまでのすべての月"
    return f"{begins}、{format_era_month(last)}まで" if isinstance(last, date) else begins


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
