"""The difference between two assessments of the same months, line by line: what is owed, or was paid too much."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.benefit_rules.assessing.assessment import Assessment
from shared.money_and_time import Month


@dataclass(frozen=True, slots=True)
class LineDifference:
    """One line of a month before and after; `yen` = after − before."""

    month: Month
    kind: str
    member: str | None
    before_yen: int
    after_yen: int

    @property
    def yen(self) -> int:
        """Above 0: owed in addition; below: too much before."""
        return self.after_yen - self.before_yen


@dataclass(frozen=True, slots=True)
class MonthDifference:
    """One month: its lines that differ. Σ of their yen = `yen` = payable after − payable before."""

    month: Month
    before_yen: int
    after_yen: int
    lines: tuple[LineDifference, ...]

    @property
    def yen(self) -> int:
        """Above 0: owed in addition (追給); below: too much (戻入, 63条, 78条)."""
        return self.after_yen - self.before_yen


def differences(before: Sequence[Assessment], after: Sequence[Assessment]) -> tuple[MonthDifference, ...]:
    """Month by month. ValueError where both do not name the same household and the same months, each once."""
    old, new = _by_month(before), _by_month(after)
    if old.keys() != new.keys() or len({assessment.id for assessment in (*before, *after)}) > 1:
        raise ValueError("both must be of the same household and the same months")
    return tuple(_difference(old[month], new[month]) for month in sorted(old))


def _by_month(assessments: Sequence[Assessment]) -> dict[Month, Assessment]:
    months = {assessment.month: assessment for assessment in assessments}
    if len(months) != len(assessments):
        raise ValueError("a month is named twice")
    return months


def _difference(before: Assessment, after: Assessment) -> MonthDifference:
    old, new = _yen_by_line(before), _yen_by_line(after)
    names = list(dict.fromkeys([*old, *new]))
    lines = (LineDifference(before.month, *name, old.get(name, 0), new.get(name, 0)) for name in names)
    changed = tuple(line for line in lines if line.yen)
    return MonthDifference(before.month, before.payable_yen, after.payable_yen, changed)


def _yen_by_line(assessment: Assessment) -> dict[tuple[str, str | None], int]:
    sums: dict[tuple[str, str | None], int] = {}
    for line in assessment.lines:
        sums[line.kind, line.member] = sums.get((line.kind, line.member), 0) + line.yen
    return sums
