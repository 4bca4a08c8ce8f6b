"""What an assessment says of one household, and of many."""

from dataclasses import dataclass, field
from typing import NamedTuple

from shared.benefit_rules.households.household import Programme
from shared.money_and_time import Month


class Line(NamedTuple):
    """One line. `yen` adds to the payable amount; `trust` is the weakest of the figures and rules that it rests on."""

    kind: str
    member: str | None
    yen: int
    basis: str
    inputs: dict[str, int | str]
    trust: str

    def to_json(self) -> dict[str, object]:
        """The shape of a line in the output of `assess`."""
        return self._asdict()


class AssessmentWarning(NamedTuple):
    """A doubt that a person should see: its type, the line and member it belongs to, and Japanese words for it."""

    type: str
    kind: str | None
    member: str | None
    detail: str

    def to_json(self) -> dict[str, object]:
        """The shape of a warning in the output of `assess`."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One household in one month, in yen of the month. Σ lines = payable_yen.

    `start_test` is there where the household asked for it: the need of a whole month (`need_yen`), the costs that are
    part of it (`costs_yen`), what counts of the basic deduction (`basic_deduction_yen`), the income after it
    (`income_yen`), and whether need was found (`needed`).
    `charged` is there where costs were given: what of each is borne by the household's own income. `programme` is for
    the words of the texts alone.
    """

    id: str
    month: Month
    standards: str
    lines: tuple[Line, ...]
    livelihood_body_yen: int
    minimum_cost_yen: int
    countable_income_yen: int
    payable_yen: int
    benefits: dict[str, int]
    copayment_yen: int
    warnings: tuple[AssessmentWarning, ...]
    start_test: dict[str, int | bool] | None = field(default=None)
    charged: dict[str, int] | None = field(default=None)
    programme: Programme = "public_assistance"

    def to_json(self) -> dict[str, object]:
        """The shape of one household in the output of `assess`."""
        entry: dict[str, object] = {
            "id": self.id,
            "month": self.month,
            "standards": self.standards,
            "lines": [line.to_json() for line in self.lines],
            "livelihood_body_yen": self.livelihood_body_yen,
            "minimum_cost_yen": self.minimum_cost_yen,
            "countable_income_yen": self.countable_income_yen,
            "payable_yen": self.payable_yen,
            "benefits": self.benefits,
            "copayment_yen": self.copayment_yen,
            "warnings": [warning.to_json() for warning in self.warnings],
        }
        beside = {"start_test": self.start_test, "charged": self.charged}
        return {**entry, **{name: value for name, value in beside.items() if value is not None}}
