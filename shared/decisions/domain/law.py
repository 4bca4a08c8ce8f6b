"""The law of a service: what its rules assess of one case becomes a draft or a refusal. It knows no rule itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, Protocol

from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Draft, Line, Refused, covers, named_kinds
from shared.money_and_time.months import Month

Ages = Literal["yearly", "monthly"]
"""A setting of the office: ages change on 1 April, or on the first day of each month."""


class AssessedLine(Protocol):
    """One line of an assessment, in yen of the month."""

    @property
    def kind(self) -> str: ...
    @property
    def member(self) -> str | None: ...
    @property
    def yen(self) -> int: ...
    @property
    def basis(self) -> str: ...
    @property
    def inputs(self) -> Mapping[str, Any]: ...
    @property
    def trust(self) -> str: ...


class Doubt(Protocol):
    """What the deciding person should look at."""

    def to_json(self) -> dict[str, object]: ...


class Assessed(Protocol):
    """What the rules say of one case and month; benefits are yen of the month by kind."""

    @property
    def standards(self) -> str: ...
    @property
    def benefits(self) -> Mapping[str, int]: ...
    @property
    def lines(self) -> Sequence[AssessedLine]: ...
    @property
    def warnings(self) -> Sequence[Doubt]: ...


class Unassessed(Protocol):
    """A case that the rules cannot assess: the problem type, and the field that is wrong, never its value."""

    @property
    def household(self) -> str | None: ...
    @property
    def type(self) -> str: ...
    @property
    def field(self) -> str | None: ...
    @property
    def detail(self) -> str: ...


class Rules(Protocol):
    """The rules of one law. Where they cannot assess a case, the answer in its place is an exception."""

    def reaches(self, month: Month) -> bool: ...
    def with_ages(self, ages: Ages) -> "Rules": ...
    def assess(self, entries: Sequence[Record], month: Month) -> Sequence[Any]: ...
    def refused_within_a_year(self, entries: Sequence[Record], month: Month) -> Sequence[Unassessed]: ...


@dataclass(frozen=True, slots=True)
class Law:
    """The rules that a service asks, and the person numbers of a case that its law takes together (世帯の単位)."""

    rules: Rules
    unit: Callable[[Record], Iterable[str]]

    def with_ages(self, ages: Ages) -> "Law":
        """Return the law in an office of this setting."""
        return replace(self, rules=self.rules.with_ages(ages))

    def reaches(self, month: Month) -> bool:
        """Return whether the rules have their figures for the month."""
        return self.rules.reaches(month)

    def assess(self, records: Sequence[Record], month: Month) -> list[Draft | Refused]:
        """Return a draft or a refusal of each case, in their order; a draft covers the unit of the law.

        Raises:
            LinesDoNotAddUp, ValueError: an assessment contradicts itself.
        """
        answers = zip(self.rules.assess(records, month), records, strict=True)
        return [
            refused_by(answer) if isinstance(answer, Exception) else draft_of(answer, record, month, self.unit(record))
            for answer, record in answers
        ]

    def refuses(self, records: Sequence[Record], month: Month) -> list[Refused]:
        """Return the refusals alone, in the month or within a year from it, as far as the figures reach."""
        return [refused_by(error) for error in self.rules.refused_within_a_year(records, month)]


def draft_of(assessed: Assessed, record: Record, month: Month, persons: Iterable[str]) -> Draft:
    """Return the draft of the case that ``record`` describes, covering ``persons``.

    Raises:
        LinesDoNotAddUp, ValueError: the assessment contradicts itself.
    """
    kinds = named_kinds(assessed.benefits)
    return Draft(
        case_no=record["id"],
        month=month,
        standards=assessed.standards,
        kinds=kinds,
        lines=[_line(line) for line in assessed.lines],
        covers=covers(record, month, persons, kinds),
        warnings=[doubt.to_json() for doubt in assessed.warnings],
    )


def refused_by(error: Any) -> Refused:
    """Return the refusal of a case that is `Unassessed`."""
    return Refused(error.household, error.type, error.field or "", error.detail, error.of_a_figure)


def _line(line: AssessedLine) -> Line:
    inputs = {name: _exact(value) for name, value in line.inputs.items()}
    return Line(line.kind, line.member, line.yen, line.basis, inputs, line.trust)


def _exact(value: Any) -> Any:
    """Decimals are kept as the text of the number, so that every machine hashes the same bytes."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return value
