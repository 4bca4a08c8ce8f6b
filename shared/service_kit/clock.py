"""The one source of time: instants are UTC, business dates are those of Asia/Tokyo."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

CLOCKS_APART: Final = timedelta(minutes=5)
"""How far another's clock may be ahead, or this one have gone back: a time that lies further ahead means nothing."""
TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass
class Clock:
    """Tells instants and the business date; ``fixed_today`` sets the business date alone.

    ``skew_file`` holds the seconds by which this clock is wrong, as long as it is there: a fault of practice.
    """

    fixed_today: date | None = None
    fixed_now: datetime | None = None
    skew_file: Path | None = None

    def now(self) -> datetime:
        """The instant, in UTC with its zone."""
        return self.fixed_now or datetime.now(UTC) + self._skew()

    def today(self) -> date:
        """The business date in Asia/Tokyo."""
        return self.fixed_today or self.now().astimezone(TOKYO).date()

    def set(self, *, today: date | None = None, now: datetime | None = None) -> None:
        """Turn the clock by hand; for tests and practice."""
        self.fixed_today, self.fixed_now = today or self.fixed_today, now or self.fixed_now

    def _skew(self) -> timedelta:
        if self.skew_file is None or not self.skew_file.exists():
            return timedelta()
        return timedelta(seconds=float(self.skew_file.read_text() or 0))


def end_of(day: date) -> datetime:
    """The last instant of a day in Tokyo."""
    return datetime.combine(day + timedelta(days=1), time(), TOKYO).astimezone(UTC) - timedelta(microseconds=1)
