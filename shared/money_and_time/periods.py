"""A validity period: a first day, and a last day or none."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Period:
    """Whole days, both ends included; `last` None means until further notice. ValueError where last < first."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("the last day lies before the first")

    def holds(self, day: date) -> bool:
        """True where the day lies in the period."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: "Period") -> bool:
        """True where both share a day."""
        return self.common(other) is not None

    def common(self, other: "Period") -> "Period | None":
        """The days that both share, or None."""
        first = max(self.first, other.first)
        ends = [end for end in (self.last, other.last) if end is not None]
        last = min(ends) if ends else None
        return None if last is not None and last < first else Period(first, last)

    @property
    def days(self) -> int:
        """How many days; ValueError for a period without end."""
        if self.last is None:
            raise ValueError("the period has no end")
        return (self.last - self.first).days + 1
