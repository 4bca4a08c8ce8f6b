"""What rules answer for one case, as plain JSON values, turned into a draft or a refusal."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Draft, Line, Refused, covers, named_kinds
from shared.money_and_time.months import Month

Answer = Mapping[str, Any]
"""``id``, ``standards``, ``benefits`` {kind: yen}, ``lines`` [{kind, member, yen, basis, inputs, trust}],
``warnings``; or ``error``."""


def decided_by(answer: Answer, record: Record, month: Month, persons: Iterable[str]) -> Draft | Refused:
    """The draft of the case that ``record`` describes, covering ``persons``; its refusal where the rules gave one.

    Raises:
        LinesDoNotAddUp, ValueError: the answer contradicts itself.
    """
    if "error" in answer:
        return refused_by(answer)
    kinds = named_kinds(answer["benefits"])
    return Draft(
        case_no=record["id"],
        month=month,
        standards=answer["standards"],
        kinds=kinds,
        lines=[_line(line) for line in answer["lines"]],
        covers=covers(record, month, persons, kinds),
        warnings=answer["warnings"],
    )


def refused_by(answer: Answer) -> Refused:
    """The refusal that an answer with ``error`` tells."""
    error = answer["error"]
    return Refused(answer["id"], error["type"], error["field"] or "", error["detail"])


def _line(line: Mapping[str, Any]) -> Line:
    inputs = {name: _exact(value) for name, value in line["inputs"].items()}
    return Line(line["kind"], line["member"], line["yen"], line["basis"], inputs, line["trust"])


def _exact(value: Any) -> Any:
    """Decimals are kept as the text of the number, so that every machine hashes the same bytes."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return value
