"""The cells of one fact as somebody typed them, read like those of a ward's files: all faults at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from shared.contracts.ward_files import BY_HAND
from shared.decisions.imports.ward_csv import parser
from shared.service_kit.problems import Problem

CASE_FACTS: Final = frozenset({"home"})
"""Facts of a case itself; all others are of one of its members."""
FACTS: Final = frozenset(str(column.fact) for column in BY_HAND)
_COLUMNS: Final = {fact: {column.name: column for column in BY_HAND if column.fact == fact} for fact in FACTS}


def read_cells(fact: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the fact's data; an empty cell is left out.

    Raises:
        Problem: invalid-input, with the `faults` of all cells: one that the fact does not have, that cannot be read, or
            that has to be there.
    """
    columns = _COLUMNS[fact]
    faults = [_fault(name, "no such cell") for name in cells if name not in columns]
    data: dict[str, Any] = {}
    for name, column in columns.items():
        text = cells.get(name, "")
        try:
            if text:
                value = parser(column)(text)
                data[name] = value.isoformat() if isinstance(value, date) else value
            elif column.required:
                faults.append(_fault(name, "has to be there"))
        except ValueError as error:
            faults.append(_fault(name, str(error)))
    if faults:
        raise Problem("invalid-input", field=faults[0]["field"], extra={"faults": faults})
    return data


def _fault(name: str, problem: str) -> dict[str, str]:
    return {"field": f"cells.{name}", "problem": problem}
